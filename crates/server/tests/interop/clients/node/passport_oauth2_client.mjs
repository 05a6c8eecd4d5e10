// passport-oauth2 in a web server of its own: the browser comes to /connect, and the
// callback logs the user in. With `state`, also PKCE; without, neither.

import express from "express";
import session from "express-session";
import passport from "passport";
import OAuth2Strategy from "passport-oauth2";
import { hear, me, refusal, say } from "./conversation.mjs";

const app = await hear();
const { server, redirect_uri, scope } = app;

const strategy = new OAuth2Strategy(
  {
    authorizationURL: `${server}/-/oauth_authorize`,
    tokenURL: `${server}/-/oauth_token`,
    clientID: app.client_id,
    clientSecret: app.client_secret,
    callbackURL: redirect_uri,
    scope: scope.split(" "),
    state: app.state,
    pkce: app.state,
  },
  (accessToken, refreshToken, params, profile, done) =>
    done(null, { ...profile, token: { ...params, refresh_token: refreshToken } }),
);
const http = strategy._oauth2;
http.useAuthorizationHeaderforGET(true);

strategy.userProfile = (accessToken, done) =>
  http.get(`${server}/api/1.0/users/me`, accessToken, (error, body, response) =>
    done(error, error ? null : { me: { status: response.statusCode, body: JSON.parse(body) } }),
  );
passport.use(strategy);

function fetchToken(grant, params) {
  return new Promise((resolve, reject) =>
    http.getOAuthAccessToken(grant, params, (error, access_token, refresh_token, rest) =>
      error ? reject(error) : resolve({ ...rest, access_token, refresh_token }),
    ),
  );
}

// node-oauth leaves the answer as text, passport makes an error of it.
const refused = (attempt) => refusal(attempt, (error) => JSON.parse(error.data));

async function everythingAfter({ me: first, token }, code) {
  const refresh = () =>
    fetchToken(token.refresh_token, { grant_type: "refresh_token", redirect_uri });
  const replay = () => fetchToken(code, { grant_type: "authorization_code", redirect_uri });
  const refreshed = await refresh();
  const me_refreshed = await me(server, refreshed.access_token);
  const revocation = await fetch(`${server}/-/oauth_revoke`, {
    method: "POST",
    body: new URLSearchParams({
      token: refreshed.refresh_token,
      client_id: app.client_id,
      client_secret: app.client_secret,
    }),
  });
  return {
    token,
    me: first,
    refreshed,
    me_refreshed,
    revoked: revocation.status === 200,
    me_after: await me(server, refreshed.access_token),
    refresh_after: await refused(refresh),
    // The verifier left the browser's session with the first exchange.
    replayed: app.state ? null : await refused(replay),
    wrong_secret: await refused(() => {
      http._clientSecret = "wrong";
      return refresh();
    }),
  };
}

const web = express();
web.use(session({ secret: "only a test", resave: false, saveUninitialized: false }));
web.get("/connect", passport.authenticate("oauth2", { session: false }));
web.get(
  new URL(redirect_uri).pathname,
  (request, response, next) => {
    passport.authenticate("oauth2", { session: false }, (error, user, info) => {
      if (error) return next(error);
      if (!user) return say({ denied: { error: request.query.error, description: info.message } });
      response.end("connected");
      everythingAfter(user, request.query.code).then(say, next);
    })(request, response, next);
  },
);
web.use((error, request, response, next) => {
  console.error(error);
  process.exit(1);
});
const { port, hostname } = new URL(redirect_uri);
web.listen(Number(port), hostname, () => say({ authorize: `http://${hostname}:${port}/connect` }));
