# The start page.
home-title = Apps and your account
home-overview = Overview
home-authorizations = What you connected: what each may do, when it last did, and how to end it.
home-tokens = Personal access tokens, for your own scripts and the command line.
home-apps = What you build for others: client IDs, secrets, redirect URLs and refused requests.
home-account = Your name, your password, and where you are signed in.
home-count-apps = { $n ->
    [0] No apps
    [one] { $n } app
   *[other] { $n } apps
}
home-count-tokens = { $n ->
    [0] No tokens
    [one] { $n } token
   *[other] { $n } tokens
}
home-count-sessions = { $n ->
    [0] No sessions
    [one] { $n } session
   *[other] { $n } sessions
}
home-heading = Your account, and the apps that act for it
home-lead = Connect an app to { $brand } without giving it your password. See what each one may do. End it whenever you like.
home-sign-up = Create an account
home-step-connect = <b>Connect.</b> An app sends you here. You see who asks, and for what.
home-step-decide = <b>Decide.</b> Allow or deny. The app never sees your password.
home-step-end = <b>End it.</b> One click, and every token the app holds stops working.
home-build = Building an app?
home-build-how = Register it, send your users to the authorization URL, exchange the code for a token, call the API. It is OAuth 2.0: any library will do. For a script of your own, a personal access token is enough.
home-build-docs = Read the API reference

# Authorized apps.
authorizations-title = Authorized apps
authorizations-lead = These apps act for you. End the access of one, and all its tokens stop working at once.
authorizations-none = No app acts for you
authorizations-none-why = When you connect one, by its button “Connect with { $brand }”, it appears here with what it may do and when it last did.
authorizations-used = Connected { $since } · last used { $used }
authorizations-unused = Connected { $since } · not used yet
authorizations-suspended = This app is suspended: it can do nothing for you until that ends. You can end its access for good now.
authorizations-edited = Its developer changed its name, icon or address { $when }; it will ask you again.
authorizations-opens-at = Opens at { $host }.
authorizations-implicit = Receives its tokens through the browser’s address, an old and less private way.
authorizations-open = Open<unseen> { $app }</unseen>
authorizations-end = End access<unseen> of { $app }</unseen>
authorizations-ended = The app’s access has ended. Its tokens have stopped working.

# Consent.
consent-title-login = Sign in to { $app }?
consent-title-connect = Connect { $app }?
consent-login = Sign in to { $app } with { $brand }?
consent-more = Let { $app } do more?
consent-connect = Connect { $app } to your { $brand } account?
consent-since = Connected since { $since }. This time it asks for more than you allowed.
consent-not-you = Not you?
consent-learns = { $app } learns who you are
consent-nothing-else = Nothing else: it cannot see or change what you have at { $brand }.
consent-may = { $app } will be able to
consent-receives = It receives
consent-knows = It learns who you are, by
consent-goes-to = You go on to
consent-to-program = the program on this device that opens { $scheme } links
consent-to-loopback = a program on this device ({ $host })
consent-then = Then
consent-shown = you see a code, to be typed into { $app } yourself
consent-policies = The app’s own words: { $links }. They open in a new tab and are not from { $brand }.
consent-sent-here = <b>Did somebody send you here?</b> Then deny. Whoever gets the code from you gets into your account, and nobody from { $brand } will ever ask for it.
consent-unchecked-connect = { $brand } has not checked who is behind this app. Allow it only if you started this yourself and trust { $owner }.
consent-unchecked-login = { $brand } has not checked who is behind this app. Sign in only if you started this yourself and trust { $owner }.
consent-registered-connect = { $brand } has not checked who is behind this app: it registered itself, under a name of its own choice. Allow it only if you started this yourself and know where you go on to.
consent-registered-login = { $brand } has not checked who is behind this app: it registered itself, under a name of its own choice. Sign in only if you started this yourself and know where you go on to.
consent-deny = Deny
consent-allow = Allow
consent-cancel = Cancel
consent-sign-in = Sign in
consent-end-any-day = You can end this any day at <authorizations>Authorized apps</authorizations>.

# What an app learns of its user.
learns-id = your account ID
learns-pairwise = your ID at this app, which other apps cannot compare
learns-name = your name
learns-given_name = your first name
learns-middle_name = your middle name
learns-family_name = your last name
learns-nickname = your nickname
learns-preferred_username = your user name
learns-email = your email address
learns-email_verified = whether your email address is checked
learns-phone_number = your phone number
learns-phone_number_verified = whether your phone number is checked
learns-address = your postal address
learns-birthdate = your birthday
learns-gender = your gender
learns-profile = your page about yourself
learns-website = your website
learns-locale = your language
learns-zoneinfo = your time zone
learns-updated_at = when your profile last changed
learns-picture = your photo
learns-whole-profile = your profile with photo

# Before a sentence in English for developers, in plain text.
authorize-dead-end = The app that sent you here cannot be connected in this way. Go back to it, and give its developers this text:

# A code to be copied by hand.
oob-title = Your code
oob-copy = Copy this code into { $app }
oob-once = { $minutes ->
    [one] It works once, within { $minutes } minute.
   *[other] It works once, within { $minutes } minutes.
}
oob-the-code = the code
oob-no-one-may-ask = <b>No one may ask you for this code.</b> Type it only into the program that you started yourself. Whoever has it gets into your account.
oob-denied = Not connected
oob-denied-why = You denied { $app } access to your account. Nothing was shared. You can close this page.
oob-failed = Could not connect
oob-failed-why = { $app } asked in a way that does not work, and has no address to be told so. Its developer will want to know:
oob-error = Error
oob-cause = Cause
oob-changed-your-mind = Changed your mind? End it at <authorizations>Authorized apps</authorizations>.

# Signing out.
logout-title = Sign out
logout-wrong = This sign-out request is wrong
logout-nothing-done = Nothing was done. The app that sent you here has to correct this.
logout-nothing-done-yet = Nothing was done. The app that sent you here has to correct this; you can sign out yourself.
logout-heading = Sign out of { $brand }?
logout-asked = { $app } asks you to.
logout-told = You are signed in to these apps through this browser. They will be told, and most of them sign you out as well:
logout-untold = You are signed in to these apps through this browser, which cannot be told; sign out there yourself:
logout-connected = Apps that you connected keep their access; you can end it at <authorizations>Authorized apps</authorizations>.
signed-out-title = Signed out
signed-out-heading = You are signed out
signed-out-lead = Of { $brand } in this browser. Apps that you connected stay connected until you end them.
signed-out-told = These apps are told, and most of them sign you out as well:
signed-out-untold = These cannot be told; you may still be signed in there:
signed-out-onward = Go on to { $app }
signed-out-again = Sign in again
signed-out-frame = Tells an app that you signed out

# Signing in.
login-policies = { $app }’s own { $links }, in a new tab
