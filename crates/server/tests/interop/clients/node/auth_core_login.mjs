// @auth/core, which is behind NextAuth and others: given an issuer and the credentials,
// it does the rest. It answers requests, so no web server is needed.

// Node 18 has it, but not as a global.
import { webcrypto } from "node:crypto";
globalThis.crypto ??= webcrypto;

import { Auth } from "@auth/core";
import { hear, say } from "./conversation.mjs";

const app = await hear();
const { origin } = new URL(app.redirect_uri);

const config = {
  basePath: "/auth",
  secret: "only a test, and as long as it must be",
  trustHost: true,
  providers: [
    {
      id: "grantor",
      name: "Grantor",
      type: "oidc",
      issuer: app.server,
      clientId: app.client_id,
      clientSecret: app.client_secret,
      checks: ["pkce", "state", "nonce"],
      authorization: { params: { scope: app.scope } },
    },
  ],
  callbacks: {
    jwt: ({ token, profile }) => ({ ...token, ...(profile && { profile }) }),
    session: ({ session, token }) => ({ ...session, profile: token.profile }),
  },
};

const jar = new Map();

/** A request of the user's browser, with its cookies. */
async function visit(path, body) {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const request = new Request(new URL(path, origin), {
    method: body ? "POST" : "GET",
    headers: { cookie },
    body: body && new URLSearchParams(body),
  });
  const response = await Auth(request, config);
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    jar.set(name, value);
  }
  return response;
}

const { csrfToken } = await (await visit("/auth/csrf")).json();
const signIn = await visit("/auth/signin/grantor", { csrfToken, callbackUrl: origin });
say({ authorize: signIn.headers.get("location") });
const callback = new URL((await hear()).callback);
const back = await visit(callback.pathname + callback.search);
const session = await (await visit("/auth/session")).json();
say({ back: back.headers.get("location"), claims: session.profile, user: session.user });
process.exit();
