// A peer of the benchmark: node-oidc-provider with what it keeps in memory, its own
// interactions for development and nothing else. `node server.mjs PORT CALLBACK`
import { Provider } from 'oidc-provider';

const [port, callback] = process.argv.slice(2);
const secret = 'a secret that only this machine knows';
const configuration = {
  clients: [{
    client_id: 'app',
    client_secret: secret,
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'client_secret_post',
  }],
  jwks: { keys: [await signingKey()] },
  cookies: { keys: [secret] },
  claims: { openid: ['sub'], email: ['email'] },
  features: { introspection: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: 'bench@example.org' }) }),
  // Also without offline_access, as the servers beside it do.
  issueRefreshToken: () => true,
};

async function signingKey() {
  const pair = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  return { ...await crypto.subtle.exportKey('jwk', pair.privateKey), use: 'sig', alg: 'ES256' };
}

const provider = new Provider(`http://127.0.0.1:${port}`, configuration);
provider.listen(Number(port), '127.0.0.1');
