# Signing in.
login-heading = Sign in to { $brand }
login-app = to continue to { $app }. The app will not see your password.
login-connect-heading = You have an account here
login-connect = Your email address at the other service has an account here already. Sign in to it as you did before; then you can connect the two.
login-step-up = Confirm it’s you
login-step-up-why = What comes next is important, so please type your password again.
login-step-up-app = { $app } asks you to sign in once more before it goes on. The app will not see your password.
login-confirm = Confirm
login-passkey = Sign in with a passkey
login-passkey-confirm = Confirm with a passkey
login-or = or
login-door = Continue with { $name }
login-another = Use another account
login-forgot = Forgot your password?
login-new-here = New here? <sign-up>Create an account</sign-up>
login-wrong = This email address and password do not belong together.
login-passkey-wrong = This passkey did not sign you in. It may have been removed, or the page was open for too long: try again.

# The second step.
second-title = One more step
second-lead = You are not signed in yet. Prove in another way, too, that you are { $email }.
second-lead-again = Prove in another way, too, that you are { $email }.
second-passkey = Use a passkey
second-recovery-code = Recovery code
second-hint-both = Six digits from your authenticator app, or one of your recovery codes.
second-hint-code = Six digits from your authenticator app.
second-hint-recovery = One of the codes that you wrote down, if your passkey is out of reach.
second-wrong = This code is not right, or was used already. Codes of an app change every 30 seconds.
second-again = Not you? <again>Start again</again>

# What forms ask for.
field-email = Email address
field-password = Password
field-new-password = New password
field-name = Your name
field-name-hint = Apps that you connect may see it.
field-password-hint = { $least } to { $most } characters. A few words in a row are good.
continue = Continue

# A new account.
signup-title = Create an account
signup-heading = Create your { $brand } account
signup-button = Create account
signup-have-one = Have an account? <sign-in>Sign in</sign-in>
signup-taken = There is an account with this address already; sign in, or use another one.
signup-upstream = You will sign in with { $provider }. This is what it says about you; change it if you like.
signup-upstream-fixed = You will sign in with { $provider }. This is what it says about you. You can change your address later, on your account page.
signup-upstream-taken = There is an account with this address already. Sign in to it, and connect it on your account page; or use another address.
setup-title = Set up
setup-heading = Set up { $brand }
setup-lead = This makes the account of the administrator. The link that brought you here works once.
setup-button = Create administrator
setup-taken = There is an account with this address already; use another one.
join-lead = Type your address. We mail you a link to create the account with.
join-sent = An email is on its way to { $email }. It says how to go on; its link works for a day.
join-nothing-comes = Nothing comes? Look in your spam folder, and check that the address is right.
mail-me-a-link = Mail me a link
look-into-your-mail = Check your email

# Connecting with an account elsewhere.
connect-title = Connect accounts
connect-heading = Connect { $provider }?
connect-lead = You came here from { $provider } as { $label }, and you have an account here.
connect-account = Your account here
connect-means = Once they are connected, whoever signs in to that account at { $provider } can sign in to this one here. You can disconnect them on your account page.
connect-do = Connect
connect-leave = Don’t connect

# A forgotten password.
forgot-title = Forgot your password?
forgot-lead = Type the address of your account. We mail you a link to set a new password.
forgot-sent = If there is an account with the address { $email }, a link to set a new password is on its way there. It works for an hour.
forgot-nothing-comes = Nothing comes? Look in your spam folder, and check that this is the address that you signed up with.
forgot-back = Back to signing in
reset-title = Set a new password
reset-lead = For the account of { $email }. All its sessions end.
reset-button = Set the password
restore-title = Put your address back
restore-lead = Your account gets the address { $email } again and the password that you type here. All its sessions end, and so do the apps and tokens that came since the change.
restore-button = Put the address back

# On the way back to an app.
form-post-title = One moment
form-post-heading = One moment…
form-post-lead = You are on your way back to the app.

