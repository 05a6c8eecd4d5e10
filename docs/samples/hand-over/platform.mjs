// A platform's own login page that answers Grantor's hand-over challenges (docs/hand-over.md).
// Node alone, no package. It signs with ES256; Grantor has the public key.
//
//   node platform.mjs 9000 http://127.0.0.1:8080 platform.jwk.json
//
// writes the public key to platform.jwk.json at its start: name it as hand_over_keys_file, and
// http://127.0.0.1:9000/login as hand_over_url.

import { createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, grantor, keyFile] = process.argv.slice(2);
const origin = `http://127.0.0.1:${port}`;
const ANSWER_TO = `${grantor}/login/hand-over`;

// The platform's users, and who is logged in by which cookie. Yours are in your database.
const users = new Map([
  ['grace', { password: 'a bird in the hand', email: 'grace@platform.example', name: 'Grace Hopper' }],
]);
const sessions = new Map();

// A real platform keeps its key.
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
writeFileSync(keyFile, JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid: 'platform', alg: 'ES256', use: 'sig' }));

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (text) => JSON.parse(Buffer.from(text, 'base64url').toString());
const now = () => Math.floor(Date.now() / 1000);
const ecdsa = (key) => ({ key, dsaEncoding: 'ieee-p1363' });

/** The challenge's claims, once everything about it is right. */
async function readChallenge(text) {
  const [head, payload, signature] = text.split('.');
  const header = decode(head);
  if (header.alg !== 'ES256' || header.typ !== 'hand-over-challenge+jwt') throw new Error('not a challenge');
  const answer = await fetch(`${grantor}/api/1.0/openid_connect/jwks`);
  const { keys } = await answer.json();
  const jwk = keys.find((key) => key.kid === header.kid && key.alg === 'ES256');
  if (!jwk) throw new Error('an unknown key');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const good = verify('sha256', Buffer.from(`${head}.${payload}`), ecdsa(key), Buffer.from(signature, 'base64url'));
  const claims = decode(payload);
  if (!good || claims.iss !== grantor || claims.aud !== origin || claims.exp <= now()) throw new Error('not for us, or too old');
  if (claims.answer_to !== ANSWER_TO) throw new Error('leads elsewhere');
  return claims;
}

/** Where the browser goes with the answer. */
function answer(challenge, session) {
  const user = users.get(session.user);
  const claims = {
    iss: origin, aud: challenge.iss, jti: challenge.jti, iat: now(), exp: now() + 60,
    auth_time: session.since, sub: session.user,
    email: user.email, email_verified: true, name: user.name,
  };
  const input = `${encode({ alg: 'ES256', typ: 'hand-over-answer+jwt', kid: 'platform' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), ecdsa(privateKey)).toString('base64url');
  return `${ANSWER_TO}?${new URLSearchParams({ answer: `${input}.${signature}` })}`;
}

const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (challenge, why) => `<!doctype html><title>Platform</title><h1>Log in</h1><p>${escape(why)}</p>
<form method="post" action="/login"><input type="hidden" name="challenge" value="${escape(challenge)}">
<input name="user" aria-label="User"><input name="password" type="password" aria-label="Password">
<button name="action" value="login">Log in</button><button name="action" value="cancel">Cancel</button></form>`;

async function login(request, url) {
  const form = new URLSearchParams(request.method === 'POST' ? await body(request) : url.search);
  const text = form.get('challenge') ?? '';
  const challenge = await readChallenge(text);
  if (form.get('action') === 'cancel') {
    return { to: `${ANSWER_TO}?${new URLSearchParams({ error: 'access_denied', state: challenge.jti })}` };
  }
  if (request.method === 'POST') {
    const user = form.get('user');
    if (users.get(user)?.password !== form.get('password')) return { html: page(text, 'That is not right.') };
    const id = randomBytes(16).toString('hex');
    sessions.set(id, { user, since: now() });
    return { to: answer(challenge, sessions.get(id)), cookie: `platform=${id}; HttpOnly; SameSite=Lax; Path=/` };
  }
  // Whoever is logged in already need not see the page, unless a login anew is wanted.
  const session = sessions.get(/(?:^|; )platform=(\w+)/.exec(request.headers.cookie ?? '')?.[1]);
  if (session && challenge.prompt !== 'login') return { to: answer(challenge, session) };
  return { html: page(text, '') };
}

async function body(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 65536) throw new Error('too long');
  }
  return text;
}

createServer(async (request, response) => {
  try {
    const { to, html, cookie } = await login(request, new URL(request.url, origin));
    if (cookie) response.setHeader('Set-Cookie', cookie);
    if (to) response.writeHead(303, { Location: to }).end();
    else response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  } catch (error) {
    response.writeHead(400, { 'Content-Type': 'text/plain' }).end(`${error.message}\n`);
  }
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));
