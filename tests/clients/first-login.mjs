// From an empty tenant to a verified token, with the official client and a JOSE library that share no code with us.
// Input: {"baseUrl", "apiKey"}; the key may do everything. Output: what each step saw, without secrets.
import { FusionAuthClient } from '@fusionauth/typescript-client';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { randomUUID } from 'node:crypto';
import { expect, input, refusal, report, step } from './program.mjs';

const { baseUrl, apiKey } = await input();
const client = new FusionAuthClient(apiKey, baseUrl);
const name = randomUUID();
const email = `${name}@example.com`;
const password = `first-login ${name}`;

const tenant = await step('create a tenant', async () => {
  const answer = await client.createTenant(null, { tenant: { name, issuer: `https://${name}.example.com` } });
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  return answer.response.tenant;
});
client.setTenantId(tenant.id);

const application = await step('create an application', async () => {
  const answer = await client.createApplication(null, {
    application: {
      name,
      roles: [{ name: 'reader', isDefault: true }, { name: 'writer' }],
      loginConfiguration: { allowTokenRefresh: true, generateRefreshTokens: true, requireAuthentication: true },
    },
  });
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  expect(answer.response.application.tenantId === tenant.id, 'the application is of another tenant');
  return answer.response.application;
});

const registered = await step('create a user with a registration', async () => {
  const answer = await client.register(null, { user: { email, password }, registration: { applicationId: application.id } });
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  expect(answer.response.user.email === email, 'the user has another email');
  expect(answer.response.user.password === undefined, 'the password came back');
  return answer.response;
});

const login = await step('log in', async () => {
  const answer = await client.login({ loginId: email, password, applicationId: application.id });
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  expect(answer.response.user.id === registered.user.id, 'another user logged in');
  expect(answer.response.refreshToken, 'no refresh token');
  return answer.response;
});

const refreshed = await step('refresh', async () => {
  const answer = await client.exchangeRefreshTokenForJWT({ refreshToken: login.refreshToken });
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  expect(answer.response.token !== login.token, 'the same access token again');
  return answer.response;
});

const validated = await step('validate', async () => {
  const answer = await client.validateJWT(refreshed.token);
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  expect(answer.response.jwt.sub === registered.user.id, 'the token is of another user');
  return answer.response.jwt;
});

const verified = await step('verify both tokens against the published keys', async () => {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', baseUrl));
  const expected = { issuer: tenant.issuer, audience: application.id, subject: registered.user.id };
  await jwtVerify(login.token, keys, expected);
  return await jwtVerify(refreshed.token, keys, expected);
});

const refused = await step('be refused', async () => ({
  wrongPassword: await refusal(() => client.login({ loginId: email, password: 'not this one', applicationId: application.id })),
  unknownUser: await refusal(() => client.login({ loginId: `no-${email}`, password, applicationId: application.id })),
  wrongKey: await refusal(() => new FusionAuthClient(randomUUID(), baseUrl, tenant.id).retrieveUser(registered.user.id)),
  alteredToken: await refusal(() => client.validateJWT(altered(refreshed.token))),
  unknownRefreshToken: await refusal(() => client.exchangeRefreshTokenForJWT({ refreshToken: randomUUID() })),
}));

report({
  tenantId: tenant.id,
  applicationId: application.id,
  userId: registered.user.id,
  roles: registered.registration.roles,
  tokenExpirationInstant: login.tokenExpirationInstant,
  refreshTokenId: login.refreshTokenId,
  refreshTokenIdKept: refreshed.refreshTokenId === login.refreshTokenId,
  refreshTokenRotated: refreshed.refreshToken !== login.refreshToken,
  header: verified.protectedHeader,
  claims: verified.payload,
  claimsByTheServer: validated,
  refused,
});

/** The same token with one character of its payload changed. */
function altered(token) {
  const [header, payload, signature] = token.split('.');
  const other = payload.at(8) === 'A' ? 'B' : 'A';
  return [header, payload.slice(0, 8) + other + payload.slice(9), signature].join('.');
}
