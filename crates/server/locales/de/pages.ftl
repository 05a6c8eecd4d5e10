# Die Startseite.
home-title = Apps und Ihr Konto
home-overview = Übersicht
home-authorizations = Was Sie verbunden haben: was jede App darf, wann sie zuletzt zugegriffen hat und wie Sie ihren Zugang beenden.
home-tokens = Persönliche Zugangstokens für Ihre eigenen Skripte und die Kommandozeile.
home-apps = Was Sie für andere bauen: Client-IDs, Geheimnisse, Weiterleitungsadressen und abgelehnte Anfragen.
home-account = Ihr Name, Ihr Passwort und wo Sie angemeldet sind.
home-count-apps = { $n ->
    [0] Keine Apps
    [one] { $n } App
   *[other] { $n } Apps
}
home-count-tokens = { $n ->
    [0] Keine Tokens
    [one] { $n } Token
   *[other] { $n } Tokens
}
home-count-sessions = { $n ->
    [0] Keine Sitzungen
    [one] { $n } Sitzung
   *[other] { $n } Sitzungen
}
home-heading = Ihr Konto und die Apps, die dafür handeln
home-lead = Verbinden Sie eine App mit { $brand }, ohne ihr Ihr Passwort zu geben. Sehen Sie, was jede darf. Beenden Sie den Zugang, wann Sie wollen.
home-sign-up = Konto erstellen
home-step-connect = <b>Verbinden.</b> Eine App schickt Sie hierher. Sie sehen, wer fragt und wonach.
home-step-decide = <b>Entscheiden.</b> Erlauben oder ablehnen. Die App sieht Ihr Passwort nie.
home-step-end = <b>Beenden.</b> Ein Klick, und kein Token der App gilt mehr.
home-build = Sie bauen eine App?
home-build-how = Registrieren Sie sie, schicken Sie Ihre Benutzer zur Autorisierungsadresse, tauschen Sie den Code gegen ein Token ein, und rufen Sie die API auf. Es ist OAuth 2.0: Jede Bibliothek kann das. Für ein eigenes Skript genügt ein persönliches Zugangstoken.
home-build-docs = Zur API-Referenz

# Verbundene Apps.
authorizations-title = Verbundene Apps
authorizations-lead = Diese Apps handeln für Sie. Beenden Sie den Zugang einer App, und alle ihre Tokens gelten sofort nicht mehr.
authorizations-none = Keine App handelt für Sie
authorizations-none-why = Wenn Sie eine über ihren Knopf „Mit { $brand } verbinden“ verbinden, erscheint sie hier: was sie darf und wann sie zuletzt zugegriffen hat.
authorizations-used = Verbunden am { $since } · zuletzt benutzt: { $used }
authorizations-unused = Verbunden am { $since } · noch nicht benutzt
authorizations-suspended = Diese App ist gesperrt: Sie kann nichts für Sie tun, solange das gilt. Sie können ihren Zugang jetzt endgültig beenden.
authorizations-edited = Name, Symbol oder Adresse wurden geändert ({ $when }); die App wird Sie erneut fragen.
authorizations-opens-at = Öffnet sich auf { $host }.
authorizations-implicit = Bekommt ihre Tokens über die Adresszeile des Browsers, auf alte und weniger vertrauliche Weise.
authorizations-open = Öffnen<unseen> { $app }</unseen>
authorizations-end = Zugang beenden<unseen> von { $app }</unseen>
authorizations-ended = Der Zugang der App ist beendet. Ihre Tokens gelten nicht mehr.

# Zustimmung.
consent-title-login = Bei { $app } anmelden?
consent-title-connect = { $app } verbinden?
consent-login = Mit { $brand } bei { $app } anmelden?
consent-more = { $app } mehr erlauben?
consent-connect = { $app } mit Ihrem Konto bei { $brand } verbinden?
consent-since = Verbunden seit { $since }. Diesmal verlangt die App mehr, als Sie erlaubt haben.
consent-not-you = Nicht Sie?
consent-learns = { $app } erfährt, wer Sie sind
consent-nothing-else = Sonst nichts: Was Sie bei { $brand } haben, kann die App weder sehen noch ändern.
consent-may = { $app } darf dann
consent-receives = Die App erhält
consent-knows = Die App erfährt, wer Sie sind, durch
consent-goes-to = Weiter geht es zu
consent-to-program = dem Programm auf diesem Gerät, das Links mit { $scheme } öffnet
consent-to-loopback = einem Programm auf diesem Gerät ({ $host })
consent-then = Danach
consent-shown = sehen Sie einen Code, den Sie selbst in { $app } eingeben
consent-policies = Von der App selbst und nicht von { $brand }, in einem neuen Tab: { $links }.
consent-sent-here = <b>Hat jemand Sie hierher geschickt?</b> Dann lehnen Sie ab. Wer den Code von Ihnen bekommt, hat Zugang zu Ihrem Konto, und niemand von { $brand } wird Sie je danach fragen.
consent-unchecked-connect = { $brand } hat nicht geprüft, wer hinter dieser App steht. Erlauben Sie es nur, wenn Sie das selbst begonnen haben und { $owner } vertrauen.
consent-unchecked-login = { $brand } hat nicht geprüft, wer hinter dieser App steht. Melden Sie sich nur an, wenn Sie das selbst begonnen haben und { $owner } vertrauen.
consent-registered-connect = { $brand } hat nicht geprüft, wer hinter dieser App steht: Die App hat sich selbst registriert, unter einem Namen ihrer Wahl. Erlauben Sie es nur, wenn Sie das selbst begonnen haben und wissen, wohin es weitergeht.
consent-registered-login = { $brand } hat nicht geprüft, wer hinter dieser App steht: Die App hat sich selbst registriert, unter einem Namen ihrer Wahl. Melden Sie sich nur an, wenn Sie das selbst begonnen haben und wissen, wohin es weitergeht.
consent-deny = Ablehnen
consent-allow = Erlauben
consent-cancel = Abbrechen
consent-sign-in = Anmelden
consent-end-any-day = Sie können das jederzeit unter <authorizations>Verbundene Apps</authorizations> beenden.

