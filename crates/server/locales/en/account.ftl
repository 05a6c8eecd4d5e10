details-wrong-birthdate = Write it as 1990-12-31, as 1990, or as 0000-12-31 without the year.
details-wrong-zoneinfo = Write it as Europe/Paris.
details-wrong-locale = Write it as en or fr-CA.
details-wrong-phone = Write it with the country, as +1 425 555 1212.
