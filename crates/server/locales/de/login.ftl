# Anmelden.
login-heading = Bei { $brand } anmelden
login-app = Danach geht es weiter zu { $app }. Die App sieht Ihr Passwort nicht.
login-connect-heading = Sie haben hier ein Konto
login-connect = Zu Ihrer E-Mail-Adresse bei dem anderen Dienst gibt es hier schon ein Konto. Melden Sie sich wie bisher an; danach können Sie die beiden verbinden.
login-step-up = Bestätigen Sie, dass Sie es sind
login-step-up-why = Was jetzt kommt, ist wichtig. Bitte geben Sie Ihr Passwort noch einmal ein.
login-step-up-app = { $app } bittet Sie, sich noch einmal anzumelden, bevor es weitergeht. Die App sieht Ihr Passwort nicht.
login-confirm = Bestätigen
login-passkey = Mit Passkey anmelden
login-passkey-confirm = Mit Passkey bestätigen
login-or = oder
login-door = Weiter mit { $name }
login-another = Anderes Konto verwenden
login-forgot = Passwort vergessen?
login-new-here = Neu hier? <sign-up>Konto erstellen</sign-up>
login-wrong = E-Mail-Adresse oder Passwort stimmt nicht.
login-passkey-wrong = Mit diesem Passkey konnten Sie nicht angemeldet werden. Vielleicht wurde er entfernt, oder die Seite war zu lange offen: Versuchen Sie es noch einmal.

# Der zweite Schritt.
second-title = Noch ein Schritt
second-lead = Sie sind noch nicht angemeldet. Weisen Sie auf eine zweite Art nach, dass Sie { $email } sind.
second-lead-again = Weisen Sie auch auf eine zweite Art nach, dass Sie { $email } sind.
second-passkey = Passkey verwenden
second-recovery-code = Wiederherstellungscode
second-hint-both = Sechs Ziffern aus Ihrer Authenticator-App oder einer Ihrer Wiederherstellungscodes.
second-hint-code = Sechs Ziffern aus Ihrer Authenticator-App.
second-hint-recovery = Einer der Codes, die Sie sich notiert haben, falls Sie Ihren Passkey nicht zur Hand haben.
second-wrong = Dieser Code stimmt nicht oder wurde schon benutzt. Die Codes einer App wechseln alle 30 Sekunden.
second-again = Nicht Sie? <again>Von vorn beginnen</again>

# Wonach Formulare fragen.
field-email = E-Mail-Adresse
field-password = Passwort
field-new-password = Neues Passwort
field-name = Ihr Name
field-name-hint = Apps, die Sie verbinden, können ihn sehen.
field-password-hint = { $least } bis { $most } Zeichen. Gut sind einige Wörter hintereinander.
continue = Weiter

# Ein neues Konto.
signup-title = Konto erstellen
signup-heading = Ihr Konto bei { $brand } erstellen
signup-button = Konto erstellen
signup-have-one = Schon ein Konto? <sign-in>Anmelden</sign-in>
signup-taken = Zu dieser Adresse gibt es schon ein Konto; melden Sie sich an oder verwenden Sie eine andere.
signup-upstream = Sie melden sich künftig mit { $provider } an. Das sind die Angaben von dort; ändern Sie sie, wenn Sie möchten.
signup-upstream-fixed = Sie melden sich künftig mit { $provider } an. Das sind die Angaben von dort. Ihre Adresse können Sie später auf Ihrer Kontoseite ändern.
signup-upstream-taken = Zu dieser Adresse gibt es schon ein Konto. Melden Sie sich dort an und verbinden Sie es auf Ihrer Kontoseite, oder verwenden Sie eine andere Adresse.
setup-title = Einrichten
setup-heading = { $brand } einrichten
setup-lead = Hier entsteht das Administratorkonto. Der Link, der Sie hierher gebracht hat, gilt einmal.
setup-button = Administratorkonto erstellen
setup-taken = Zu dieser Adresse gibt es schon ein Konto; verwenden Sie eine andere.
join-lead = Geben Sie Ihre Adresse ein. Wir schicken Ihnen einen Link, mit dem Sie das Konto erstellen.
join-sent = Eine E-Mail ist unterwegs an { $email }. Darin steht, wie es weitergeht; der Link gilt einen Tag lang.
join-nothing-comes = Es kommt nichts an? Sehen Sie im Spam-Ordner nach und prüfen Sie, ob die Adresse stimmt.
mail-me-a-link = Link zuschicken
look-into-your-mail = Sehen Sie in Ihr Postfach

# Mit einem Konto anderswo verbinden.
connect-title = Konten verbinden
connect-heading = { $provider } verbinden?
connect-lead = Sie kommen als { $label } von { $provider } und haben hier ein Konto.
connect-account = Ihr Konto hier
connect-means = Sind beide verbunden, kann sich jeder, der sich bei { $provider } mit dem dortigen Konto anmeldet, auch hier anmelden. Auf Ihrer Kontoseite können Sie die Verbindung wieder trennen.
connect-do = Verbinden
connect-leave = Nicht verbinden

