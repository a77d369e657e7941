// The logs with the official client: audit log, event log, login records, events of webhooks and attempts to deliver them.
// Input: {"baseUrl", "apiKey", "eventId", "attemptId", "loginId", "password", "applicationId"}; the event and the attempt are there.
import { FusionAuthClient } from '@fusionauth/typescript-client';
import { randomUUID } from 'node:crypto';
import { expect, input, refusal, report, step } from './program.mjs';

const { baseUrl, apiKey, eventId, attemptId, loginId, password, applicationId } = await input();
const client = new FusionAuthClient(apiKey, baseUrl);
const word = randomUUID();

/** The body of an answer that has to be a success. */
async function ok(call) {
  const answer = await call;
  expect(answer.statusCode === 200, `status ${answer.statusCode}`);
  return answer.response;
}

await step('the audit log', async () => {
  const { auditLog } = await ok(client.createAuditLog({ auditLog: { insertUser: 'ada@example.com', message: `Did ${word}`, reason: 'because', oldValue: { a: 1 }, newValue: { a: 2 }, data: { b: 3 } } }));
  const found = await ok(client.searchAuditLogs({ search: { message: `*${word}*`, user: 'ADA@example.com', orderBy: 'insertInstant DESC', numberOfResults: 5, startRow: 0 } }));
  expect(found.total === 1 && found.auditLogs[0].id === auditLog.id, 'not found');
  const { auditLog: read } = await ok(client.retrieveAuditLog(auditLog.id));
  expect(read.newValue.a === 2 && read.data.b === 3 && read.reason === 'because', 'not as it was');
  expect((await ok(client.searchAuditLogs({ search: { message: word, start: Date.now() + 10 ** 12 } }))).total === 0, 'found in the future');
});

await step('the event log', async () => {
  const found = await ok(client.searchEventLogs({ search: { type: 'Information', numberOfResults: 1 } }));
  expect(found.total >= 1 && found.eventLogs.length === 1, 'nothing there');
  expect((await ok(client.retrieveEventLog(found.eventLogs[0].id))).eventLog.message === found.eventLogs[0].message, 'another entry');
});

await step('login records', async () => {
  await ok(client.login({ loginId, password, applicationId }));
  const found = await ok(client.searchLoginRecords({ retrieveTotal: true, search: { applicationId } }));
  expect(found.total >= 1 && found.logins[0].loginId === loginId, 'not recorded');
});

await step('events of webhooks', async () => {
  const found = await ok(client.searchWebhookEventLogs({ search: { eventType: 'user.create', eventResult: 'Succeeded', event: '*lovelace*' } }));
  expect(found.webhookEventLogs.some((log) => log.id === eventId), 'not found');
  const { webhookEventLog } = await ok(client.retrieveWebhookEventLog(eventId));
  expect(webhookEventLog.attempts[0].id === attemptId && webhookEventLog.successfulAttempts === 1, 'no attempt');
  expect((await ok(client.retrieveWebhookAttemptLog(attemptId))).webhookAttemptLog.webhookCallResponse.statusCode === 204, 'another status');
});

const configured = await step('the configuration of the system', async () => {
  const { systemConfiguration } = await ok(client.retrieveSystemConfiguration());
  await ok(client.updateSystemConfiguration({ systemConfiguration: { ...systemConfiguration, eventLogConfiguration: { numberToRetain: 500 } } }));
  await ok(client.patchSystemConfiguration({ systemConfiguration: { auditLogConfiguration: { delete: { enabled: true } } } }));
  return (await ok(client.retrieveSystemConfiguration())).systemConfiguration;
});

const refused = await step('refusals', async () => ({
  unknown: await refusal(() => client.retrieveAuditLog(999999999)),
  order: await refusal(() => client.searchAuditLogs({ search: { orderBy: 'secret ASC' } })),
}));

report({ configured, refused });
