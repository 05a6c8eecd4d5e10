details-wrong-birthdate = اكتبه مثل 1990-12-31 أو مثل 1990، أو مثل 0000-12-31 دون السنة.
details-wrong-zoneinfo = اكتبها مثل Asia/Riyadh.
details-wrong-locale = اكتبها مثل ar أو fr-CA.
details-wrong-phone = اكتبه مع رمز البلد، مثل ‎+966 11 123 4567.
