details-wrong-birthdate = Escríbela como 1990-12-31, como 1990 o, sin el año, como 0000-12-31.
details-wrong-zoneinfo = Escríbela como Europe/Madrid.
details-wrong-locale = Escríbelo como es o fr-CA.
details-wrong-phone = Escríbelo con el prefijo del país, como +34 91 123 45 67.
