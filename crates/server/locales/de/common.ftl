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
done-already = Das war schon geschehen, vielleicht in einem anderen Tab. Sonst hat sich nichts geändert.

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
tag-resource-server = Ressourcenserver
policy-and-terms = <policy>Datenschutzerklärung</policy> ({ $policy-host }) und <terms>Nutzungsbedingungen</terms> ({ $terms-host })
policy-only = <policy>Datenschutzerklärung</policy> ({ $policy-host })
terms-only = <terms>Nutzungsbedingungen</terms> ({ $terms-host })

error-not-found = Diese Seite gibt es hier nicht
error-forbidden = Das ist nicht möglich
error-too-many = Zu viele Versuche
error-unavailable = Zurzeit nicht möglich
error-server = Etwas ist schiefgegangen
error-request = Diese Anfrage lässt sich nicht beantworten
error-number = Wenn Sie um Hilfe bitten, nennen Sie diese Nummer: { $id }
failure-throttled = Zu viele Versuche; bitte versuchen Sie es { $when } noch einmal.
failure-storage = Der Dienst kann seine Daten gerade nicht lesen oder schreiben; bitte versuchen Sie es gleich noch einmal.
failure-busy = Der Dienst ist ausgelastet; bitte versuchen Sie es gleich noch einmal.
failure-defect = Bei uns ist etwas schiefgegangen; der Fehler wurde aufgezeichnet.
failure-not-found = Hier gibt es nichts, oder es gehört Ihnen nicht.
failure-method = Diese Adresse nimmt Anfragen dieser Art nicht an.
failure-changed = Jemand anderes hat das inzwischen geändert, deshalb wurde nichts gespeichert. Laden Sie die Seite neu und wiederholen Sie Ihre Änderung.
failure-session-ended = Sie wurden vorher abgemeldet, deshalb wurde nichts geändert. Melden Sie sich an und versuchen Sie es noch einmal.
failure-form-expired = Dieses Formular ist zu alt oder wurde in einer anderen Sitzung geöffnet; gehen Sie zurück, laden Sie die Seite neu und senden Sie es noch einmal.
failure-form-used = Dieses Formular wurde schon einmal abgeschickt, deshalb wurde nichts ein zweites Mal erzeugt. Ein Geheimnis wird nur einmal gezeigt: Wenn Sie es nicht haben, erzeugen Sie ein neues.
failure-no-cookies = Ihr Browser hat mit diesem Formular keine Cookies gesendet, und ohne sie kann sich hier niemand anmelden. Lassen Sie Cookies für diese Website zu, laden Sie die Seite neu und senden Sie das Formular noch einmal.
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

# Where an address is.
place-city = { $city }, { $country }
# Was an einer Eingabe nicht stimmt.
wrong-text-empty = Hier fehlt etwas.
wrong-text-long = Das ist länger als { $max } Zeichen.
wrong-text-character = Hier steht das unsichtbare oder nicht vergebene Zeichen { $code }; entfernen Sie es.
wrong-text-marks = Hier stehen zu viele Akzente hintereinander.
wrong-text-letter = Hier muss mindestens ein Buchstabe oder eine Ziffer stehen.
wrong-name-platform = Dieser Name sieht aus wie der der Plattform; wählen Sie einen, der sagt, wer Sie sind.
wrong-email-empty = Die E-Mail-Adresse fehlt.
wrong-email-long = Die E-Mail-Adresse ist länger als { $max } Zeichen.
wrong-email-at = Eine E-Mail-Adresse enthält genau ein @.
wrong-email-local = Vor dem @ dürfen Buchstaben, Ziffern, einzelne Punkte und übliche Zeichen stehen, höchstens { $max }.
wrong-email-domain = Nach dem @ steht keine Domain wie example.com.
wrong-url-empty = Geben Sie die Adresse der Website ein, zum Beispiel https://app.example.
wrong-url-long = Die Adresse hat höchstens { $max } Zeichen.
wrong-url-character = Die Adresse enthält ein Leerzeichen, einen umgekehrten Schrägstrich oder ein Steuerzeichen.
wrong-url-scheme = Die Adresse beginnt mit https:// oder http://.
wrong-url-user = Entfernen Sie den Benutzernamen oder das Passwort vor dem @.
wrong-url-invalid = Die Adresse ist keine gültige URL.
wrong-password-empty = Geben Sie ein Passwort ein.
wrong-password-short = Verwenden Sie mindestens { $min } Zeichen.
wrong-password-long = Verwenden Sie höchstens { $max } Zeichen.
wrong-password-keyboard = Dieses Passwort ist leicht zu erraten: Es folgt der Reihenfolge der Tastatur. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
wrong-password-repeats = Dieses Passwort ist leicht zu erraten: Es wiederholt sich. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
wrong-password-common = Dieses Passwort ist eines der häufigsten, und die werden zuerst ausprobiert. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
wrong-password-similar = Dieses Passwort ähnelt zu sehr einem häufigen. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
wrong-password-sequence = Dieses Passwort ist leicht zu erraten: Es enthält eine Folge wie abc oder 321. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
wrong-password-date = Dieses Passwort ist leicht zu erraten: Es ist kaum mehr als ein Datum. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
wrong-password-word = Dieses Passwort ist leicht zu erraten: Es ist ein einzelnes Wort. Fügen Sie zwei oder drei weitere hinzu.
wrong-password-names = Dieses Passwort ist leicht zu erraten: Es besteht aus Namen. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
wrong-password-guessable = Dieses Passwort ist leicht zu erraten. Machen Sie es länger: Zwei oder drei weitere Wörter genügen.
wrong-password-about = Dieses Passwort ist leicht zu erraten: Es enthält Ihren Namen, Ihre Adresse oder den Namen dieses Dienstes. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
wrong-password-breached = Dieses Passwort steht in Listen, die anderswo gestohlen wurden, und die werden zuerst ausprobiert. Wählen Sie ein anderes.
wrong-picture-empty = Wählen Sie eine Datei aus.
wrong-picture-large = Die Datei ist größer als 1 MB. Wählen Sie eine kleinere.
wrong-picture-format = Nur Bilder in PNG, JPEG oder WebP können verwendet werden.
wrong-picture-small = Das Bild ist kleiner als { $side } × { $side } Pixel. Wählen Sie ein größeres.
wrong-picture-big = Das Bild hat mehr als eine Million Pixel. Mehr als 1024 × 1024 geht nicht.
wrong-picture-damaged = Das Bild ist beschädigt oder unvollständig. Speichern Sie es neu und wählen Sie die neue Datei.
wrong-picture-busy = Gerade werden zu viele Bilder verarbeitet. Versuchen Sie es in einer Minute noch einmal.

# Teile mehrerer Seiten.
copy = Kopieren
copy-what = { $what } kopieren
copy-done = Kopiert
copy-by-hand = Bitte markieren und von Hand kopieren
passkey-trouble = Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.
passkey-no-script = Ein Passkey braucht JavaScript, und das ist hier ausgeschaltet.
code-scan = Scannen Sie dieses Bild mit Ihrer Authenticator-App.
code-picture = Der geheime Schlüssel als Bild (QR-Code); darunter steht er auch als Text
code-same-device = Ist die App auf diesem Gerät? <open>In der App öffnen</open>. Oder geben Sie den Schlüssel ein:
code-type = Geben Sie die sechs Ziffern ein, die die App anzeigt.
code-label = Code
# Below pages and mails: the platform's own words about itself.
foot-privacy = Datenschutz
foot-terms = Nutzungsbedingungen
foot-legal-notice = Impressum
foot-support = Hilfe
