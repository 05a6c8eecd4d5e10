details-wrong-birthdate = Écrivez-la comme 1990-12-31, comme 1990, ou comme 0000-12-31 sans l’année.
details-wrong-zoneinfo = Écrivez-le comme Europe/Paris.
details-wrong-locale = Écrivez-la comme fr ou fr-CA.
details-wrong-phone = Écrivez-le avec l’indicatif du pays, comme +33 1 70 36 39 50.
