# Persönliche Zugangstokens.
tokens-title = Tokens
tokens-heading = Persönliche Zugangstokens
tokens-lead = Für Ihre eigenen Skripte und die Kommandozeile. Ein Token handelt als Sie: Behandeln Sie es wie Ihr Passwort.
tokens-fresh = Ihr neues Token: { $description }
tokens-fresh-once = Kopieren Sie es jetzt. Es wird nur dieses eine Mal gezeigt; wir behalten lediglich seinen Fingerabdruck.
tokens-the-token = das Token
tokens-fresh-use = Bewahren Sie es in einer Umgebungsvariablen auf statt im Programm, und probieren Sie es aus:
tokens-first-call = Ein erster Aufruf
tokens-none = Noch keine Tokens
tokens-none-why = Erstellen Sie eines für ein Skript, einen Cronjob oder einen ersten Versuch mit der API. Für ein Programm, das andere benutzen, <app>registrieren Sie eine App</app>.
tokens-yours = Ihre Tokens
tokens-count = { $n } von { $limit }
tokens-end-all = Alle widerrufen …
tokens-made = Erstellt am { $date }
tokens-expired = Abgelaufen { $when }
tokens-expires = läuft ab: { $when }
tokens-never-expires = Läuft nie ab
tokens-used = zuletzt benutzt: { $when }, von { $address }
tokens-unused = nie benutzt
tokens-end = Widerrufen<unseen>: { $description }</unseen>
tokens-full = Sie haben { $n } Tokens, und mehr als { $limit } sind nicht möglich. Widerrufen Sie eines, das Sie nicht mehr brauchen, um ein neues zu erstellen.
tokens-new = Neues Token
tokens-what-for = Wofür ist es?
tokens-what-for-hint = Damit Sie es in einem Jahr wiedererkennen.
tokens-may = Was darf es?
tokens-expires-after = Läuft ab nach
tokens-days = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tagen
}
tokens-never = Nie
tokens-make = Token erstellen
tokens-choose-scope = Wählen Sie, was das Token darf.
tokens-limit = Sie haben { $n } Tokens, mehr sind nicht möglich. Widerrufen Sie eines, das Sie nicht mehr brauchen.
tokens-done-one = Das Token wurde widerrufen. Niemand kann es mehr benutzen.
tokens-done-all = Alle Ihre Tokens wurden widerrufen. Niemand kann sie mehr benutzen.

# Was ein Token über sich sagt.
inspect-title = Token untersuchen
inspect-lead = Was für ein Token es ist, was es darf und wie lange.
inspect-access = Zugangstoken
inspect-refresh = Aktualisierungstoken
inspect-personal = Persönliches Zugangstoken
inspect-active = Gültig
inspect-app = App
inspect-scopes = Scopes
inspect-issued = Ausgestellt
inspect-expires = Läuft ab
inspect-never = nie, solange es benutzt wird
inspect-ends-with = Endet mit
inspect-with-session = der Sitzung des Benutzers: Es stammt nur aus einer Anmeldung und gilt nicht mehr, sobald er sich hier abmeldet
inspect-not-active = Kein gültiges Token
inspect-inactive = Ungültig
inspect-inactive-why = Vielleicht ist es abgelaufen, beendet, falsch geschrieben oder von anderswo.
inspect-token = Token
inspect-another = Ein anderes Token
inspect-hint = Ein Zugangs-, Aktualisierungs- oder persönliches Zugangstoken. Es wird weder gespeichert noch protokolliert.
inspect-submit = Untersuchen
inspect-back = Zurück zu den Apps
