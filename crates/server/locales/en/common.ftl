# What all pages share. Names come in as { $brand }, { $app } and so on, and are set apart by
# the page; a <tag> of a message becomes the element that the page says for it.

skip-to-content = Skip to content
menu-label = Main
menu-authorizations = Authorized apps
menu-tokens = Tokens
menu-apps = Developer
menu-account = Account
menu-admin = Administration
menu-sign-in = Sign in
menu-sign-out = Sign out
foot-docs = API reference
your-account = Your account:
cancel = Cancel
to-start-page = To the start page
done-already = That was done already, perhaps in another tab. Nothing else has changed.

# Times: the day is a number, the month one of the twelve below.
time-date = { $day } { $month } { $year }
time-exact = { $day } { $month } { $year }, { $clock } UTC
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
time-soon = in a moment
time-now = just now
time-in-minutes = { $n ->
    [one] in { $n } minute
   *[other] in { $n } minutes
}
time-in-hours = { $n ->
    [one] in { $n } hour
   *[other] in { $n } hours
}
time-in-days = { $n ->
    [one] in { $n } day
   *[other] in { $n } days
}
time-minutes-ago = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
time-hours-ago = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
time-days-ago = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}

# Devices: what a browser and a system are called is the same everywhere.
device-both = { $browser } on { $system }
device-system = A browser on { $system }
device-unknown = An unknown device

# A list of things: "a", "a and b", "a, b and c".
list-two = { $first } and { $last }
list-more = { $first }, { $rest }

# Apps, wherever one is shown.
app-by = by { $owner }
app-registered-itself = registered itself on { $date }
tag-verified = Verified
tag-unverified = Unverified
tag-suspended = Suspended
tag-resource-server = Resource server
policy-and-terms = <policy>privacy policy</policy> ({ $policy-host }) and <terms>terms of service</terms> ({ $terms-host })
policy-only = <policy>privacy policy</policy> ({ $policy-host })
terms-only = <terms>terms of service</terms> ({ $terms-host })

# What went wrong, as a page of its own.
error-not-found = That page is not here
error-forbidden = This is not possible
error-too-many = Too many attempts
error-unavailable = Not right now
error-server = Something went wrong
error-request = This request cannot be answered
error-number = If you ask for help, give this number: { $id }
failure-throttled = Too many attempts; please try again { $when }.
failure-storage = The service cannot write or read its data right now; please try again in a moment.
failure-busy = The service is busy; please try again in a moment.
failure-defect = Something went wrong on our side; it has been logged.
failure-not-found = There is nothing here, or it is not yours.
failure-method = This address is for another kind of request.
failure-changed = This was changed by somebody else meanwhile, so nothing was saved. Load it again and repeat your change.
failure-session-ended = You were signed out before this was done, so nothing was changed. Sign in and do it again.
failure-form-expired = This form is too old or was opened in another session; go back, reload the page and send it again.
failure-form-used = This form was sent before, so nothing was made a second time. A secret is shown only once: if you do not have it, make a new one.
failure-no-cookies = Your browser sent no cookies with this form, and nobody can sign in here without them. Allow cookies for this site, reload the page and send the form again.
failure-cross-site = This form was sent from another site.

# The scopes that every platform has.
scope-default = Do everything in { $brand } that you can do through its API
scope-openid = Know that it is you who signs in
scope-email = See your email address
scope-profile = See your name, photo and profile
scope-address = See your postal address
scope-phone = See your phone number
scope-offline = Keep its access after you sign out here
scope-scim = Make, change and delete other people’s accounts (SCIM)
scope-admin = Administer { $brand } as far as your role goes: users, apps, tokens, keys
scope-admin-read = See what administrators of { $brand } see of all users and apps

# Where an address is.
place-city = { $city }, { $country }
# What is wrong with what was typed.
wrong-text-empty = This is empty.
wrong-text-long = This is longer than { $max } characters.
wrong-text-character = This contains the invisible or unassigned character { $code }; remove it.
wrong-text-marks = This has too many accents in a row.
wrong-text-letter = This needs at least one letter or digit.
wrong-name-platform = This name looks like the platform’s own; choose one that says who you are.
wrong-email-empty = The email address is empty.
wrong-email-long = The email address is longer than { $max } bytes.
wrong-email-at = An email address has exactly one @.
wrong-email-local = The part before the @ may contain letters, digits, single dots and common signs, at most { $max }.
wrong-email-domain = The part after the @ is not a domain such as example.com.
wrong-url-empty = Enter the address of the website, such as https://app.example.
wrong-url-long = The address has at most { $max } bytes.
wrong-url-character = The address contains a space, a backslash or a control character.
wrong-url-scheme = The address starts with https:// or http://.
wrong-url-user = Remove the user name or password before the @.
wrong-url-invalid = The address is not a valid URL.
wrong-password-empty = Type a password.
wrong-password-short = Use at least { $min } characters.
wrong-password-long = Use at most { $max } characters.
wrong-password-keyboard = This password is easy to guess: it follows the keyboard. Use a few words that have nothing to do with each other.
wrong-password-repeats = This password is easy to guess: it repeats itself. Use a few words that have nothing to do with each other.
wrong-password-common = This password is one of the most common ones, and those are tried first. Use a few words that have nothing to do with each other.
wrong-password-similar = This password is too much like a common one. Use a few words that have nothing to do with each other.
wrong-password-sequence = This password is easy to guess: it has a sequence like abc or 321. Use a few words that have nothing to do with each other.
wrong-password-date = This password is easy to guess: it is little more than a date. Use a few words that have nothing to do with each other.
wrong-password-word = This password is easy to guess: it is a single word. Add two or three others.
wrong-password-names = This password is easy to guess: it is made of names. Use a few words that have nothing to do with each other.
wrong-password-guessable = This password is easy to guess. Make it longer: two or three more words will do.
wrong-password-about = This password is easy to guess: your name, your address or the name of this service is in it. Use a few words that have nothing to do with each other.
wrong-password-breached = This password is in lists that were stolen elsewhere, and those are tried first. Use another one.
wrong-picture-empty = Choose a file.
wrong-picture-large = The file is larger than 1 MB. Choose a smaller one.
wrong-picture-format = Only PNG, JPEG and WebP pictures can be used.
wrong-picture-small = The picture is smaller than { $side } × { $side } pixels. Choose a larger one.
wrong-picture-big = The picture has more than a million pixels. 1024 × 1024 is the most that can be used.
wrong-picture-damaged = The picture is damaged or incomplete. Save it again and choose the new file.
wrong-picture-busy = Too many pictures are being processed at the moment. Try again in a minute.

# The parts of several pages.
copy = Copy
copy-what = Copy { $what }
copy-done = Copied
copy-by-hand = Select and copy it by hand
passkey-trouble = No passkey was used. Try again, or go another way.
passkey-no-script = A passkey needs JavaScript, which is switched off here.
code-scan = Scan this picture with your authenticator app.
code-picture = The secret as a picture (QR code); it stands below as text, too
code-same-device = On this device? <open>Open it in the app</open>. Or type the secret:
code-type = Type the six digits that the app shows.
code-label = Code
# Below pages and mails: the platform's own words about itself.
foot-privacy = Privacy policy
foot-terms = Terms of service
foot-legal-notice = Legal notice
foot-support = Help
