# The administration.
admin-users = Users
admin-apps = Apps
admin-keys = Keys
admin-settings = Settings and limits
admin-audit = Audit log
admin-find = Find
admin-more = More
admin-nobody = Nobody.
admin-none = None.
admin-state = State
admin-gid = gid { $id }
admin-client-id = client ID { $id }
admin-connected = connected { $since }
admin-last-used = last used { $when }
admin-unused = not used yet
admin-made = made { $when }
admin-expires = expires { $when }
admin-expires-never = never expires
admin-deauthorize = Deauthorize<unseen> { $token }</unseen>

# What the desk answers, at a page and to programs.
desk-too-far = Your role does not allow that.
desk-reason = Say why, in 1 to 200 characters on one line.
desk-already = That is so already.
desk-changed = The app was changed since you looked at it. Look at it again.
desk-no-account = There is no account with this address.
desk-handed-over = The app has another owner by now, or that account is disabled.
desk-last-admin = This is the last administrator. Make somebody else one first.
desk-disabled = This account is disabled already.
desk-not-disabled = This account is not disabled.
desk-no-factors = This account has no second factors.
desk-not-counted = Nothing is counted there any more.
desk-cursor = This is not where a list of this kind goes on: begin with its first page.

# Users.
admin-users-find = Find a user
admin-users-hint = The beginning of a name, of an email address (with its @), or a gid.
admin-users-none = Nobody was found
admin-users-none-why = A name is found by its beginning, in small or capital letters; an address by its beginning up to the @ or further.
admin-users-with-role = People with a role
admin-users-found = Found
admin-disabled = Disabled
admin-role-admin = Administrator
admin-role-support = Support
admin-role-none = None

# One user.
admin-user-account = Account
admin-user-gid = gid
admin-user-address = Address
admin-user-active = Active
admin-user-made = Created
admin-user-enable = Enable the account
admin-user-why = Why is the account disabled?
admin-user-why-hint = The user reads this in the security history. Sessions, tokens and apps stop at once.
admin-user-disable = Disable the account
admin-user-out-of-reach = Your role does not reach this account: it has a role itself.
admin-role = Role
admin-role-lead = Support can find and stop; an administrator can do everything here. Whoever is given a role has to sign in again.
admin-role-label = Role in the administration
admin-role-change = Change role
admin-role-choose = Choose a role.
admin-sessions = Sessions
admin-sessions-none = Signed in nowhere.
admin-session = { $address } · signed in { $since } · last seen { $seen }
admin-sessions-end = End all sessions
admin-factors = Second factors
admin-factors-app = Authenticator app
admin-factors-app-set-up = set up
admin-factors-app-none = none
admin-factors-passkeys = Passkeys
admin-factors-codes = Recovery codes
admin-factors-codes-left = { $n } left
admin-factors-lead = For somebody who has lost them all. Make sure who is asking: afterwards the password alone is enough.
admin-factors-reset = Remove all, and end all sessions
admin-user-grants = Apps that act for the user
admin-user-tokens = Personal access tokens
admin-user-apps = Apps of the user’s own
admin-done-disabled = The account is disabled. Nothing of it works any more.
admin-done-enabled = The account is active again.
admin-done-sessions = All its sessions were ended.
admin-done-factors = The second factors are gone, and all sessions were ended.
admin-done-role = The role was changed.
admin-done-grant = The app’s access was ended.
admin-done-token = The token was deauthorized.

# Apps.
admin-apps-find = Find an app
admin-apps-hint = The beginning of its name, its client ID, or its owner’s email address.
admin-apps-none = No app was found
admin-apps-none-why = A name is found by its beginning, in small or capital letters.

