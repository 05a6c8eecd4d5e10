// openid-client as an OpenID client: discovery, nonce, the ID token's signature by the
// published keys, userinfo; in each flow that it has.

// Node 18 has it, but not as a global.
import { webcrypto } from "node:crypto";
globalThis.crypto ??= webcrypto;

import * as openid from "openid-client";
import { hear, say } from "./conversation.mjs";

const app = await hear();
const { server, redirect_uri, scope, flow } = app;

const metadata = { client_secret: app.client_secret ?? undefined };
const proof = app.client_secret ? openid.ClientSecretBasic(app.client_secret) : openid.None();
const execute = [openid.allowInsecureRequests, openid.enableNonRepudiationChecks];
if (flow === "hybrid") execute.push(openid.useCodeIdTokenResponseType);
if (flow === "implicit") execute.push(openid.useIdTokenResponseType);
const config = await openid.discovery(new URL(server), app.client_id, metadata, proof, {
  execute,
});

const pkceCodeVerifier = openid.randomPKCECodeVerifier();
const expectedState = openid.randomState();
const expectedNonce = openid.randomNonce();
const authorize = openid.buildAuthorizationUrl(config, {
  redirect_uri,
  scope,
  state: expectedState,
  nonce: expectedNonce,
  max_age: "3600",
  ...(flow !== "implicit" && {
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  }),
});
say({ authorize: authorize.href });
const callback = new URL((await hear()).callback);

if (flow === "implicit") {
  const claims = await openid.implicitAuthentication(config, callback, expectedNonce, {
    expectedState,
    maxAge: 3600,
  });
  say({ claims });
  process.exit();
}

const tokens = await openid.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier,
  expectedState,
  expectedNonce,
  maxAge: 3600,
  idTokenExpected: true,
});
const claims = tokens.claims();
const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token);
say({ claims, userinfo, refreshed: refreshed.claims() });
process.exit();
