// The official client's operations about passkeys that need no browser.
// Input: {url, key, tenant, application, user, email}. Answers what the client saw.
import { FusionAuthClient } from '@fusionauth/typescript-client';
import { expect, input, report, step } from './program.mjs';

const { url, key, tenant, application, user, email } = await input();
const client = new FusionAuthClient(key, url, tenant);
const started = await step('start a registration', () => client.startWebAuthnRegistration({ userId: user, displayName: 'Key', workflow: 'general' }));
expect(started.response.options.rp.id === 'login.example.com' && started.response.options.challenge, JSON.stringify(started.response));
const asked = await step('start a login', () => client.startWebAuthnLogin({ loginId: email, applicationId: application, workflow: 'bootstrap' }));
expect(asked.response.options.allowCredentials.length > 0, JSON.stringify(asked.response));
const held = await step('list', () => client.retrieveWebAuthnCredentialsForUser(user));
const [{ id }] = held.response.credentials;
const one = await step('read', () => client.retrieveWebAuthnCredential(id));
await step('remove one', () => client.deleteWebAuthnCredential(id));
const gone = await client.retrieveWebAuthnCredential(id).catch((error) => error);
await step('remove all', () => client.deleteWebAuthnCredentialsForUser(user));
report({ credentials: held.response.credentials.length, name: one.response.credential.name, gone: gone.statusCode });
