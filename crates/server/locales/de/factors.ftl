# Anmeldemethoden.
factors-title = Anmeldemethoden
factors-lead = Mit einer zweiten Anmeldemethode reicht ein gestohlenes Passwort nicht mehr aus.
factors-lead-required = Dieser Dienst verlangt mehr als ein Passwort: Eine dieser Methoden muss bleiben.
factors-passkeys = Passkeys
factors-add-passkey = Passkey hinzufügen …
factors-no-passkeys = Noch keine. Mit einem Passkey melden Sie sich per Fingerabdruck, Gesicht oder Gerätecode an statt mit einem Passwort.
factors-syncs = Auf allen Ihren Geräten
factors-passkey-used = Erstellt am { $created } · zuletzt benutzt: { $used }
factors-passkey-unused = Erstellt am { $created } · noch nie benutzt
factors-rename = Umbenennen<unseen>: { $name }</unseen>
factors-new-name = Neuer Name
factors-save-name = Namen speichern
factors-remove = Entfernen<unseen>: { $name }</unseen>
factors-app = Authenticator-App
factors-set-up-app = App einrichten …
factors-app-used = Eingerichtet am { $created } · zuletzt benutzt: { $used }
factors-app-unused = Eingerichtet am { $created } · seitdem nicht benutzt
factors-remove-app = App entfernen
factors-no-app = Noch keine. Die App zeigt sechsstellige Codes, die Sie bei der Anmeldung nach dem Passwort eingeben.
factors-recovery = Wiederherstellungscodes
factors-recovery-left = { $n ->
    [0] Sie haben keine. Erstellen Sie welche für den Fall, dass Sie die anderen Methoden verlieren.
    [one] Ein Code ist übrig. Erstellen Sie bald neue.
   *[other] { $n } Codes sind übrig. Jeder gilt einmal, nach Ihrem Passwort.
}
factors-make-codes = Wiederherstellungscodes erstellen
factors-make-new-codes = Neue Codes erstellen
factors-password-is = Ihr Passwort ändern Sie auf der Seite <account>Ihres Kontos</account>.
factors-back = Zurück zu <account>Ihrem Konto</account>.
factors-done-code = Ihre Authenticator-App ist eingerichtet. Von jetzt an wird bei der Anmeldung nach ihrem Code gefragt.
factors-done-no-code = Die Authenticator-App wurde entfernt.
factors-done-passkey = Ihr Passkey wurde hinzugefügt. Sie können sich von jetzt an damit anmelden.
factors-done-no-passkey = Der Passkey wurde entfernt. Löschen Sie ihn auch auf Ihrem Gerät.
factors-done-renamed = Der Passkey hat seinen neuen Namen.

# Eine Authenticator-App.
factor-code-heading = Authenticator-App einrichten
factor-code-lead = Die App zeigt alle 30 Sekunden einen neuen Code, den Sie bei der Anmeldung nach dem Passwort eingeben.
factor-code-use = Diese App verwenden
factor-code-late = Das hat zu lange gedauert. Hier ist ein neuer Schlüssel: Bitte scannen Sie noch einmal.
factor-code-wrong = Dieser Code gilt gerade nicht. Geht die Uhr Ihres Geräts richtig?

# Ein Passkey.
factor-passkey-title = Neuer Passkey
factor-passkey-add = Passkey hinzufügen
factor-passkey-lead = Sie melden sich mit Ihrem Fingerabdruck, Ihrem Gesicht oder dem Code Ihres Geräts an und müssen sich nichts merken. Ein Passkey funktioniert nur auf dieser Website, deshalb kann ihn Ihnen niemand entlocken.
factor-passkey-name = Wie soll er heißen?
factor-passkey-name-hint = Zum Beispiel wie das Gerät oder der Passwortmanager, der ihn aufbewahrt.
factor-passkey-back = Zurück
factor-passkey-not-made = Dieser Passkey wurde nicht hinzugefügt. Vielleicht war die Seite zu lange offen, oder dieses Gerät hat schon einen für Sie: Versuchen Sie es noch einmal.

# Wiederherstellungscodes.
recovery-codes-heading = Notieren Sie diese Codes
recovery-codes-lead = Mit jedem davon können Sie sich einmal anmelden, zusammen mit Ihrem Passwort, falls Sie Ihre andere Methode verlieren. Sie werden nur dieses eine Mal angezeigt.
recovery-codes-label = Ihre Wiederherstellungscodes
recovery-codes-keep = Bewahren Sie sie auf Papier oder in einem Passwortmanager auf, nicht auf dem Gerät, an dem Sie sich anmelden.
recovery-codes-old = Ältere Codes gelten nicht mehr.
recovery-codes-onward = Ich habe sie notiert

# Eine zweite Methode bei der Anmeldung.
set-up-factor-title = Zweite Anmeldemethode einrichten
set-up-factor-lead = Ein Passwort allein genügt bei { $brand } nicht. Das Einrichten dauert eine Minute und ist nur einmal nötig, für { $email }.
set-up-factor-make = Passkey erstellen
set-up-factor-passkey = Mit einem Passkey melden Sie sich mit Ihrem Fingerabdruck, Ihrem Gesicht oder dem Code Ihres Geräts an.
set-up-factor-impossible = Dieser Dienst verlangt einen Passkey, und Browser erstellen an dieser Adresse keinen. Bitte sagen Sie es dem Betreiber.
set-up-factor-app = Oder verwenden Sie eine Authenticator-App
set-up-factor-not-you = Nicht Sie? <again>Von vorn beginnen</again>
