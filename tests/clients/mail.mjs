// Templates of mails and messages, messengers and a mailing with the official client, to the end of their lives.
// Input: {"baseUrl", "apiKey"}; the key may do everything. Output: what each step saw, without secrets.
import { FusionAuthClient } from '@fusionauth/typescript-client';
import { randomUUID } from 'node:crypto';
import { expect, input, refusal, report, step } from './program.mjs';

const { baseUrl, apiKey } = await input();
const client = new FusionAuthClient(apiKey, baseUrl);
const name = randomUUID();

/** The body of an answer that has to be a success. */
async function ok(call, status = 200) {
  const answer = await call;
  expect(answer.statusCode === status, `status ${answer.statusCode}`);
  return answer.response;
}

const emailTemplate = {
  name, defaultSubject: 'Hello {{user.firstName}}', defaultHtmlTemplate: '<p>{{user.firstName}}</p>', defaultTextTemplate: '{{user.firstName}}',
  localizedSubjects: { de: 'Hallo {{user.firstName}}' },
};

const mail = await step('a mail template', async () => {
  const { emailTemplate: made } = await ok(client.createEmailTemplate(null, { emailTemplate }));
  expect((await ok(client.retrieveEmailTemplate(made.id))).emailTemplate.localizedSubjects.de, 'no localized subject');
  expect((await ok(client.retrieveEmailTemplates())).emailTemplates.some((t) => t.id === made.id), 'not listed');
  expect((await ok(client.searchEmailTemplates({ search: { name } }))).total === 1, 'not found');
  await ok(client.patchEmailTemplate(made.id, { emailTemplate: { fromEmail: 'hello@acme.example' } }));
  const { emailTemplate: next } = await ok(client.updateEmailTemplate(made.id, { emailTemplate: { ...emailTemplate, defaultFromName: 'Acme' } }));
  expect(!next.fromEmail && next.defaultFromName === 'Acme', 'the replacement did not hold');
  return next;
});

const preview = await step('its preview', async () => (await ok(client.retrieveEmailTemplatePreview({ emailTemplate: mail, locale: 'de' }))).email);

const sent = await step('sent to a user and an address', async () => {
  const { user } = await ok(client.createUser(null, { user: { email: `${name}@example.com`, password: 'correct horse battery', firstName: 'Ada' } }));
  return ok(client.sendEmail(mail.id, { userIds: [user.id], toAddresses: [{ address: 'bob@example.com', display: 'Bob' }] }), 202);
});

const message = await step('a message template', async () => {
  const { messageTemplate: made } = await ok(client.createMessageTemplate(null, { messageTemplate: { name, type: 'SMS', defaultTemplate: 'Code {{code}}', localizedTemplates: { de: 'Ihr Code: {{code}}' } } }));
  await ok(client.patchMessageTemplate(made.id, { messageTemplate: { localizedTemplates: { fr: '{{code}}' } } }));
  expect((await ok(client.retrieveMessageTemplates())).messageTemplates.some((t) => t.id === made.id), 'not listed');
  return (await ok(client.retrieveMessageTemplatePreview({ messageTemplate: (await ok(client.retrieveMessageTemplate(made.id))).messageTemplate, locale: 'de' }))).message.textMessage;
});

await step('messengers', async () => {
  const generic = { name, type: 'Generic', url: 'https://sms.example/send', connectTimeout: 1000, readTimeout: 2000, httpAuthenticationUsername: 'robot', httpAuthenticationPassword: 'secret' };
  const { messenger } = await ok(client.createMessenger(null, { messenger: generic }));
  expect(!messenger.httpAuthenticationPassword, 'the password is shown');
  await ok(client.updateMessenger(messenger.id, { messenger: { ...messenger, readTimeout: 3000 } }));
  expect((await ok(client.retrieveMessenger(messenger.id))).messenger.readTimeout === 3000, 'the change did not hold');
  expect((await ok(client.retrieveMessengers())).messengers.some((m) => m.id === messenger.id), 'not listed');
  await ok(client.deleteMessenger(messenger.id));
});

const refused = await step('refusals', async () => ({
  badTemplate: await refusal(() => client.createEmailTemplate(null, { emailTemplate: { ...emailTemplate, name: `${name} 2`, defaultTextTemplate: 'a\n{{#if b}}' } })),
  unknown: await refusal(() => client.retrieveEmailTemplate(randomUUID())),
}));

await step('remove', async () => {
  await ok(client.deleteEmailTemplate(mail.id));
});

report({ subject: preview.subject, html: preview.html, sent, message, refused });
