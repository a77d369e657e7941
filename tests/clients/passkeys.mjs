// Passkeys in a real browser with virtual authenticators: made by the API's options and by the page that offers one, used by
// autofill and by the button, discoverable and not, with and without recognising their owner.
// Input: {chromium, screenshots?, origin, api: {url, key, tenant}, user: {id, email}, other: {id, email}, plain: {id, email}, password, and addresses of
// authorization requests: signIn, weak (another tenant; with weakTenant), offers}. Answers what axe found, what the browser complained
// about and what the client got.
import { open } from './chromium.mjs';
import { expect, input, report, step } from './program.mjs';

const given = await input();
const { browser, context, page, look, tabTo, result } = await open({ executable: given.chromium, screenshots: given.screenshots });
const devtools = await context.newCDPSession(page);
await devtools.send('WebAuthn.enable');
const answers = [];
let authenticator;

async function plug(options) {
  if (authenticator) await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: authenticator });
  ({ authenticatorId: authenticator } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...options },
  }));
}

async function call(path, body, { tenant = given.api.tenant, key = given.api.key, method = 'POST' } = {}) {
  const answer = await fetch(new URL(path, given.api.url), {
    method,
    headers: { 'content-type': 'application/json', 'x-fusionauth-tenantid': tenant, ...(key ? { authorization: key } : {}) },
    body: body && JSON.stringify(body),
  });
  expect(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

/** Makes a passkey in a page of our origin, with the options of the API, by what the browser itself offers for JSON. */
async function register(user, { residentKey, ...rest } = {}) {
  const { options } = await call('/api/webauthn/register/start', { userId: user.id, displayName: 'Test', workflow: 'general' }, rest);
  if (residentKey) Object.assign(options.authenticatorSelection, { residentKey });
  await page.goto(`${given.origin}/api/health`);
  const made = await page.evaluate(async (json) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json);
    return (await navigator.credentials.create({ publicKey })).toJSON();
  }, options);
  const { credential } = await call('/api/webauthn/register/complete', { credential: { ...made, transports: made.response.transports }, userId: user.id, origin: given.origin, rpId: 'localhost' }, { ...rest, key: null });
  return credential;
}

async function back() {
  await page.waitForURL((url) => url.pathname === '/client/callback');
  answers.push(Object.fromEntries(new URL(page.url()).searchParams));
  expect(answers.at(-1).code, JSON.stringify(answers.at(-1)));
}

/** Leaves the page, which may be about to go somewhere by itself, and forgets who was here. */
async function anew() {
  await page.goto('about:blank').catch(() => page.goto('about:blank'));
  await context.clearCookies();
}

await step('a discoverable passkey signs in by autofill', async () => {
  await plug();
  const credential = await register(given.user);
  expect(credential.discoverable === true && credential.authenticatorSupportsUserVerification === true, JSON.stringify(credential));
  await page.goto(given.signIn);
  await back();
  await anew();
});

await step('the same passkey signs in by the button, by keyboard', async () => {
  await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: authenticator, enabled: false });
  await page.goto(given.signIn);
  await page.locator('#passkey').waitFor();
  await look('sign-in-passkey');
  await tabTo('#passkey');
  await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: authenticator, enabled: true });
  await page.keyboard.press('Enter');
  await back();
});

await step('who is known confirms with the passkey', async () => {
  await page.goto(`${given.signIn}&prompt=login`);
  await page.locator('#passkey').waitFor();
  await look('sign-in-again-passkey');
  await page.click('#passkey');
  await back();
  await anew();
});

await step('a passkey that was removed is refused, and the page says how to go on', async () => {
  await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: authenticator, enabled: false });
  await call(`/api/webauthn?userId=${given.user.id}`, null, { method: 'DELETE' });
  await page.goto(given.signIn);
  await page.locator('#passkey').waitFor();
  await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: authenticator, enabled: true });
  await page.click('#passkey');
  await page.waitForURL(/\/oauth2\/webauthn\?/);
  await page.locator('#fault').waitFor();
  await look('passkey-refused');
  // The sign-in page offers the passkey again by autofill, and nobody touches the authenticator this time.
  await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: authenticator, enabled: false });
  await page.click('#password');
  await page.waitForURL(/\/oauth2\/authorize/);
  await anew();
});

await step('a passkey that is not discoverable signs in after the name was typed', async () => {
  await plug({ hasResidentKey: false, transport: 'usb' });
  const credential = await register(given.other, { residentKey: 'discouraged' });
  expect(credential.discoverable === false, JSON.stringify(credential));
  await page.goto(given.signIn);
  await page.fill('#loginId', given.other.email);
  await page.click('#passkey');
  await back();
  await anew();
});

await step('a name that nobody has is asked for as any other, and whoever gives up is told how to go on', async () => {
  await plug();
  await page.goto(given.signIn);
  await page.evaluate(() => { navigator.credentials.get = ({ publicKey }) => { (globalThis.asked ??= []).push(publicKey); return Promise.reject(new DOMException('no', 'NotAllowedError')); }; });
  await page.fill('#loginId', 'nobody@example.com');
  await page.click('#passkey');
  await page.locator('#passkey-fault:not([hidden])').waitFor();
  expect(await page.evaluate(() => globalThis.asked.some((one) => one.allowCredentials.length > 0)), 'the browser was told that nobody has the name');
  await look('passkey-failed');
  await anew();
});

await step('an authenticator that recognises nobody does where that is not demanded', async () => {
  await plug({ hasUserVerification: false, isUserVerified: false });
  const credential = await register(given.weakUser, { tenant: given.weakTenant });
  expect(credential.authenticatorSupportsUserVerification === false, JSON.stringify(credential));
  await page.goto(given.weak);
  await page.fill('#loginId', given.weakUser.email);
  await page.click('#passkey');
  await back();
  await anew();
});

await step('who signs in with a password is offered a passkey and makes one', async () => {
  await plug();
  await page.goto(given.signIn);
  await page.fill('#loginId', given.plain.email);
  await page.fill('#password', given.password);
  await page.waitForFunction(() => document.getElementById('passkeys').value === 'true');
  await page.click('#sign-in');
  await page.waitForURL(/webauthn-add/);
  await page.locator('#passkey').waitFor();
  await look('passkey-add');
  await tabTo('#passkey');
  await page.keyboard.press('Enter');
  await back();
  await anew();
  await page.goto(given.signIn);
  await back();
  await anew();
});

await step('who does not want one is not asked again', async () => {
  await plug();
  await call(`/api/webauthn?userId=${given.plain.id}`, null, { method: 'DELETE' });
  for (const asked of [true, false]) {
    await page.goto(`${given.signIn}&prompt=login`);
    await page.fill('#password', given.password);
    if (await page.locator('#loginId').inputValue() === '') await page.fill('#loginId', given.plain.email);
    await page.waitForFunction(() => document.getElementById('passkeys')?.value === 'true' || !document.getElementById('passkeys')).catch(() => {});
    await page.click('#sign-in');
    if (asked) {
      await page.waitForURL(/webauthn-add/);
      await tabTo('#later');
      await page.keyboard.press('Enter');
    }
    await back();
  }
});

await browser.close();
report({ ...result(), answers });