# One app.
admin-app = App
admin-app-client-id = Client ID
admin-app-owner = Owner
admin-app-url = App URL
admin-app-redirects = Redirect URLs
admin-app-registered = Registered
admin-app-itself = Itself on { $date }
admin-app-active = Active
admin-app-stopped = Stopped with its owner’s account
admin-app-used-by = In use by
admin-app-accounts = { $n ->
    [0] nobody yet
    [one] { $n } account
   *[other] { $n } accounts
}
admin-app-suspended = Suspended { $when }: { $reason }
admin-app-resume = Lift the suspension
admin-app-why = Why is the app suspended?
admin-app-why-hint = Its owner reads this on the app’s page. Nobody can connect the app, and its tokens stop working at once.
admin-app-suspend = Suspend the app
admin-app-verification = Verification
admin-app-verification-lead = Says to users that you have checked who is behind this app. It ends when they would see another name, icon, owner or address.
admin-app-verify = Verify the app as shown here
admin-app-unverify = Take the verification back
admin-app-introspection = Checking tokens
admin-app-introspection-lead = The backend of an API asks what a token is worth. As a resource server this app learns of every token, those of other apps and of administrators, too: whose it is and what it may do. Only the API’s own backend should.
admin-app-introspection-give = Make it a resource server
admin-app-introspection-take = It is no resource server any more
admin-app-transfer = Another owner
admin-app-transfer-lead = Connections stay. Users see the new owner and are asked anew; the verification ends, and a resource server is none any more. The present secrets go on until the new owner removes them.
admin-app-new-owner = Email address of the new owner
admin-app-hand-over = Hand the app over
admin-app-grants = Connected by
admin-app-end = End access<unseen> to { $user }</unseen>
admin-done-suspended = The app is suspended. Nobody can connect it, and its tokens do not work.
admin-done-resumed = The suspension was lifted; the app’s refresh tokens work again.
admin-done-verified = The app is verified, until it changes what users see of it.
admin-done-unverified = The app is no longer verified.
admin-done-introspection-given = The app is a resource server: it may introspect every token.
admin-done-introspection-taken = The app is no resource server any more.
admin-done-transferred = The app has a new owner. Its users are asked anew.
admin-done-transferred-server = The app has a new owner. Its users are asked anew, and it is no resource server any more.

# Tokens.
admin-tokens-find = Find a personal access token
admin-tokens-hint = Its gid, or what lists show of it: its beginning, three dots and its last four characters.
admin-tokens-whose = Whose is this token?
admin-tokens-whose-hint = Of any kind, found somewhere where it should not be. It is looked at and not kept.
admin-tokens-look = Look up
admin-tokens-none = No such token
admin-tokens-none-why = It was not issued by this server, was not copied whole, or ended so long ago that it is forgotten.
admin-token-access = Access token
admin-token-personal = Personal access token
admin-token-refresh = Refresh token
admin-token-dead = No longer works
admin-token-of = Belongs to <user>{ $user }</user>
admin-token-held = Belongs to <user>{ $user }</user>, held by the app <app>{ $app }</app>
admin-token-end-access = End the app’s access
admin-token-deauthorize = Deauthorize

# Keys.
admin-keys-lead = Keys are replaced on their own in time. The keys themselves are shown to nobody.
admin-keys-seal = Access tokens
admin-keys-refresh = Refresh tokens
admin-keys-forms = Forms and addresses of our own
admin-keys-ids = Numbers inside of tokens; one for ever
admin-keys-subjects = What users are called to apps; one for ever
admin-keys-audit = Seals of the audit log; one for ever
admin-keys-secrets = Kept secrets of apps that sign with them
admin-keys-rs256 = ID tokens by RS256
admin-keys-ps256 = ID tokens by PS256
admin-keys-es256 = ID tokens by ES256
admin-keys-eddsa = ID tokens by EdDSA
admin-keys-open-rsa = Request objects encrypted to us by RSA
admin-keys-open-ec = Request objects encrypted to us by elliptic curves
admin-key-retired = Key { $id }, made { $made }: retired { $when }
admin-key-accepted = Key { $id }, made { $made }: accepted until { $until }
admin-key-active = Key { $id }, made { $made }: in use
admin-key-announced = Key { $id }, made { $made }: in use from { $from }
admin-keys-next = Make the next<unseen> key for { $purpose }</unseen>
admin-keys-leaked = Leaked?<unseen> Retire older keys for { $purpose }</unseen>
admin-done-rotated = The next key was made. Older ones are accepted for their time.
admin-done-retired = The next key was made, and older ones are accepted no more.
admin-retire = Retire the older keys at once?
admin-retire-emergency = This is for an emergency: a key has leaked. It cannot be undone.
admin-retire-seal = From that moment on, every access token issued so far stops working; apps get new ones with their refresh tokens.
admin-retire-refresh = From that moment on, every refresh token stops working, and users must connect every app anew; access tokens go on until they expire, unless the keys of the kind seal are retired, too.
admin-retire-forms = From that moment on, every form that is open in a browser expires; people reload the page.
admin-retire-secrets = From that moment on, apps that sign with their secret (client_secret_jwt) can do so no more until their developers have made a new one.
admin-retire-sign = From that moment on, ID tokens signed so far cannot be verified any more, and apps that keep our public keys refuse new ones until they have fetched them again, in five minutes at the latest.
admin-retire-open = From that moment on, request objects encrypted so far cannot be opened any more, nor those of apps that keep our public keys, in five minutes at the latest.
admin-retire-new = A new key is made and used at once.
admin-retire-now = Retire them now
admin-retire-wrong = This is not the kind of the keys.

