// A receiver that others wrote checks what this server signs: Standard Webhooks by its reference library, the contract's JWT by jose.
// Input: {"body", "headers", "secrets", "now", "jwks", "secret"}. Output: {"failed": secrets that do not fit, "jwt": header, "claims": their names}.
import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { compactVerify, createRemoteJWKSet } from 'jose';
import { expect, input, report, step } from './program.mjs';

const { body, headers, secrets, now, jwks, secret } = await input();
const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const result = { failed: [] };

// The library takes the time from the machine.
if (now) Date.now = () => now * 1000;
for (const one of secrets) {
  try {
    const event = new Webhook(one).verify(body, named);
    expect(event.event.id === named['webhook-id'], 'another id');
  } catch (error) {
    result.failed.push(one);
  }
}

if (jwks) {
  const verified = await step('verify', () => {
    const key = secret ? new TextEncoder().encode(secret) : createRemoteJWKSet(new URL(jwks));
    return compactVerify(named['x-fusionauth-signature-jwt'], key);
  });
  const claims = JSON.parse(new TextDecoder().decode(verified.payload));
  await step('compare the hash', async () => expect(claims.request_body_sha256 === createHash('sha256').update(body).digest('base64'), 'another hash'));
  result.jwt = verified.protectedHeader;
  result.claims = Object.keys(claims);
}

report(result);
