details-wrong-birthdate = Schreiben Sie es wie 1990-12-31, wie 1990 oder ohne das Jahr wie 0000-12-31.
details-wrong-zoneinfo = Schreiben Sie sie wie Europe/Berlin.
details-wrong-locale = Schreiben Sie sie wie de oder fr-CA.
details-wrong-phone = Schreiben Sie sie mit der Ländervorwahl, wie +49 30 901820.