# Are you sure?
confirm-type = To confirm, type { $wanted }
app-delete-title = Delete this app?
app-delete-access = Everybody who connected it is disconnected; its tokens stop working at once.
app-delete-id = Its client ID and secrets never come back.
app-delete-button = Delete this app
app-delete-wrong = This is not the app’s name.
account-delete-title = Delete your account?
account-delete-apps = Apps of yours that are deleted, and with them the access of everybody who connected one: { $n }.
account-delete-grants = Apps that act for you and lose their access at once: { $n }.
account-delete-tokens = Personal access tokens that stop working at once: { $n }.
account-delete-signed-out = You are signed out everywhere.
account-delete-removed = Your name, email address, photo and details are removed; the address is free for another account.
account-delete-log = { $days ->
    [one] The security log keeps what happened for { $days } day, under a number instead of your name.
   *[other] The security log keeps what happened for { $days } days, under a number instead of your name.
}
account-delete-for-good = Nobody can bring the account back.
account-delete-button = Delete my account
account-delete-wrong = This is not the account’s email address.
account-delete-only-admin = You are the only administrator. Somebody else has to be one first.
account-deleted = The account was deleted. Its email address is free for another one.
tokens-end-title = Deauthorize all your tokens?
tokens-end-scripts = Every script and program that uses one of them stops working at once.
tokens-end-button = Deauthorize all

# What is wrong with what was typed.
app-name-is-the-platforms = This name looks like the platform’s own. “{ $brand }” may stand only at its end, after your app’s name and “for”: “Clock for { $brand }”.
app-name-is-taken = This name looks like that of a verified app; choose one that nobody takes for it.

# Why something did not happen, as a page of its own or above the form.
failure-body-long = The body is longer than 64 KiB or did not arrive whole.
failure-upload-broken = The form did not arrive whole, or its file is larger than 1 MB.
failure-upload-kind = The form must be multipart/form-data.
failure-field-twice = The form has a field twice or one that is not text.
failure-decision = The form does not say what you decided. Go back and choose again.
failure-host = This server answers under another name; use its public address.
failure-cookie-twice = The browser sent the same cookie twice; delete this site's cookies and try again.
failure-elsewhere = The service that you want to sign in with does not answer. Try again in a moment, or sign in in another way.
failure-lost = This answer does not belong to a sign-in that this browser has under way, or it came twice or too late. Start again from the sign-in page.
failure-not-signed-in-there = You were not signed in there, so you are not signed in here either.
failure-not-proved-anew = You had to prove again who you are, and the other service does not say that you did. Sign in in another way.
failure-answer-elsewhere = What the other service answered is not valid, so nobody was signed in. Please try again; if it stays so, tell the operator.
failure-answer-platform = What the platform answered is not valid, so nobody was signed in. Please try again; if it stays so, tell the operator.
failure-connected-elsewhere = The account of the other service is connected with another account here. Sign in to that one, or disconnect it there first.
failure-account-disabled = Your account here cannot be used at the moment. Ask the operator of this service.
failure-no-account-here = You have no account here, and new ones are made by the operator of this service.
failure-namesake = There is an account with your email address here that is not connected with the platform. Ask the operator of this service.
failure-no-address = The platform names no email address for you that can be used here.
failure-no-mail = This service sends no email, so it cannot do this. Ask its operator for help.
failure-crowded = No email can be sent at the moment. Please try again in an hour.
failure-invitation = This link is too old, or not whole. Ask for a new one where you sign up.
signup-link-used = This link was used already: there is an account with its address. Sign in with it.
failure-address-has-account = This address has an account by now, or belonged to one a short while ago. Sign in with it, or use another address.
failure-sign-up-closed = New accounts are made by the operator of this service.
failure-sign-up-platform = Accounts here come from the platform: sign in, and you have one.
failure-platform-stays = The platform signs you in here, so this connection stays.
failure-set-up-link = This set-up link was used or has expired, or there is an administrator by now. If there is none, start the server again to get a new link, or make the account with: grantor user add --admin
failure-link-spent = This link was used already, is too old, or your account has changed since it was mailed. If you still need it, ask for a new one.
failure-no-passkeys = There are no passkeys at this address.
failure-address-elsewhere = Your address is the one that you have at the service that signs you in. Change it there.
failure-address-taken = This address has another account by now, or belonged to one a short while ago. Nothing was changed.
failure-anothers-link = This link is for another account than the one that you are signed in to. Sign out, and open it again.
failure-last-factor = This is the last way to prove that it is you, and this service asks for one beside the password. Set up another one first.
failure-not-offered = This service does not offer that.
failure-passkey-name = A name has 1 to 60 characters, on one line.
failure-recovery-alone = Recovery codes stand in for a second factor; set one up first.
failure-apps-full = You have as many apps as one account may have; delete one that you no longer need.
failure-no-secret = A single-page app has no secret.
failure-overlap = Choose how long the older secret goes on.
failure-sign-up-first = Nobody here is connected with this account yet. Sign in with your email address, or create an account with it first; then connect the two on your account page.
