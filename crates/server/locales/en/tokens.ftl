# Personal access tokens.
tokens-title = Tokens
tokens-heading = Personal access tokens
tokens-lead = For your own scripts and the command line. A token acts as you: treat it like your password.
tokens-fresh = Your new token: { $description }
tokens-fresh-once = Copy it now. It is shown this one time; we keep only its fingerprint.
tokens-the-token = the token
tokens-fresh-use = Keep it in an environment variable rather than in the program, then try it:
tokens-first-call = A first call
tokens-none = No tokens yet
tokens-none-why = Make one for a script, a cron job or a first try of the API. For a program that other people use, <app>register an app</app> instead.
tokens-yours = Your tokens
tokens-count = { $n } of { $limit }
tokens-end-all = Deauthorize all…
tokens-made = Made { $date }
tokens-expired = Expired { $when }
tokens-expires = expires { $when }
tokens-never-expires = Never expires
tokens-used = used { $when } from { $address }
tokens-unused = never used
tokens-end = Deauthorize<unseen> { $description }</unseen>
tokens-full = You have { $n } tokens, and { $limit } is the limit. Deauthorize one that you no longer need to make another.
tokens-new = New token
tokens-what-for = What is it for?
tokens-what-for-hint = So that you recognise it in a year.
tokens-may = What may it do?
tokens-expires-after = Expires after
tokens-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
tokens-never = Never
tokens-make = Make token
tokens-choose-scope = Choose what the token may do.
tokens-limit = You have { $n } tokens, the most that you may have. Deauthorize one that you no longer need.
tokens-done-one = The token was deauthorized. Nothing can use it any more.
tokens-done-all = All your tokens were deauthorized. Nothing can use them any more.

# What a token says about itself.
inspect-title = Inspect a token
inspect-lead = What kind it is, what it may do, and until when.
inspect-access = Access token
inspect-refresh = Refresh token
inspect-personal = Personal access token
inspect-active = Active
inspect-app = App
inspect-scopes = Scopes
inspect-issued = Issued
inspect-expires = Expires
inspect-never = never, while it is used
inspect-ends-with = Ends with
inspect-with-session = the user’s session: it came from a login alone, and stops when they sign out here
inspect-not-active = Not an active token
inspect-inactive = Inactive
inspect-inactive-why = It may be expired, ended, mistyped, or from somewhere else.
inspect-token = Token
inspect-another = Another token
inspect-hint = An access, refresh or personal access token. It is neither kept nor logged.
inspect-submit = Inspect
inspect-back = Back to apps
