# Was alle Seiten gemeinsam haben.

skip-to-content = Zum Inhalt springen
menu-label = Hauptmenü
menu-authorizations = Verbundene Apps
menu-tokens = Tokens
menu-apps = Entwicklung
menu-account = Konto
menu-admin = Verwaltung
menu-sign-in = Anmelden
menu-sign-out = Abmelden
foot-docs = API-Referenz
your-account = Ihr Konto:
cancel = Abbrechen
to-start-page = Zur Startseite

time-date = { $day }. { $month } { $year }
time-exact = { $day }. { $month } { $year }, { $clock } UTC
month-1 = Jan.
month-2 = Feb.
month-3 = März
month-4 = Apr.
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = Aug.
month-9 = Sept.
month-10 = Okt.
month-11 = Nov.
month-12 = Dez.
time-soon = gleich
time-now = gerade eben
time-in-minutes = { $n ->
    [one] in { $n } Minute
   *[other] in { $n } Minuten
}
time-in-hours = { $n ->
    [one] in { $n } Stunde
   *[other] in { $n } Stunden
}
time-in-days = { $n ->
    [one] in { $n } Tag
   *[other] in { $n } Tagen
}
time-minutes-ago = { $n ->
    [one] vor { $n } Minute
   *[other] vor { $n } Minuten
}
time-hours-ago = { $n ->
    [one] vor { $n } Stunde
   *[other] vor { $n } Stunden
}
time-days-ago = { $n ->
    [one] vor { $n } Tag
   *[other] vor { $n } Tagen
}

device-both = { $browser } auf { $system }
device-system = Ein Browser auf { $system }
device-unknown = Ein unbekanntes Gerät

list-two = { $first } und { $last }
list-more = { $first }, { $rest }

app-by = von { $owner }
app-registered-itself = hat sich am { $date } selbst registriert
tag-verified = Geprüft
tag-unverified = Nicht geprüft
tag-suspended = Gesperrt
policy-and-terms = <policy>Datenschutzerklärung</policy> ({ $policy-host }) und <terms>Nutzungsbedingungen</terms> ({ $terms-host })
policy-only = <policy>Datenschutzerklärung</policy> ({ $policy-host })
terms-only = <terms>Nutzungsbedingungen</terms> ({ $terms-host })

error-not-found = Diese Seite gibt es hier nicht
error-forbidden = Das ist nicht möglich
error-too-many = Zu viele Versuche
error-unavailable = Im Augenblick nicht
error-server = Etwas ist schiefgegangen
error-request = Diese Anfrage lässt sich nicht beantworten
error-number = Wenn Sie um Hilfe bitten, nennen Sie diese Nummer: { $id }
failure-throttled = Zu viele Versuche; bitte warten Sie einen Moment und versuchen Sie es dann noch einmal.
failure-storage = Der Dienst kann seine Daten gerade nicht lesen oder schreiben; bitte versuchen Sie es gleich noch einmal.
failure-busy = Der Dienst ist ausgelastet; bitte versuchen Sie es gleich noch einmal.
failure-defect = Bei uns ist etwas schiefgegangen; es wurde aufgezeichnet.
failure-not-found = Hier ist nichts, oder es gehört Ihnen nicht.
failure-method = Diese Adresse ist für eine andere Art von Anfrage.
failure-changed = Jemand anderes hat das inzwischen geändert, deshalb wurde nichts gespeichert. Laden Sie es neu und wiederholen Sie Ihre Änderung.
failure-session-ended = Sie wurden abgemeldet, bevor dies geschah, deshalb wurde nichts geändert. Melden Sie sich an und tun Sie es noch einmal.
failure-form-expired = Dieses Formular ist zu alt oder wurde in einer anderen Sitzung geöffnet; gehen Sie zurück, laden Sie die Seite neu und senden Sie es noch einmal.
failure-cross-site = Dieses Formular wurde von einer anderen Website gesendet.

scope-default = Alles in { $brand } tun, was Sie über die API tun können
scope-openid = Wissen, dass Sie es sind, wenn Sie sich anmelden
scope-email = Ihre E-Mail-Adresse sehen
scope-profile = Ihren Namen, Ihr Foto und Ihr Profil sehen
scope-address = Ihre Postanschrift sehen
scope-phone = Ihre Telefonnummer sehen
scope-offline = Den Zugang behalten, nachdem Sie sich hier abgemeldet haben
scope-scim = Konten anderer anlegen, ändern und löschen (SCIM)
scope-admin = { $brand } verwalten, soweit Ihre Rolle reicht: Benutzer, Apps, Tokens, Schlüssel
scope-admin-read = Sehen, was Administratoren von { $brand } von allen Benutzern und Apps sehen

# Teile mehrerer Seiten.
copy = Kopieren
copy-what = { $what } kopieren
copy-done = Kopiert
copy-by-hand = Bitte markieren und selbst kopieren
passkey-trouble = Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.
passkey-no-script = Ein Passkey braucht JavaScript, und das ist hier ausgeschaltet.
code-scan = Scannen Sie dieses Bild mit Ihrer Authenticator-App.
code-picture = Der geheime Schlüssel als Bild (QR-Code); darunter steht er auch als Text
code-same-device = Auf diesem Gerät? <open>In der App öffnen</open>. Oder geben Sie den Schlüssel ein:
code-type = Geben Sie die sechs Ziffern ein, die die App anzeigt.
code-label = Code
