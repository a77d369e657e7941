// A relying party that others wrote checks logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6).
// Input: {"token", "jwks", "issuer", "audience", "now"}; "now" in seconds. Output: header and claims.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { expect, input, report, step } from './program.mjs';

const { token, jwks, issuer, audience, now } = await input();
const { payload, protectedHeader } = await step('verify', () => jwtVerify(token, createRemoteJWKSet(new URL(jwks)), {
  issuer, audience, typ: 'logout+jwt', currentDate: new Date(now * 1000), requiredClaims: ['iat', 'exp', 'jti', 'events', 'sub', 'sid'], maxTokenAge: '2m',
}));
await step('read the event', async () => {
  const event = payload.events['http://schemas.openid.net/event/backchannel-logout'];
  expect(typeof event === 'object' && Object.keys(event).length === 0, 'no logout event');
  expect(payload.nonce === undefined, 'there is a nonce');
});
report({ header: protectedHeader, claims: payload });
