// A certified OpenID Connect client against one tenant, with nothing but its discovery address: every grant and endpoint.
// Input: {"issuer", "confidential": {"id","secret"}, "public": {"id"}, "entity": {"id","secret","target"}, "redirectUri",
// "afterLogout", "loginId", "password"}. Output: what each step saw, without secrets.
import * as oidc from 'openid-client';
import { Browser } from './browser.mjs';
import { expect, input, report, step } from './program.mjs';

const given = await input();
const insecure = { execute: [oidc.allowInsecureRequests] };
const seen = {};

const confidential = await step('discover by the issuer alone', () =>
  oidc.discovery(new URL(given.issuer), given.confidential.id, given.confidential.secret, oidc.ClientSecretBasic(given.confidential.secret), insecure));
const metadata = confidential.serverMetadata();
seen.issuer = metadata.issuer;
await step('read the same by RFC 8414', async () => {
  const other = await oidc.discovery(new URL(given.issuer), given.confidential.id, undefined, undefined, { ...insecure, algorithm: 'oauth2' });
  expect(other.serverMetadata().token_endpoint === metadata.token_endpoint, 'another token endpoint');
});
const open = await step('discover as a public client', () => oidc.discovery(new URL(given.issuer), given.public.id, undefined, oidc.None(), insecure));

/** Sends a browser through an authorization request; answers where it ends. */
async function authorize(browser, config, parameters, { pushed = false, sign = true, dpop } = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const request = {
    redirect_uri: given.redirectUri, scope: 'openid profile email offline_access', state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...parameters,
  };
  const url = pushed ? await oidc.buildAuthorizationUrlWithPAR(config, request, { DPoP: dpop }) : oidc.buildAuthorizationUrl(config, request);
  const end = await browser.follow(url, sign ? { loginId: given.loginId, password: given.password } : null);
  return { end, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } };
}

const browser = new Browser(given.redirectUri);
const tokens = await step('sign in with code and PKCE', async () => {
  const { end, checks } = await authorize(browser, confidential, {});
  return oidc.authorizationCodeGrant(confidential, end, checks);
});
seen.claims = tokens.claims();

await step('read userinfo', async () => {
  const info = await oidc.fetchUserInfo(confidential, tokens.access_token, tokens.claims().sub);
  expect(info.email === given.loginId, 'another e-mail');
});

const refreshed = await step('refresh', async () => {
  const next = await oidc.refreshTokenGrant(confidential, tokens.refresh_token);
  expect(next.claims().sub === tokens.claims().sub && next.access_token !== tokens.access_token, 'not a new token of the same user');
  return next;
});

await step('refresh for less', async () => {
  const less = await oidc.refreshTokenGrant(confidential, refreshed.refresh_token, { scope: 'openid' });
  expect(less.scope === 'openid', `scope ${less.scope}`);
});

await step('refuse to refresh for more', () => refused(() => oidc.refreshTokenGrant(confidential, refreshed.refresh_token, { scope: 'openid address' }), 'invalid_scope'));

await step('silent sign-in in the same browser', async () => {
  const { end, checks } = await authorize(browser, confidential, { prompt: 'none' }, { sign: false });
  await oidc.authorizationCodeGrant(confidential, end, checks);
});

await step('silent sign-in in another browser', async () => {
  const { end, checks } = await authorize(new Browser(given.redirectUri), confidential, { prompt: 'none' }, { sign: false });
  await refused(() => oidc.authorizationCodeGrant(confidential, end, checks), 'login_required');
});

await step('an age that the session has not got asks again, and says so', async () => {
  const { end, checks } = await authorize(browser, confidential, { max_age: '0' });
  const again = await oidc.authorizationCodeGrant(confidential, end, { ...checks, maxAge: 60 });
  expect(again.claims().auth_time >= tokens.claims().auth_time, 'an older sign-in');
});

await step('introspect', async () => {
  expect((await oidc.tokenIntrospection(confidential, refreshed.access_token)).active === true, 'the token is not active');
  expect((await oidc.tokenIntrospection(confidential, 'nonsense')).active === false, 'nonsense is active');
});

