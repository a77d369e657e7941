// Webhooks with the official client, from creation to deletion.
// Input: {"baseUrl", "apiKey"}; the key may do everything. Output: what each step saw; one webhook is left behind.
import { FusionAuthClient } from '@fusionauth/typescript-client';
import { randomUUID } from 'node:crypto';
import { expect, input, refusal, report, step } from './program.mjs';

const { baseUrl, apiKey } = await input();
const client = new FusionAuthClient(apiKey, baseUrl);
const name = randomUUID();
const webhook = {
  url: `https://${name}.example.com/events`, description: `Webhook ${name}`, global: true, connectTimeout: 1000, readTimeout: 2000,
  eventsEnabled: { 'user.create': true, 'user.delete': false }, headers: { 'X-Api-Key': 'key', 'X-Team': 'login' },
  httpAuthenticationUsername: 'robot', httpAuthenticationPassword: 'secret',
};

/** The body of an answer that has to be a success. */
async function ok(call) {
  const answer = await call;
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  return answer.response;
}

const made = await step('create', async () => (await ok(client.createWebhook(null, { webhook }))).webhook);

await step('retrieve', async () => {
  const { webhook: read } = await ok(client.retrieveWebhook(made.id));
  expect(read.url === webhook.url && read.eventsEnabled['user.create'] === true, 'not what was created');
  expect(!read.httpAuthenticationPassword && !read.secret && read.headers['X-Api-Key'] !== 'key', 'a secret is shown');
  expect((await ok(client.retrieveWebhooks())).webhooks.some((w) => w.id === made.id), 'not listed');
});

await step('update with what was read', async () => {
  const { webhook: read } = await ok(client.retrieveWebhook(made.id));
  const { webhook: next } = await ok(client.updateWebhook(made.id, { webhook: { ...read, readTimeout: 3000 } }));
  expect(next.readTimeout === 3000 && next.eventsEnabled['user.create'] === true, 'the change did not hold');
});

await step('patch', async () => {
  const { webhook: next } = await ok(client.patchWebhook(made.id, { webhook: { description: `Patched ${name}`, eventsEnabled: { 'user.update': true } } }));
  expect(next.eventsEnabled['user.create'] && next.eventsEnabled['user.update'] && next.readTimeout === 3000, 'the patch took more than it said');
});

await step('search', async () => {
  const found = await ok(client.searchWebhooks({ search: { description: `*${name}`, orderBy: 'description ASC' } }));
  expect(found.total === 1 && found.webhooks[0].id === made.id, 'not found');
});

await step('a webhook of a tenant', async () => {
  const { tenant } = await ok(client.createTenant(null, { tenant: { name }, webhookIds: [made.id] }));
  const id = randomUUID();
  await ok(client.createWebhook(id, { webhook: { ...webhook, global: false, tenantIds: [tenant.id] } }));
  expect((await ok(client.searchWebhooks({ search: { tenantId: tenant.id, url: name } }))).total === 2, 'not those that serve the tenant');
  await ok(client.deleteWebhook(id));
  await refusal(() => client.retrieveWebhook(id));
});

const refused = await step('refusals', async () => ({
  noTimeout: await refusal(() => client.createWebhook(null, { webhook: { ...webhook, connectTimeout: undefined } })),
  unknown: await refusal(() => client.retrieveWebhook(randomUUID())),
}));

report({ id: made.id, secret: made.secret, refused });