# Ein vergessenes Passwort.
forgot-title = Passwort vergessen?
forgot-lead = Geben Sie die Adresse Ihres Kontos ein. Wir schicken Ihnen einen Link, mit dem Sie ein neues Passwort festlegen.
forgot-sent = Wenn es ein Konto mit der Adresse { $email } gibt, ist ein Link für ein neues Passwort dorthin unterwegs. Er gilt eine Stunde lang.
forgot-nothing-comes = Es kommt nichts an? Sehen Sie im Spam-Ordner nach und prüfen Sie, ob Sie sich mit dieser Adresse registriert haben.
forgot-back = Zurück zur Anmeldung
reset-title = Neues Passwort festlegen
reset-lead = Für das Konto { $email }. Alle seine Sitzungen enden.
reset-button = Passwort festlegen
restore-title = Adresse wiederherstellen
restore-lead = Ihr Konto bekommt wieder die Adresse { $email } und das Passwort, das Sie hier eingeben. Alle seine Sitzungen enden, ebenso die Apps und Tokens, die seit der Änderung hinzugekommen sind.
restore-button = Adresse wiederherstellen

# Zurück zu einer App.
form-post-title = Einen Moment
form-post-heading = Einen Moment …
form-post-lead = Sie sind auf dem Weg zurück zur App.

# Sind Sie sicher?
confirm-type = Geben Sie zur Bestätigung { $wanted } ein
app-delete-title = Diese App löschen?
app-delete-access = Für alle, die sie verbunden haben, endet die Verbindung; alle Tokens der App gelten sofort nicht mehr.
app-delete-id = Die Client-ID und die Geheimnisse der App gibt es nie wieder.
app-delete-button = Diese App löschen
app-delete-wrong = Das ist nicht der Name der App.
account-delete-title = Ihr Konto löschen?
account-delete-apps = Ihre Apps, die gelöscht werden, und mit ihnen der Zugang aller, die eine verbunden haben: { $n }.
account-delete-grants = Apps, die für Sie handeln und ihren Zugang sofort verlieren: { $n }.
account-delete-tokens = Persönliche Zugangstokens, die sofort nicht mehr gelten: { $n }.
account-delete-signed-out = Sie werden überall abgemeldet.
account-delete-removed = Ihr Name, Ihre E-Mail-Adresse, Ihr Foto und Ihre Angaben werden entfernt; die Adresse wird für ein anderes Konto frei.
account-delete-log = { $days ->
    [one] Das Sicherheitsprotokoll bewahrt { $days } Tag lang auf, was geschehen ist, unter einer Nummer statt Ihres Namens.
   *[other] Das Sicherheitsprotokoll bewahrt { $days } Tage lang auf, was geschehen ist, unter einer Nummer statt Ihres Namens.
}
account-delete-for-good = Das Konto lässt sich nicht wiederherstellen.
account-delete-button = Mein Konto löschen
account-delete-wrong = Das ist nicht die E-Mail-Adresse des Kontos.
account-delete-only-admin = Außer Ihnen verwaltet niemand diesen Dienst. Zuerst muss jemand anderes diese Rolle bekommen.
account-deleted = Das Konto wurde gelöscht. Seine E-Mail-Adresse ist für ein anderes frei.
tokens-end-title = Alle Ihre Tokens widerrufen?
tokens-end-scripts = Jedes Skript und jedes Programm, das eines davon benutzt, funktioniert sofort nicht mehr.
tokens-end-button = Alle widerrufen

# Was an einer Eingabe nicht stimmt.
app-name-is-the-platforms = Dieser Name sieht aus wie der des Dienstes selbst. „{ $brand }“ darf nur am Ende stehen, nach dem Namen Ihrer App und „für“: „Uhr für { $brand }“.
app-name-is-taken = Dieser Name ähnelt dem einer geprüften App; wählen Sie einen, den niemand mit jenem verwechselt.