await step('revoke, and see that it is over', async () => {
  await oidc.tokenRevocation(confidential, refreshed.refresh_token);
  expect((await oidc.tokenIntrospection(confidential, refreshed.access_token)).active === false, 'the access token is still active');
  await refused(() => oidc.refreshTokenGrant(confidential, refreshed.refresh_token), 'invalid_grant');
});

await step('a public client rotates, and a second use ends the family', async () => {
  const { end, checks } = await authorize(new Browser(given.redirectUri), open, {});
  const first = await oidc.authorizationCodeGrant(open, end, checks);
  const second = await oidc.refreshTokenGrant(open, first.refresh_token);
  expect(second.refresh_token !== first.refresh_token, 'the token did not rotate');
  await refused(() => oidc.refreshTokenGrant(open, first.refresh_token), 'invalid_grant');
  await refused(() => oidc.refreshTokenGrant(open, second.refresh_token), 'invalid_grant');
});

await step('push the request', async () => {
  const { end, checks } = await authorize(new Browser(given.redirectUri), confidential, {}, { pushed: true });
  await oidc.authorizationCodeGrant(confidential, end, checks);
});

await step('prove a key with every request', async () => {
  const handle = oidc.getDPoPHandle(open, await oidc.randomDPoPKeyPair('ES256'));
  const { end, checks } = await authorize(new Browser(given.redirectUri), open, {}, { pushed: true, dpop: handle });
  const bound = await oidc.authorizationCodeGrant(open, end, checks, undefined, { DPoP: handle });
  expect(bound.token_type === 'dpop', `token type ${bound.token_type}`);
  await oidc.fetchUserInfo(open, bound.access_token, bound.claims().sub, { DPoP: handle });
  const next = await oidc.refreshTokenGrant(open, bound.refresh_token, undefined, { DPoP: handle });
  await refused(() => oidc.fetchUserInfo(open, next.access_token, bound.claims().sub), 401);
  await refused(() => oidc.refreshTokenGrant(open, next.refresh_token), 'invalid_grant');
  const other = oidc.getDPoPHandle(open, await oidc.randomDPoPKeyPair('ES256'));
  await refused(() => oidc.fetchUserInfo(open, next.access_token, bound.claims().sub, { DPoP: other }), 401);
});

await step('sign a device in', async () => {
  const device = await oidc.initiateDeviceAuthorization(confidential, { scope: 'openid offline_access' });
  const approving = new Browser(given.redirectUri);
  await approving.approve(device.verification_uri_complete, { loginId: given.loginId, password: given.password });
  const got = await oidc.pollDeviceAuthorizationGrant(confidential, device);
  expect(got.claims().sub === tokens.claims().sub, 'another user');
});

await step('client credentials of an entity', async () => {
  const machine = await oidc.discovery(new URL(given.issuer), given.entity.id, given.entity.secret, oidc.ClientSecretPost(given.entity.secret), insecure);
  const got = await oidc.clientCredentialsGrant(machine, { scope: `target-entity:${given.entity.target}:read` });
  expect(got.refresh_token === undefined && got.expires_in > 0, 'not an entity token');
  await refused(() => oidc.clientCredentialsGrant(machine, { scope: `target-entity:${given.entity.target}:write` }), 'invalid_scope');
});

await step('log out, and be a stranger again', async () => {
  const url = oidc.buildEndSessionUrl(confidential, { id_token_hint: tokens.id_token, post_logout_redirect_uri: given.afterLogout, state: 'bye' });
  const end = await browser.followTo(url, given.afterLogout);
  expect(end.searchParams.get('state') === 'bye', 'the state is gone');
  const { end: after, checks } = await authorize(browser, confidential, { prompt: 'none' }, { sign: false });
  await refused(() => oidc.authorizationCodeGrant(confidential, after, checks), 'login_required');
});

report(seen);

/** Passes when the call fails with this OAuth error or HTTP status. */
async function refused(call, reason) {
  let accepted;
  try {
    accepted = await call();
  } catch (error) {
    const status = error.status ?? error.cause?.status ?? error.response?.status;
    expect(error.error === reason || status === reason, `refused with ${error.error ?? status ?? error.message} and not ${reason}`);
    return;
  }
  throw new Error(`accepted: ${Object.keys(accepted)}`);
}
