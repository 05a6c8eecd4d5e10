// node-oidc-provider as the provider that a Grantor's users come from: its own pages for
// development, where any name logs in. Reads {port, callback, secret}; says when it listens.
import { Provider } from 'oidc-provider';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin });
const { port, callback, secret } = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);

async function signingKey() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  // Without key_ops: the provider would publish that its public key signs.
  return { kty, crv, x, y, d, use: 'sig', alg: 'ES256' };
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'grantor',
    client_secret: secret,
    redirect_uris: [callback],
    id_token_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [await signingKey()] },
  cookies: { keys: [secret] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: 'Grace Hopper', email: `${id}@provider.example`, email_verified: true }),
  }),
});
provider.listen(Number(port), '127.0.0.1', () => console.log(JSON.stringify({ listening: true })));
