// simple-oauth2: HTTP Basic without client_id in the body; neither state nor PKCE,
// as its documentation shows it, so the app needs the tick for that.

import { AuthorizationCode } from "simple-oauth2";
import { hear, me, refusal, say } from "./conversation.mjs";

const app = await hear();
const { server, redirect_uri, scope } = app;

function client(secret) {
  return new AuthorizationCode({
    client: { id: app.client_id, secret },
    auth: {
      tokenHost: server,
      tokenPath: "/-/oauth_token",
      authorizePath: "/-/oauth_authorize",
      revokePath: "/-/oauth_revoke",
    },
  });
}

const connect = client(app.client_secret);
const refused = (attempt) => refusal(attempt, (error) => error.data?.payload);

say({ authorize: connect.authorizeURL({ redirect_uri, scope }) });
const callback = new URL((await hear()).callback);
const code = callback.searchParams.get("code");
const exchange = (by) => by.getToken({ code, redirect_uri });

const wrong_secret = await refused(() => exchange(client("wrong")));
let token = await exchange(connect);
const results = { wrong_secret, token: token.token };
results.me = await me(server, token.token.access_token);

token = await token.refresh({ redirect_uri, scope: "default" });
results.refreshed = token.token;
results.me_refreshed = await me(server, token.token.access_token);

await token.revoke("refresh_token");
results.revoked = true;
results.me_after = await me(server, token.token.access_token);
results.refresh_after = await refused(() => token.refresh());
results.replayed = await refused(() => exchange(connect));
say(results);
process.exit();