# Settings and limits.
admin-blocked = Blocked now
admin-blocked-lead = Whoever tried too often waits until the time is over.
admin-blocked-count = { $hits } times, { $most } are allowed · until { $until }
admin-blocked-lift = Unblock<unseen> { $who }</unseen>
admin-done-lifted = The block was lifted; counting begins anew.
admin-config = Settings
admin-config-lead = They stand in the configuration of the servers: change the line there and start them again.
admin-config-sign-up = Who may make an account
admin-config-registration = Which apps may register themselves
admin-config-idle = After so long without use a browser signs in again
admin-config-absolute = After so long a browser signs in again in any case
admin-config-access-token = How long an access token lives
admin-config-personal-tokens = Personal access tokens of one user
admin-config-throttling = Whether guessing is slowed down
admin-config-events = How long events are kept
admin-scopes = Scopes
admin-scopes-lead = What users read when an app asks for one. The platform’s own stand in the configuration, each in a block { $block }.

# What is counted, and of whom.
limit-login = Sign-ins to an account from an address
limit-login-address = Sign-ins from an address
limit-login-account = Sign-ins to an account; they are slowed down
limit-login-everywhere = Refused sign-ins of all; sign-ins are slowed down
limit-second-factor = Second factors of an account
limit-second-factor-day = Second factors of an account in a day
limit-sign-up = New accounts from an address
limit-password-choice = Passwords that were not good enough, from an address
limit-sign-up-mail = Invitations mailed to an address
limit-mail = Mails that a user asked for
limit-reset-address = New passwords asked for from an address
limit-reset-account = New passwords asked for of an account
limit-journey = Sign-ins by another provider from an address
limit-client = Failed requests of an app from an address
limit-grant = Invalid grants of an app from an address; they are slowed down
limit-introspect = Unknown tokens that an app asked about
limit-inspect = Inspections of tokens from an address
limit-console = Changes by a user
limit-register = Apps that register themselves from an address
limit-register-token = Registrations with a token
limit-scim = Requests of a directory

# The audit log.
admin-audit-kind = Kind, such as <code>app.suspended</code>
admin-audit-user = Whom it concerns (gid)
admin-audit-actor = Who did it (gid)
admin-audit-app = App (client ID)
admin-audit-address = From the address
admin-audit-from = From (UTC), such as <code>2026-11-27</code>
admin-audit-to = Until
admin-audit-search = Search
admin-audit-all = All
admin-audit-none = Nothing was found
admin-audit-none-yet = Nothing was found yet
admin-audit-none-yet-why = The latest part of the log has been looked through.
admin-audit-numbers = Users and apps are named by their numbers.
admin-audit-no-kind = There is no such kind of event.
admin-audit-moments = Write moments as 2026-11-27 or 2026-11-27T08:00:00Z.
admin-audit-at = from { $address }
admin-audit-command-line = from the <search>command line</search>
admin-audit-request = request { $id }
admin-audit-concerns = concerns <user>{ $id }</user>
admin-audit-concerns-nobody = concerns nobody
admin-audit-by = by <actor>{ $id }</actor>
admin-audit-of-app = app <app>{ $id }</app>
admin-audit-earlier = Earlier