# Was eine App erfährt.
learns-id = Ihre Konto-ID
learns-pairwise = Ihre ID bei dieser App, die andere Apps nicht vergleichen können
learns-name = Ihren Namen
learns-given_name = Ihren Vornamen
learns-middle_name = Ihren zweiten Vornamen
learns-family_name = Ihren Nachnamen
learns-nickname = Ihren Spitznamen
learns-preferred_username = Ihren Benutzernamen
learns-email = Ihre E-Mail-Adresse
learns-email_verified = ob Ihre E-Mail-Adresse geprüft ist
learns-phone_number = Ihre Telefonnummer
learns-phone_number_verified = ob Ihre Telefonnummer geprüft ist
learns-address = Ihre Postanschrift
learns-birthdate = Ihren Geburtstag
learns-gender = Ihr Geschlecht
learns-profile = Ihre Seite über sich
learns-website = Ihre Website
learns-locale = Ihre Sprache
learns-zoneinfo = Ihre Zeitzone
learns-updated_at = wann Sie Ihr Profil zuletzt geändert haben
learns-picture = Ihr Foto
learns-whole-profile = Ihr Profil mit Foto

authorize-dead-end = Die App, die Sie hierher geschickt hat, kann so nicht verbunden werden. Gehen Sie zu ihr zurück und geben Sie ihren Entwicklern diesen Text:

# Ein Code zum Abschreiben.
oob-title = Ihr Code
oob-copy = Kopieren Sie diesen Code in { $app }
oob-once = { $minutes ->
    [one] Er gilt einmal, innerhalb von { $minutes } Minute.
   *[other] Er gilt einmal, innerhalb von { $minutes } Minuten.
}
oob-the-code = den Code
oob-no-one-may-ask = <b>Niemand darf Sie nach diesem Code fragen.</b> Geben Sie ihn nur in das Programm ein, das Sie selbst gestartet haben. Wer ihn hat, hat Zugang zu Ihrem Konto.
oob-denied = Nicht verbunden
oob-denied-why = Sie haben { $app } den Zugang zu Ihrem Konto verweigert. Nichts wurde weitergegeben. Sie können diese Seite schließen.
oob-failed = Verbindung nicht möglich
oob-failed-why = { $app } hat auf eine Weise gefragt, die nicht funktioniert, und hat keine Adresse, an der wir das melden könnten. Den Entwickler der App wird es interessieren:
oob-error = Fehler
oob-cause = Ursache
oob-changed-your-mind = Anders überlegt? Beenden Sie es unter <authorizations>Verbundene Apps</authorizations>.

# Abmelden.
logout-title = Abmelden
logout-wrong = Diese Abmeldeanfrage ist fehlerhaft
logout-nothing-done = Nichts ist geschehen. Die App, die Sie hierher geschickt hat, muss das korrigieren.
logout-nothing-done-yet = Nichts ist geschehen. Die App, die Sie hierher geschickt hat, muss das korrigieren; Sie können sich selbst abmelden.
logout-heading = Von { $brand } abmelden?
logout-asked = { $app } bittet Sie darum.
logout-told = Bei diesen Apps sind Sie über diesen Browser angemeldet. Die Apps erfahren davon, und die meisten melden Sie ebenfalls ab:
logout-untold = Bei diesen Apps sind Sie über diesen Browser angemeldet, doch sie erfahren nichts davon; melden Sie sich dort selbst ab:
logout-connected = Apps, die Sie verbunden haben, behalten ihren Zugang; Sie können ihn unter <authorizations>Verbundene Apps</authorizations> beenden.
signed-out-title = Abgemeldet
signed-out-heading = Sie sind abgemeldet
signed-out-lead = Von { $brand } in diesem Browser. Apps, die Sie verbunden haben, bleiben verbunden, bis Sie die Verbindung beenden.
signed-out-told = Diese Apps erfahren davon, und die meisten melden Sie ebenfalls ab:
signed-out-untold = Diese Apps erfahren nichts davon; dort sind Sie vielleicht noch angemeldet:
signed-out-onward = Weiter zu { $app }
signed-out-again = Erneut anmelden
signed-out-frame = Teilt einer App mit, dass Sie sich abgemeldet haben

# Anmelden.
login-policies = Von { $app } selbst: { $links }, in einem neuen Tab
