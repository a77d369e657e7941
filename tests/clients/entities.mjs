// Types, entities, grants and searches with the official client, to the end of their lives.
// Input: {"baseUrl", "apiKey"}; the key may do everything. Output: what each step saw, without secrets.
import { FusionAuthClient } from '@fusionauth/typescript-client';
import { randomUUID } from 'node:crypto';
import { expect, input, refusal, report, step } from './program.mjs';

const { baseUrl, apiKey } = await input();
const client = new FusionAuthClient(apiKey, baseUrl);
const name = randomUUID();

/** The body of an answer that has to be a success. */
async function ok(call) {
  const answer = await call;
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  return answer.response;
}

const tenant = await step('create a tenant', async () => (await ok(client.createTenant(null, { tenant: { name } }))).tenant);
client.setTenantId(tenant.id);

const type = await step('create a type with permissions', async () => {
  const { entityType } = await ok(client.createEntityType(null, { entityType: { name, permissions: [{ name: 'read', isDefault: true }] } }));
  const { permission } = await ok(client.createEntityTypePermission(entityType.id, null, { permission: { name: 'write', description: 'Writes' } }));
  await ok(client.updateEntityTypePermission(entityType.id, permission.id, { permission: { name: 'write' } }));
  await ok(client.patchEntityTypePermission(entityType.id, permission.id, { permission: { description: 'May write' } }));
  await ok(client.patchEntityType(entityType.id, { entityType: { jwtConfiguration: { enabled: true, timeToLiveInSeconds: 60 } } }));
  const read = (await ok(client.retrieveEntityType(entityType.id))).entityType;
  expect(read.permissions.map((p) => p.name).join() === 'read,write', 'other permissions');
  expect(read.jwtConfiguration.timeToLiveInSeconds === 60, 'another lifetime');
  expect((await ok(client.retrieveEntityTypes())).entityTypes.some((t) => t.id === entityType.id), 'the type is not listed');
  expect((await ok(client.searchEntityTypes({ search: { name } }))).total === 1, 'the type is not found');
  expect((await ok(client.searchEntityTypesByParameters(name, 10, 'name ASC', 0))).entityTypes.length === 1, 'the type is not found by parameters');
  await ok(client.updateEntityType(entityType.id, { entityType: { name, permissions: read.permissions } }));
  return read;
});

const [target, robot] = await step('create entities', async () => {
  const made = [];
  for (const kind of ['Target', 'Robot']) made.push((await ok(client.createEntity(randomUUID(), { entity: { name: kind, type: { id: type.id } } }))).entity);
  expect(made[0].clientId === made[0].id && made[0].clientSecret, 'no credentials');
  expect(made[0].type.name === name, 'the type is not shown');
  return made;
});

await step('change an entity', async () => {
  await ok(client.patchEntity(target.id, { entity: { data: { floor: 2 } } }));
  await ok(client.updateEntity(target.id, { entity: { name: 'Gate', type: { id: type.id }, data: { floor: 3 } } }));
  const read = (await ok(client.retrieveEntity(target.id))).entity;
  expect(read.name === 'Gate' && read.data.floor === 3 && read.clientSecret === target.clientSecret, 'the change did not hold');
});

const user = await step('create a user', async () => (await ok(client.createUser(null, { user: { email: `${name}@example.com`, password: `password ${name}` } }))).user);

const grants = await step('grant', async () => {
  await ok(client.upsertEntityGrant(target.id, { grant: { recipientEntityId: robot.id, permissions: ['read', 'write'] } }));
  await ok(client.upsertEntityGrant(target.id, { grant: { userId: user.id } }));
  const one = (await ok(client.retrieveEntityGrant(target.id, robot.id, null))).grant;
  expect(one.permissions.join() === 'read,write' && one.entity.id === target.id, 'another grant');
  expect((await ok(client.searchEntityGrants({ search: { userId: user.id } }))).total === 1, 'the grant is not found');
  expect((await ok(client.searchEntityGrantsByParameters(target.id, 'Gat*', undefined, 10, 'insertInstant DESC', 0))).total === 2, 'the grants are not found by parameters');
  const all = (await ok(client.retrieveEntityGrant(target.id, null, undefined))).grants;
  return { robot: all.find((g) => g.recipientEntityId === robot.id).permissions, user: all.find((g) => g.userId === user.id).permissions };
});

const found = await step('search', async () => {
  await ok(client.refreshEntitySearchIndex());
  expect((await ok(client.searchEntitiesByIds([target.id, robot.id]))).entities.length === 2, 'not found by id');
  const answer = await ok(client.searchEntities({ search: { queryString: 'name:gat*', sortFields: [{ name: 'name', order: 'asc' }] } }));
  return answer.entities.map((e) => e.name);
});

const refused = await step('be refused', async () => ({
  typeInUse: await refusal(() => client.deleteEntityType(type.id)),
  unknownPermission: await refusal(() => client.upsertEntityGrant(target.id, { grant: { userId: user.id, permissions: ['fly'] } })),
  unknownEntity: await refusal(() => client.retrieveEntity(randomUUID())),
}));

await step('remove everything', async () => {
  await ok(client.deleteEntityGrant(target.id, robot.id, null));
  for (const entity of [target, robot]) await ok(client.deleteEntity(entity.id));
  await ok(client.deleteEntityTypePermission(type.id, type.permissions[0].id));
  await ok(client.deleteEntityType(type.id));
});

report({ grants, found, refused });
