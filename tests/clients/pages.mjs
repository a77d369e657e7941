// Goes through the first pages in a real browser, as a person does: set-up, home, an API key, signing out, and signing in
// with the keyboard alone. Every page is looked at by axe in light and dark, on a phone and on a desktop.
// Input: {chromium, setupUrl, wrongSetupUrl, screenshots?}. Answers what axe found, how heavy the pages are, and the API key.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { expect, input, report, step } from './program.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const given = await input();
const origin = new URL(given.setupUrl).origin;
const email = 'ada@example.com';
const password = 'correct horse battery';
const violations = [];
const weights = {};
const complaints = [];

const browser = await step('start the browser', () => chromium.launch({
  executablePath: given.chromium,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
}));
const context = await browser.newContext();
const page = await context.newPage();
page.setDefaultTimeout(15_000);
page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && complaints.push(message.text()));
page.on('pageerror', (error) => complaints.push(error.message));
page.on('response', async (response) => {
  const body = await response.body().catch(() => null);
  if (body) weights[new URL(response.url()).pathname] = body.length;
});

/** Looks at the page as it is now, in both schemes and both widths. */
async function look(name) {
  for (const colorScheme of ['light', 'dark']) {
    // Without motion: a colour that is still on its way to the other scheme has no contrast worth measuring.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [size, width, height] of [['phone', 390, 844], ['desktop', 1280, 800]]) {
      await page.setViewportSize({ width, height });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) violations.push({ page: name, id: 'scrolls-sideways', impact: 'serious', where: `${size} by ${wide}px` });
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run(document));
      for (const { id, impact, nodes } of found.violations) violations.push({ page: name, id, impact, colorScheme, size, where: nodes.map((n) => n.target.join(' ')).join(', ') });
      if (given.screenshots) await page.screenshot({ path: `${given.screenshots}/${name}-${colorScheme}-${size}.png`, fullPage: true });
    }
  }
}

const heading = () => page.locator('h1').innerText();

/** Presses Tab until the element has the focus, which must be visible. */
async function tabTo(selector) {
  for (let i = 0; i < 20; i++) {
    if (await page.locator(selector).evaluate((element) => element === document.activeElement)) {
      expect(await page.locator(selector).evaluate((element) => element.matches(':focus-visible')), `${selector} shows no focus`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached with the keyboard`);
}

await step('the set-up is closed without its token', async () => {
  const answer = await page.goto(given.wrongSetupUrl);
  expect(answer.status() === 403, `status ${answer.status()}`);
  expect(await page.locator('form').count() === 0, 'there is a form');
  await look('setup-refused');
});

await step('the set-up says what is missing', async () => {
  await page.goto(given.setupUrl);
  await look('setup');
  await page.locator('#setup-form').evaluate((form) => { form.noValidate = true; });
  await page.fill('#Email', 'nobody');
  await page.click('#create');
  expect(await page.locator('#Email').getAttribute('aria-invalid') === 'true', 'the email is not marked');
  expect((await page.locator('#FirstName-note').innerText()).length > 0, 'no word on the first name');
  expect(await page.evaluate(() => document.activeElement.id) === 'FirstName', 'the focus is not on the first error');
  await look('setup-errors');
});

await step('the first administrator is created and arrives at home', async () => {
  await page.fill('#FirstName', 'Ada');
  await page.fill('#LastName', 'Lovelace');
  await page.fill('#Email', email);
  await page.fill('#Password', password);
  await page.click('#create');
  await page.waitForURL(`${origin}/`);
  expect((await page.locator('#who').innerText()).includes(email), 'the page does not say who is signed in');
  await look('home');
});

const key = await step('an API key is shown once', async () => {
  await page.click('#create-key');
  const value = await page.locator('#key').innerText();
  await look('home-key');
  const answer = await fetch(`${origin}/api/tenant`, { headers: { Authorization: value } });
  expect(answer.status === 200, `the key answers ${answer.status}`);
  await page.goto(`${origin}/`);
  expect(!(await page.content()).includes(value), 'the key is shown again');
  return value;
});

await step('signing out ends at the sign-in page', async () => {
  await page.click('#sign-out');
  await page.waitForURL(`${origin}/sign-in`);
  await look('sign-in');
  await page.goto(`${origin}/`);
  expect(page.url() === `${origin}/sign-in`, `home is still open at ${page.url()}`);
});

await step('a wrong password is refused on the same page', async () => {
  await page.fill('#Login', email);
  await page.fill('#Password', 'not the password');
  await page.click('#sign-in');
  expect(await page.locator('#refused').isVisible(), 'no word on the refusal');
  expect(await page.locator('#Login').inputValue() === email, 'the login has to be typed again');
  expect(await page.locator('#Password').inputValue() === '', 'the password came back');
  await look('sign-in-refused');
});

await step('the keyboard alone signs in', async () => {
  await page.goto(`${origin}/sign-in`);
  expect(await page.evaluate(() => document.activeElement.id) === 'Login', 'the focus is not on the login');
  await page.keyboard.type(email);
  await tabTo('#Password');
  await page.keyboard.type(password);
  await tabTo('#sign-in');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${origin}/`);
  await tabTo('#create-key');
  await tabTo('#sign-out');
});

await step('a page that is not there leads back', async () => {
  const answer = await page.goto(`${origin}/no/such/page`);
  expect(answer.status() === 404, `status ${answer.status()}`);
  expect((await heading()).length > 0, 'no heading');
  await look('not-found');
  await page.click('#back');
  await page.waitForURL(`${origin}/`);
});

await step('a form that is out of date leads back', async () => {
  await context.clearCookies({ name: 'form' });
  await page.click('#create-key');
  await look('form-refused');
  await page.click('#back');
  await page.waitForURL(`${origin}/`);
});

await browser.close();
report({ key, violations, weights, complaints });
