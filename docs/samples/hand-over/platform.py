"""A platform's own login page that answers Grantor's hand-over challenges (docs/hand-over.md).

Python alone, no package. It shares a secret with Grantor (HS256).

    python3 platform.py 9000 http://127.0.0.1:8080 platform.secret

writes the secret to platform.secret at its start: name it as hand_over_secret_file, and
http://127.0.0.1:9000/login as hand_over_url.
"""

import base64
import hashlib
import hmac
import html
import json
import secrets
import sys
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

PORT, GRANTOR, SECRET_FILE = sys.argv[1:4]
ORIGIN = f"http://127.0.0.1:{PORT}"
ANSWER_TO = f"{GRANTOR}/login/hand-over"

# The platform's users, and who is logged in by which cookie. Yours are in your database.
USERS = {
    "grace": {
        "password": "a bird in the hand",
        "email": "grace@platform.example",
        "name": "Grace Hopper",
    }
}
SESSIONS = {}

# A real platform keeps its secret.
SECRET = secrets.token_urlsafe(32)
with open(SECRET_FILE, "w", encoding="ascii") as file:
    file.write(SECRET)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def mac(signed: str) -> bytes:
    return hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest()


def read_challenge(text: str) -> dict:
    """The challenge's claims, once everything about it is right."""
    head, payload, signature = text.split(".")
    header = json.loads(decode(head))
    if header["alg"] != "HS256" or header.get("typ") != "hand-over-challenge+jwt":
        raise ValueError("not a challenge")
    if not hmac.compare_digest(mac(f"{head}.{payload}"), decode(signature)):
        raise ValueError("not from Grantor")
    claims = json.loads(decode(payload))
    if claims["iss"] != GRANTOR or claims["aud"] != ORIGIN or claims["exp"] <= time.time():
        raise ValueError("not for us, or too old")
    if claims["answer_to"] != ANSWER_TO:
        raise ValueError("leads elsewhere")
    return claims


def answer(challenge: dict, session: dict) -> str:
    """Where the browser goes with the answer."""
    user, now = USERS[session["user"]], int(time.time())
    claims = {
        "iss": ORIGIN,
        "aud": challenge["iss"],
        "jti": challenge["jti"],
        "iat": now,
        "exp": now + 60,
        "auth_time": session["since"],
        "sub": session["user"],
        "email": user["email"],
        "email_verified": True,
        "name": user["name"],
    }
    header = {"alg": "HS256", "typ": "hand-over-answer+jwt"}
    signed = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
    return f"{ANSWER_TO}?{urlencode({'answer': f'{signed}.{encode(mac(signed))}'})}"


PAGE = """<!doctype html><title>Platform</title><h1>Log in</h1><p>{why}</p>
<form method="post" action="/login"><input type="hidden" name="challenge" value="{challenge}">
<input name="user" aria-label="User"><input name="password" type="password" aria-label="Password">
<button name="action" value="login">Log in</button><button name="action" value="cancel">Cancel</button></form>"""


class Platform(BaseHTTPRequestHandler):
    def do_GET(self):
        self.login(urlsplit(self.path).query, posted=False)

    def do_POST(self):
        length = min(int(self.headers.get("Content-Length", 0)), 65536)
        self.login(self.rfile.read(length).decode(), posted=True)

    def login(self, form: str, posted: bool):
        try:
            form = dict(parse_qsl(form))
            text = form.get("challenge", "")
            challenge = read_challenge(text)
        except (ValueError, KeyError) as error:
            return self.say(400, f"<p>{html.escape(str(error))}</p>")
        if form.get("action") == "cancel":
            denied = {"error": "access_denied", "state": challenge["jti"]}
            return self.go(f"{ANSWER_TO}?{urlencode(denied)}")
        if posted:
            user = USERS.get(form.get("user"))
            if not user or not hmac.compare_digest(user["password"], form.get("password", "")):
                return self.say(200, PAGE.format(why="That is not right.", challenge=html.escape(text)))
            cookie = secrets.token_hex(16)
            SESSIONS[cookie] = {"user": form["user"], "since": int(time.time())}
            return self.go(answer(challenge, SESSIONS[cookie]), cookie)
        # Whoever is logged in already need not see the page, unless a login anew is wanted.
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("platform")
        session = SESSIONS.get(cookie.value) if cookie else None
        if session and challenge.get("prompt") != "login":
            return self.go(answer(challenge, session))
        return self.say(200, PAGE.format(why="", challenge=html.escape(text)))

    def say(self, status: int, page: str):
        body = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def go(self, to: str, cookie: str = ""):
        self.send_response(303)
        self.send_header("Location", to)
        if cookie:
            self.send_header("Set-Cookie", f"platform={cookie}; HttpOnly; SameSite=Lax; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Says nothing: addresses carry challenges and answers."""


server = ThreadingHTTPServer(("127.0.0.1", int(PORT)), Platform)
print("listening", flush=True)
server.serve_forever()
