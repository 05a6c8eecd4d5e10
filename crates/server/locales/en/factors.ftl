# Ways to sign in.
factors-title = Ways to sign in
factors-lead = With a second way, a stolen password opens nothing.
factors-lead-required = This service asks for more than a password: one of these has to stay.
factors-passkeys = Passkeys
factors-add-passkey = Add a passkey…
factors-no-passkeys = None yet. A passkey signs you in by fingerprint, face or the code of your device, instead of a password.
factors-syncs = On all your devices
factors-passkey-used = Made { $created } · used { $used }
factors-passkey-unused = Made { $created } · never used
factors-rename = Rename<unseen> { $name }</unseen>
factors-new-name = New name
factors-save-name = Save name
factors-remove = Remove<unseen> { $name }</unseen>
factors-app = Authenticator app
factors-set-up-app = Set up an app…
factors-app-used = Set up { $created } · used { $used }
factors-app-unused = Set up { $created } · not used since
factors-remove-app = Remove the app
factors-no-app = None yet. The app shows codes of six digits, which signing in asks for after your password.
factors-recovery = Recovery codes
factors-recovery-left = { $n ->
    [0] You have none. Make some, for the day when the other ways are lost.
    [one] One code is left. Make new ones soon.
   *[other] { $n } codes are left. Each works once, after your password.
}
factors-make-codes = Make recovery codes
factors-make-new-codes = Make new codes
factors-password-is = Your password is changed on the page of <account>your account</account>.
factors-back = Back to <account>your account</account>.
factors-done-code = Your authenticator app is set up. From now on, signing in asks for its code.
factors-done-no-code = The authenticator app was removed.
factors-done-passkey = Your passkey was added. You can sign in with it from now on.
factors-done-no-passkey = The passkey was removed. Delete it on your device, too.
factors-done-renamed = The passkey has its new name.

# An authenticator app.
factor-code-heading = Set up an authenticator app
factor-code-lead = It shows a new code every 30 seconds, which signing in will ask for after your password.
factor-code-use = Use this app
factor-code-late = This took too long. Here is a new secret: scan it again, please.
factor-code-wrong = This is not the code of this moment. Is the clock of your device right?

# A passkey.
factor-passkey-title = New passkey
factor-passkey-add = Add a passkey
factor-passkey-lead = You sign in by your fingerprint, your face or the code of your device, with nothing to remember. A passkey works on this site alone, so nobody can trick it out of you.
factor-passkey-name = What do you call it?
factor-passkey-name-hint = The device or password manager that will keep it.
factor-passkey-back = Back
factor-passkey-not-made = This passkey was not added. The page may have been open for too long, or this device has one for you already: try again.

# Recovery codes.
recovery-codes-heading = Write these codes down
recovery-codes-lead = Each of them signs you in once, together with your password, on the day when your other way is lost. They are shown this one time.
recovery-codes-label = Your recovery codes
recovery-codes-keep = Keep them on paper or in a password manager, not on the device that you sign in with.
recovery-codes-old = Older codes no longer work.
recovery-codes-onward = I have them

# A second way, at the login.
set-up-factor-title = Set up a second way to sign in
set-up-factor-lead = A password alone is not enough at { $brand }. It takes a minute, once, for { $email }.
set-up-factor-make = Make a passkey
set-up-factor-passkey = With a passkey you sign in by your fingerprint, your face or the code of your device.
set-up-factor-impossible = This service asks for a passkey, and browsers make none at this address. Please tell its operator.
set-up-factor-app = Or use an authenticator app
set-up-factor-not-you = Not you? <again>Start again</again>
