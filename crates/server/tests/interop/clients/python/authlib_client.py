"""Authlib: the secret in the body, PKCE, revocation and introspection of its own."""

from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from conversation import hear, me, refusal, say

app = hear()
server = app["server"]
token_url = server + "/-/oauth_token"


def client(secret):
    return OAuth2Session(
        app["client_id"],
        secret,
        token_endpoint_auth_method="client_secret_post",
        revocation_endpoint_auth_method="client_secret_post",
        scope=app["scope"],
        redirect_uri=app["redirect_uri"],
        code_challenge_method="S256",
    )


session = client(app["client_secret"])
verifier = generate_token(48)
url, state = session.create_authorization_url(
    server + "/-/oauth_authorize", code_verifier=verifier
)
say(authorize=url)
callback = hear()["callback"]


def fetch(session=session):
    return session.fetch_token(
        token_url,
        authorization_response=callback,
        code_verifier=verifier,
        state=state,
    )


results = {"wrong_secret": refusal(OAuthError, lambda: fetch(client("wrong")))}
results["token"] = dict(fetch())
results["me"] = me(session, server)
refreshed = session.refresh_token(
    token_url, refresh_token=session.token["refresh_token"]
)
results["refreshed"] = dict(refreshed)
results["me_refreshed"] = me(session, server)

introspected = session.introspect_token(
    server + "/-/oauth_introspect", token=session.token["access_token"]
)
results["introspected"] = introspected.json()

token = dict(session.token)
revoked = session.revoke_token(
    server + "/-/oauth_revoke",
    token=token["refresh_token"],
    token_type_hint="refresh_token",
)
results["revoked"] = revoked.status_code == 200
results["me_after"] = me(session, server)
results["refresh_after"] = refusal(
    OAuthError,
    lambda: session.refresh_token(token_url, refresh_token=token["refresh_token"]),
)
results["replayed"] = refusal(OAuthError, fetch)
say(**results)
