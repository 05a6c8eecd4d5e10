#!/bin/sh
# After the start, as its administrator: OpenID Connect with ES256, an app and a user.
# `setup.sh PORT`
set -eu
api="http://127.0.0.1:$1/api"
line() { awk '{ printf "%s\\n", $0 }' "$1"; }
post() {
    curl --silent --show-error --fail --cookie jar --cookie-jar jar \
        --header 'content-type: application/json' --data "$2" "$api/$1"
}
post auth/ '{"username": "admin", "password": "password"}'
post mod/plugin '{"module": "oidc", "name": "oidc", "display_name": "OIDC", "parameters": {
    "iss": "http://127.0.0.1:'"$1"'/", "subject-type": "public",
    "jwt-type": "ecdsa", "jwt-key-size": "256",
    "key": "'"$(line key.pem)"'", "cert": "'"$(line public.pem)"'",
    "access-token-duration": 3600, "refresh-token-duration": 1209600, "code-duration": 600,
    "refresh-token-rolling": true, "one-time-use-refresh-token": "no",
    "auth-type-code-enabled": true, "auth-type-refresh-enabled": true,
    "pkce-allowed": true, "jwks-show": true,
    "introspection-revocation-allowed": true, "introspection-revocation-allow-target-client": true}}'
post 'client?source=database' '{"client_id": "app", "name": "Bench", "enabled": true, "confidential": true,
    "client_secret": "a-secret-that-only-this-machine-knows", "redirect_uri": ["https://bench.example/cb"],
    "authorization_type": ["code", "refresh_token"], "token_endpoint_auth_method": ["client_secret_basic"]}'
post 'user?source=database' '{"username": "bench", "name": "Bench", "enabled": true,
    "password": "correct horse battery", "scope": ["openid", "g_profile"]}'