# Warum etwas nicht geschehen ist.
failure-body-long = Die Anfrage ist länger als 64 KiB oder ist nicht vollständig angekommen.
failure-upload-broken = Das Formular ist nicht vollständig angekommen, oder seine Datei ist größer als 1 MB.
failure-upload-kind = Das Formular muss als multipart/form-data gesendet werden.
failure-field-twice = Das Formular hat ein Feld doppelt oder eines, das kein Text ist.
failure-decision = Das Formular sagt nicht, wofür Sie sich entschieden haben. Gehen Sie zurück und wählen Sie noch einmal.
failure-host = Dieser Server antwortet unter einem anderen Namen; verwenden Sie seine öffentliche Adresse.
failure-cookie-twice = Der Browser hat dasselbe Cookie zweimal gesendet; löschen Sie die Cookies dieser Website und versuchen Sie es noch einmal.
failure-elsewhere = Der Dienst, mit dem Sie sich anmelden möchten, antwortet nicht. Versuchen Sie es gleich noch einmal oder melden Sie sich auf andere Art an.
failure-lost = Diese Antwort gehört zu keiner Anmeldung, die in diesem Browser läuft, oder sie kam zweimal oder zu spät. Beginnen Sie noch einmal auf der Anmeldeseite.
failure-not-signed-in-there = Sie wurden dort nicht angemeldet, deshalb sind Sie es hier auch nicht.
failure-not-proved-anew = Sie sollten noch einmal nachweisen, wer Sie sind, und der andere Dienst bestätigt das nicht. Melden Sie sich auf andere Art an.
failure-answer-elsewhere = Die Antwort des anderen Dienstes ist nicht gültig, deshalb wurde niemand angemeldet. Bitte versuchen Sie es noch einmal; wenn es dabei bleibt, sagen Sie es dem Betreiber.
failure-answer-platform = Die Antwort der Plattform ist nicht gültig, deshalb wurde niemand angemeldet. Bitte versuchen Sie es noch einmal; wenn es dabei bleibt, sagen Sie es dem Betreiber.
failure-connected-elsewhere = Das Konto bei dem anderen Dienst ist hier mit einem anderen Konto verbunden. Melden Sie sich mit jenem Konto an, oder trennen Sie dort zuerst die Verbindung.
failure-account-disabled = Ihr Konto hier lässt sich zurzeit nicht benutzen. Wenden Sie sich an den Betreiber dieses Dienstes.
failure-no-account-here = Sie haben hier kein Konto, und neue legt der Betreiber dieses Dienstes an.
failure-namesake = Zu Ihrer E-Mail-Adresse gibt es hier ein Konto, das nicht mit der Plattform verbunden ist. Wenden Sie sich an den Betreiber dieses Dienstes.
failure-no-address = Die Plattform nennt für Sie keine E-Mail-Adresse, die sich hier verwenden lässt.
failure-no-mail = Dieser Dienst verschickt keine E-Mails, deshalb geht das hier nicht. Bitten Sie den Betreiber um Hilfe.
failure-crowded = Zurzeit kann keine E-Mail verschickt werden. Bitte versuchen Sie es in einer Stunde noch einmal.
failure-invitation = Dieser Link ist zu alt oder nicht vollständig. Fordern Sie bei der Registrierung einen neuen an.
signup-link-used = Dieser Link wurde schon benutzt: Zu seiner Adresse gibt es ein Konto. Melden Sie sich damit an.
failure-address-has-account = Zu dieser Adresse gibt es inzwischen ein Konto, oder sie gehörte vor Kurzem zu einem. Melden Sie sich damit an oder verwenden Sie eine andere Adresse.
failure-sign-up-closed = Neue Konten legt der Betreiber dieses Dienstes an.
failure-sign-up-platform = Konten kommen hier von der Plattform: Melden Sie sich an, und Sie haben eines.
failure-platform-stays = Die Plattform meldet Sie hier an, deshalb bleibt diese Verbindung.
failure-set-up-link = Dieser Einrichtungslink wurde benutzt oder ist abgelaufen, oder es gibt inzwischen ein Administratorkonto. Wenn nicht, starten Sie den Server neu, um einen neuen Link zu bekommen, oder legen Sie das Konto an mit: grantor user add --admin
failure-link-spent = Dieser Link wurde schon benutzt, ist zu alt, oder Ihr Konto hat sich geändert, seit er verschickt wurde. Wenn Sie ihn noch brauchen, fordern Sie einen neuen an.
failure-no-passkeys = Unter dieser Adresse gibt es keine Passkeys.
failure-address-elsewhere = Ihre Adresse ist die, die Sie bei dem Dienst haben, über den Sie sich anmelden. Ändern Sie sie dort.
failure-address-taken = Diese Adresse gehört inzwischen zu einem anderen Konto, oder sie gehörte vor Kurzem zu einem. Nichts wurde geändert.
failure-anothers-link = Dieser Link ist für ein anderes Konto als das, mit dem Sie angemeldet sind. Melden Sie sich ab und öffnen Sie ihn noch einmal.
failure-last-factor = Das ist die letzte Möglichkeit nachzuweisen, dass Sie es sind, und dieser Dienst verlangt eine neben dem Passwort. Richten Sie zuerst eine andere ein.
failure-not-offered = Das bietet dieser Dienst nicht an.
failure-passkey-name = Ein Name hat 1 bis 60 Zeichen und steht in einer Zeile.
failure-recovery-alone = Wiederherstellungscodes ersetzen einen zweiten Faktor; richten Sie zuerst einen ein.
failure-apps-full = Sie haben so viele Apps, wie ein Konto haben darf; löschen Sie eine, die Sie nicht mehr brauchen.
failure-no-secret = Eine Single-Page-App hat kein Geheimnis.
failure-overlap = Wählen Sie, wie lange das ältere Geheimnis weiter gilt.
failure-sign-up-first = Mit diesem Konto ist hier noch niemand verbunden. Melden Sie sich mit Ihrer E-Mail-Adresse an oder legen Sie damit zuerst ein Konto an; danach verbinden Sie die beiden auf Ihrer Kontoseite.
