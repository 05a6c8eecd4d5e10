"""Authlib in a Flask app, as its documentation has it: everything from discovery, the
ID token checked by the library with the nonce of the session."""

from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify

from conversation import hear, say

app = hear()
web = Flask(__name__)
web.secret_key = "only a test"
oauth = OAuth(web)
oauth.register(
    "grantor",
    client_id=app["client_id"],
    client_secret=app["client_secret"],
    server_metadata_url=app["server"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": app["scope"], "code_challenge_method": "S256"},
)


@web.get("/login")
def login():
    return oauth.grantor.authorize_redirect(app["redirect_uri"])


@web.get("/callback")
def callback():
    token = oauth.grantor.authorize_access_token()
    refreshed = oauth.grantor.fetch_access_token(
        grant_type="refresh_token", refresh_token=token["refresh_token"]
    )
    userinfo = oauth.grantor.userinfo(token=token)
    claims = oauth.grantor.parse_id_token(refreshed, nonce=None)
    return jsonify(claims=token["userinfo"], userinfo=userinfo, refreshed=claims)


own = urlsplit(app["redirect_uri"])
origin = f"{own.scheme}://{own.netloc}"
browser = web.test_client()
say(authorize=browser.get("/login", base_url=origin).headers["Location"])
back = urlsplit(hear()["callback"])
answer = browser.get(f"{back.path}?{back.query}", base_url=origin)
say(**answer.get_json())
