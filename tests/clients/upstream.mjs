// An independent identity provider (npm oidc-provider) as the place where people sign in, and a real browser that goes there
// from our pages and comes back. Every page of ours on the way is looked at, and used by keyboard.
// Input: {chromium, screenshots?, server, apiKey, application, authorize, email, password, image}. Answers what the client
// got each time, what axe found, and what the pages weigh.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { open } from './chromium.mjs';
import { expect, input, report, step } from './program.mjs';

// The provider writes notices for developers to the output that our answer goes to.
console.info = console.log = console.warn = () => {};
const { default: Provider } = await import('oidc-provider');

const given = await input();
const people = {
  grace: { email: 'grace.hopper@corp.example', email_verified: true, given_name: 'Grace', family_name: 'Hopper', name: 'Grace Hopper' },
  kate: { email: 'kate@corp.example', email_verified: false, name: 'Kate' },
};

const listener = createServer();
listener.listen(0, '127.0.0.1');
await once(listener, 'listening');
const issuer = `http://127.0.0.1:${listener.address().port}`;
const client = (id, method) => ({ client_id: id, client_secret: `the secret of ${id}`, redirect_uris: [`${given.server}/oauth2/callback`], token_endpoint_auth_method: method });
const upstream = new Provider(issuer, {
  clients: [client('staff', 'client_secret_basic'), client('partners', 'client_secret_post')],
  claims: { email: ['email', 'email_verified'], profile: ['given_name', 'family_name', 'name'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  cookies: { keys: ['of this test'] },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
});
listener.on('request', upstream.callback());

async function add(name, id, method, strategy, more = {}) {
  const provider = {
    type: 'OpenIDConnect', name, enabled: true, linkingStrategy: strategy,
    applicationConfiguration: { [given.application]: { enabled: true, createRegistration: true } },
    oauth2: { issuer, client_id: id, client_secret: `the secret of ${id}`, clientAuthenticationMethod: method },
    ...more,
  };
  const answer = await fetch(`${given.server}/api/identity-provider`, {
    method: 'POST', headers: { authorization: given.apiKey, 'content-type': 'application/json' }, body: JSON.stringify({ identityProvider: provider }),
  });
  expect(answer.status === 200, `${answer.status}: ${await answer.clone().text()}`);
  return (await answer.json()).identityProvider.id;
}

const staff = await step('add a provider', () => add('Northwind Staff', 'staff', 'client_secret_basic', 'LinkByEmail', { buttonImageURL: given.image }));
const partners = await step('add another one', () => add('Contoso Partners', 'partners', 'client_secret_post', 'CreatePendingLink'));
const { browser, context, page, look, tabTo, focused, result } = await open({ executable: given.chromium, screenshots: given.screenshots });
// The provider's own pages would fetch letters from the internet, which no test does.
await context.route((url) => url.hostname !== '127.0.0.1', (route) => route.fulfill({ status: 200, contentType: 'text/css', body: '' }));
const answers = {};

const press = async (selector) => {
  await tabTo(selector);
  await page.keyboard.press('Enter');
};

/** Signs in at the provider, whose pages are not ours to look at, and agrees there. */
async function beThere(name) {
  await page.waitForURL((url) => url.origin === issuer);
  await page.fill('[name=login]', name);
  await page.fill('[name=password]', 'anything');
  await page.click('button[type=submit]');
  await page.locator('[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.click('button[type=submit]');
}

async function arrive(name) {
  await page.waitForURL((url) => url.pathname === '/client/callback');
  answers[name] = Object.fromEntries(new URL(page.url()).searchParams);
  expect(answers[name].code, `${name} came without a code: ${page.url()}`);
  await context.clearCookies();
}

await step('somebody new signs in with the provider and has an account', async () => {
  await page.goto(given.authorize);
  await look('providers');
  await press(`#provider-${staff}`);
  await beThere('grace');
  await arrive('created');
});

await step('a hint goes there at once, and the same person is known', async () => {
  await page.goto(`${given.authorize}&idp_hint=${staff}&login_hint=grace`);
  await page.waitForURL((url) => url.origin === issuer);
  expect(await page.inputValue('[name=login]') === 'grace', 'the hint did not get there');
  await beThere('grace');
  await arrive('again');
});

await step('who turns back is on the sign-in page with a sentence', async () => {
  await page.goto(given.authorize);
  await press(`#provider-${staff}`);
  await page.waitForURL((url) => url.origin === issuer);
  await page.click('a[href$="/abort"]');
  await page.locator('#sign-in-form').waitFor();
  answers.cancelled = await page.locator('#fault').innerText();
  await look('provider-cancelled');
  await context.clearCookies();
});

await step('who is not linked signs in here, says yes, and is known from then on', async () => {
  await page.goto(given.authorize);
  await press(`#provider-${partners}`);
  await beThere('kate');
  await page.locator('#sign-in').waitFor();
  await look('pending-link');
  await press('#sign-in');
  await page.locator('#loginId').waitFor();
  expect(await page.locator('.provider').count() === 0, 'a provider is offered where an account of one\'s own is to be proved');
  expect(await focused() === 'loginId', `the focus is on ${await focused()}`);
  await page.keyboard.type(given.email);
  await page.keyboard.press('Tab');
  await tabTo('#password');
  await page.keyboard.type(given.password);
  await page.keyboard.press('Enter');
  await page.locator('#link').waitFor();
  await look('pending-link-confirm');
  await press('#link');
  await arrive('linked');
  await page.goto(`${given.authorize}&idp_hint=${partners}`);
  await beThere('kate');
  await arrive('known');
});

await step('the pages speak German too', async () => {
  await page.goto(`${given.authorize}&locale=de`);
  await look('providers-de');
  await press(`#provider-${partners}`);
  await page.waitForURL((url) => url.origin === issuer);
  await page.click('a[href$="/abort"]');
  answers.german = await page.locator('#fault').innerText();
});

await browser.close();
listener.closeAllConnections();
listener.close();
report({ ...result(), answers, staff, partners });
process.exit(0);
