// openid-client as a plain OAuth client: everything from the metadata (RFC 8414),
// PKCE, state, and the issuer in the answer (RFC 9207).

// Node 18 has it, but not as a global.
import { webcrypto } from "node:crypto";
globalThis.crypto ??= webcrypto;

import * as oauth from "openid-client";
import { hear, me, refusal, say } from "./conversation.mjs";

const app = await hear();
const { server, redirect_uri, scope } = app;
const options = { algorithm: "oauth2", execute: [oauth.allowInsecureRequests] };

function client(secret) {
  const proof = {
    basic: oauth.ClientSecretBasic,
    body: oauth.ClientSecretPost,
    none: oauth.None,
  }[app.proof];
  const metadata = { client_secret: secret };
  return oauth.discovery(new URL(server), app.client_id, metadata, proof(secret), options);
}

const config = await client(app.client_secret);
const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
const expectedState = oauth.randomState();
const authorize = oauth.buildAuthorizationUrl(config, {
  redirect_uri,
  scope,
  code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
  state: expectedState,
});
say({ authorize: authorize.href });
const callback = new URL((await hear()).callback);

const checks = { pkceCodeVerifier, expectedState };
const exchange = (by) => oauth.authorizationCodeGrant(by, callback, checks);
// Where the refusal carries a challenge, the library leaves the body to its caller.
const refused = (attempt) =>
  refusal(attempt, (error) => (error.error ? error : error.response.json()));

if (app.denied) {
  say({ denied: await refused(() => exchange(config)) });
  process.exit();
}

const results = {};
if (app.proof !== "none") {
  const wrong = await client("wrong");
  results.wrong_secret = await refused(() => exchange(wrong));
}
results.token = await exchange(config);
results.me = await me(server, results.token.access_token);
if (app.proof !== "none") {
  results.introspected = await oauth.tokenIntrospection(config, results.token.access_token);
}

const refresh = () => oauth.refreshTokenGrant(config, results.token.refresh_token);
results.refreshed = await refresh();
results.me_refreshed = await me(server, results.refreshed.access_token);

await oauth.tokenRevocation(config, results.refreshed.refresh_token);
results.revoked = true;
results.me_after = await me(server, results.refreshed.access_token);
results.refresh_after = await refused(refresh);
results.replayed = await refused(() => exchange(config));
say(results);
process.exit();
