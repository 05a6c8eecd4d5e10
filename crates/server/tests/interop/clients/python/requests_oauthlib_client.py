"""requests-oauthlib: HTTP Basic without client_id in the body, and PKCE."""

import os

import requests
from oauthlib.oauth2 import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from conversation import hear, me, refusal, say

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

app = hear()
server, secret = app["server"], app["client_secret"] or ""
token_url = server + "/-/oauth_token"
basic = HTTPBasicAuth(app["client_id"], secret)
session = OAuth2Session(
    app["client_id"],
    redirect_uri=app["redirect_uri"],
    scope=app["scope"].split(),
    pkce="S256",
)

url, _ = session.authorization_url(server + "/-/oauth_authorize")
say(authorize=url)
callback = hear()["callback"]


def fetch():
    # oauthlib raises when the granted scope differs from the requested one.
    return session.fetch_token(
        token_url, authorization_response=callback, client_secret=secret
    )


if app["denied"]:
    say(denied=refusal(OAuth2Error, fetch))
    raise SystemExit

results = {"token": dict(fetch()), "me": me(session, server)}
# Old clients of the described service send redirect_uri here too.
refreshed = session.refresh_token(
    token_url, auth=basic, redirect_uri=app["redirect_uri"]
)
results["refreshed"] = dict(refreshed)
results["me_refreshed"] = me(session, server)

wrong = HTTPBasicAuth(app["client_id"], "wrong")
results["wrong_secret"] = refusal(
    OAuth2Error, lambda: session.refresh_token(token_url, auth=wrong)
)

token = session.token
url, headers, body = session._client.prepare_token_revocation_request(
    server + "/-/oauth_revoke", token["refresh_token"], "refresh_token"
)
revoked = requests.post(url, headers=headers, data=body, auth=basic)
results["revoked"] = revoked.status_code == 200
results["me_after"] = me(session, server)
results["refresh_after"] = refusal(
    OAuth2Error, lambda: session.refresh_token(token_url, auth=basic)
)
results["replayed"] = refusal(OAuth2Error, fetch)
say(**results)
