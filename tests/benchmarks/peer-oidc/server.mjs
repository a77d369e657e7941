// oidc-provider as it comes, with everything in its own memory: ES256, client_secret_basic, refresh tokens that rotate.
// The one addition stands in for a person at a login page: POST /sessions answers a refresh token of a new grant, and an
// opaque access token of it. Prints where it listens; SIGTERM ends it.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [clientId, clientSecret] = process.argv.slice(2);
const api = 'urn:benchmark:api';
const scopes = 'openid offline_access read';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const day = 24 * 60 * 60;

const provider = new Provider('http://localhost', {
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'peer-1' }] },
  clients: [{
    client_id: clientId,
    client_secret: clientSecret,
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    redirect_uris: ['https://client.example.com/callback'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  }],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  scopes: ['openid', 'offline_access', 'read'],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  rotateRefreshToken: true,
  ttl: { AccessToken: 3600, ClientCredentials: 3600, IdToken: 3600, Grant: 30 * day, RefreshToken: 30 * day },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    // Access tokens for an API are JWTs signed with ES256, as ours are.
    resourceIndicators: {
      enabled: true,
      defaultResource: () => api,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'read', audience: api, accessTokenFormat: 'jwt', accessTokenTTL: 3600, jwt: { sign: { alg: 'ES256' } } }),
    },
  },
});
provider.on('server_error', (_, error) => console.error(error));

async function newSession() {
  const [client, accountId] = [await provider.Client.find(clientId), randomUUID()];
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(scopes);
  grant.addResourceScope(api, 'read');
  const shared = { client, accountId, grantId: await grant.save(), scope: scopes, gty: 'authorization_code', expiresWithSession: false };
  const authTime = Math.floor(Date.now() / 1000);
  const refresh = new provider.RefreshToken({ ...shared, authTime, amr: ['pwd'], resource: api, rotations: 0 });
  const access = new provider.AccessToken({ ...shared });
  return { refreshToken: await refresh.save(), accessToken: await access.save() };
}

const answer = provider.callback();
const server = createServer((request, response) => {
  if (request.url === '/floor') return response.end();
  if (request.url !== '/sessions') return answer(request, response);
  return newSession().then((session) => response.end(JSON.stringify(session)), (error) => response.writeHead(500).end(String(error)));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`Now listening on: http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
