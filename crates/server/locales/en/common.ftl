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
failure-throttled = Too many attempts; please wait a moment and try again.
failure-storage = The service cannot write or read its data right now; please try again in a moment.
failure-busy = The service is busy; please try again in a moment.
failure-defect = Something went wrong on our side; it has been logged.
failure-not-found = There is nothing here, or it is not yours.
failure-method = This address is for another kind of request.
failure-changed = This was changed by somebody else meanwhile, so nothing was saved. Load it again and repeat your change.
failure-session-ended = You were signed out before this was done, so nothing was changed. Sign in and do it again.
failure-form-expired = This form is too old or was opened in another session; go back, reload the page and send it again.
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
