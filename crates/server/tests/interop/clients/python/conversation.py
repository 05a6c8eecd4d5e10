"""How a client talks to the test that started it: one JSON object a line.

1. The test says which app this is: server, client_id, client_secret,
   redirect_uri, scope.
2. The client says where the user has to go: authorize.
3. The test says where the user came back to: callback.
4. The client says what it got.
"""

import json
import sys


def hear():
    return json.loads(sys.stdin.readline())


def say(**words):
    print(json.dumps(words), flush=True)


def me(session, server):
    """The API's answer to a session that carries its token."""
    response = session.get(server + "/api/1.0/users/me")
    return {"status": response.status_code, "body": response.json()}


def refusal(library_error, attempt):
    """The error that the library made of the server's refusal."""
    try:
        attempt()
    except library_error as error:
        return {"error": error.error, "description": error.description}
    raise SystemExit("the server accepted what it must refuse")
