# Wege zur Anmeldung.
factors-title = Wege zur Anmeldung
factors-lead = Mit einem zweiten Weg öffnet ein gestohlenes Passwort nichts.
factors-lead-required = Dieser Dienst verlangt mehr als ein Passwort: Einer dieser Wege muss bleiben.
factors-passkeys = Passkeys
factors-add-passkey = Passkey hinzufügen…
factors-no-passkeys = Noch keine. Ein Passkey meldet Sie mit Fingerabdruck, Gesicht oder dem Code Ihres Geräts an, statt mit einem Passwort.
factors-syncs = Auf allen Ihren Geräten
factors-passkey-used = Erstellt am { $created } · benutzt { $used }
factors-passkey-unused = Erstellt am { $created } · noch nie benutzt
factors-rename = Umbenennen<unseen>: { $name }</unseen>
factors-new-name = Neuer Name
factors-save-name = Namen speichern
factors-remove = Entfernen<unseen>: { $name }</unseen>
factors-app = Authenticator-App
factors-set-up-app = App einrichten…
factors-app-used = Eingerichtet am { $created } · benutzt { $used }
factors-app-unused = Eingerichtet am { $created } · seitdem nicht benutzt
factors-remove-app = App entfernen
factors-no-app = Noch keine. Die App zeigt sechsstellige Codes, nach denen die Anmeldung nach Ihrem Passwort fragt.
factors-recovery = Wiederherstellungscodes
factors-recovery-left = { $n ->
    [0] Sie haben keine. Erstellen Sie welche, für den Tag, an dem die anderen Wege verloren sind.
    [one] Ein Code ist übrig. Erstellen Sie bald neue.
   *[other] { $n } Codes sind übrig. Jeder gilt einmal, nach Ihrem Passwort.
}
factors-make-codes = Wiederherstellungscodes erstellen
factors-make-new-codes = Neue Codes erstellen
factors-password-is = Ihr Passwort ändern Sie auf der Seite <account>Ihres Kontos</account>.
factors-back = Zurück zu <account>Ihrem Konto</account>.
factors-done-code = Ihre Authenticator-App ist eingerichtet. Von jetzt an fragt die Anmeldung nach ihrem Code.
factors-done-no-code = Die Authenticator-App wurde entfernt.
factors-done-passkey = Ihr Passkey wurde hinzugefügt. Sie können sich von jetzt an damit anmelden.
factors-done-no-passkey = Der Passkey wurde entfernt. Löschen Sie ihn auch auf Ihrem Gerät.
factors-done-renamed = Der Passkey hat seinen neuen Namen.

# Eine Authenticator-App.
factor-code-heading = Authenticator-App einrichten
factor-code-lead = Sie zeigt alle 30 Sekunden einen neuen Code, nach dem die Anmeldung nach Ihrem Passwort fragen wird.
factor-code-use = Diese App verwenden
factor-code-late = Das hat zu lange gedauert. Hier ist ein neues Geheimnis: Bitte scannen Sie noch einmal.
factor-code-wrong = Das ist nicht der Code dieses Augenblicks. Geht die Uhr Ihres Geräts richtig?

# Ein Passkey.
factor-passkey-title = Neuer Passkey
factor-passkey-add = Passkey hinzufügen
factor-passkey-lead = Sie melden sich mit Ihrem Fingerabdruck, Ihrem Gesicht oder dem Code Ihres Geräts an und müssen sich nichts merken. Ein Passkey gilt nur auf dieser Website, deshalb kann ihn niemand Ihnen ablisten.
factor-passkey-name = Wie nennen Sie ihn?
factor-passkey-name-hint = Das Gerät oder der Passwortmanager, der ihn aufbewahrt.
factor-passkey-back = Zurück
factor-passkey-not-made = Dieser Passkey wurde nicht hinzugefügt. Vielleicht war die Seite zu lange offen, oder dieses Gerät hat schon einen für Sie: Versuchen Sie es noch einmal.

# Wiederherstellungscodes.
recovery-codes-heading = Schreiben Sie diese Codes auf
recovery-codes-lead = Jeder davon meldet Sie einmal an, zusammen mit Ihrem Passwort, an dem Tag, an dem Ihr anderer Weg verloren ist. Sie werden nur dieses eine Mal angezeigt.
recovery-codes-label = Ihre Wiederherstellungscodes
recovery-codes-keep = Bewahren Sie sie auf Papier oder in einem Passwortmanager auf, nicht auf dem Gerät, mit dem Sie sich anmelden. Ältere Codes gelten nicht mehr.
recovery-codes-onward = Ich habe sie

# Ein zweiter Weg bei der Anmeldung.
set-up-factor-title = Einen zweiten Weg zur Anmeldung einrichten
set-up-factor-lead = Ein Passwort allein genügt bei { $brand } nicht. Es dauert eine Minute, einmalig, für { $email }.
set-up-factor-make = Passkey erstellen
set-up-factor-passkey = Mit einem Passkey melden Sie sich mit Ihrem Fingerabdruck, Ihrem Gesicht oder dem Code Ihres Geräts an.
set-up-factor-impossible = Dieser Dienst verlangt einen Passkey, und Browser erstellen an dieser Adresse keinen. Bitte sagen Sie es dem Betreiber.
set-up-factor-app = Oder verwenden Sie eine Authenticator-App
set-up-factor-not-you = Nicht Sie? <again>Von vorn beginnen</again>
