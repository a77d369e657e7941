// Goes through the sample application in a real browser, as a newcomer does: signs in, refreshes, signs out; and what an
// attacker would try against its callback. Every page is looked at by axe.
// Input: {chromium, sample, issuer, loginId, password, screenshots?}. Answers what axe found and what the browser complained of.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { expect, input, report, step } from './program.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const given = await input();
const home = new URL('/', given.sample).href;
const server = new URL(given.issuer).origin;
const violations = [];
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
      if (given.screenshots) await page.screenshot({ path: `${given.screenshots}/sample-${name}-${colorScheme}-${size}.png`, fullPage: true });
    }
  }
}

const claim = (list, name) => page.locator(`#${list} > div`, { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd').innerText();

/** Opens an address of the sample and expects its error page. */
async function refused(address, reason) {
  const answer = await page.goto(address);
  expect(answer.status() === 400, `status ${answer.status()}`);
  expect((await page.locator('#reason').innerText()).includes(reason), await page.locator('#reason').innerText());
  await page.goto(home);
  expect(await page.locator('#sign-in').isVisible(), 'somebody is signed in');
}

await step('nobody is signed in at first', async () => {
  await page.goto(home);
  expect(await page.locator('button').count() === 1, 'there is more than one button');
  await look('signed-out');
});

await step('the button leads to the server with PKCE, state and nonce', async () => {
  await page.click('#sign-in');
  const request = new URL(page.url());
  expect(request.origin === server && request.pathname === '/oauth2/authorize', page.url());
  const asked = request.searchParams;
  expect(asked.get('code_challenge_method') === 'S256' && asked.get('code_challenge').length === 43, 'no challenge');
  expect(asked.get('state').length === 43 && asked.get('nonce').length === 43 && asked.get('state') !== asked.get('nonce'), 'no state or nonce');
});

const signedIn = await step('the password leads back, signed in', async () => {
  await page.fill('[name=loginId]', given.loginId);
  await page.fill('[name=password]', given.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(home);
  expect(await page.locator('#name').innerText() === 'Ada Lovelace', await page.locator('#name').innerText());
  expect(await page.locator('#email').innerText() === given.loginId, 'another e-mail');
  expect(await claim('id-token', 'iss') === given.issuer, 'another issuer');
  expect(await claim('userinfo', 'sub') === await claim('id-token', 'sub'), 'another user');
  await look('signed-in');
  return { issued: await claim('id-token', 'jti') };
});

await step('no token and no code is in the browser', async () => {
  expect(page.url() === home, page.url());
  expect(!/eyJ[\w-]+\.eyJ/.test(await page.content()), 'a token is on the page');
  for (const cookie of (await context.cookies(home)).filter((c) => c.name.startsWith('sample-'))) {
    expect(cookie.httpOnly && cookie.sameSite === 'Lax', `${cookie.name} is not protected`);
    expect(!/eyJ[\w-]+\.eyJ/.test(cookie.value), `a token is in ${cookie.name}`);
  }
});

await step('refresh, twice, each with the token of before', async () => {
  for (const times of ['1', '2']) {
    await page.click('#refresh');
    await page.waitForURL(home);
    expect(await page.locator('#refreshes').innerText() === times, `refreshed ${await page.locator('#refreshes').innerText()} times`);
  }
  expect(await claim('id-token', 'jti') !== signedIn.issued, 'the ID token is the old one');
});

await step('a post from another site changes nothing', async () => {
  for (const handler of ['SignOut', 'Refresh']) {
    const answer = await context.request.post(`${home}?handler=${handler}`, { maxRedirects: 0 });
    expect(answer.status() === 400, `${handler} answered ${answer.status()}`);
  }
  await page.reload();
  expect(await page.locator('#name').isVisible(), 'nobody is signed in any more');
});

await step('sign out, here and at the server', async () => {
  const sent = page.waitForRequest((request) => request.url().startsWith(`${server}/oauth2/logout`));
  await page.click('#sign-out');
  const asked = new URL((await sent).url()).searchParams;
  expect(/^eyJ/.test(asked.get('id_token_hint')) && asked.get('post_logout_redirect_uri') === home, 'no hint or no way back');
  await page.waitForURL(home);
  expect(await page.locator('#sign-in').isVisible(), 'still signed in here');
  await page.click('#sign-in');
  expect(await page.locator('[name=password]').isVisible(), 'still signed in at the server');
  await page.goto(home);
});

await step('a callback that nobody asked for is refused', async () => {
  await refused(`${home}callback?code=stolen&state=x&iss=${encodeURIComponent(given.issuer)}`, 'not begun in this browser');
});

await step('an answer in the name of another server is refused', async () => {
  await page.click('#sign-in');
  const state = new URL(page.url()).searchParams.get('state');
  const address = `${home}callback?code=x&state=${state}&iss=${encodeURIComponent('https://evil.example.com')}`;
  await page.goto(address);
  expect((await page.locator('#reason').innerText()).includes('another server'), await page.locator('#reason').innerText());
  await look('problem');
  await refused(address, 'not begun in this browser'); // the first try used up what the browser remembered
});

await step('a refusal of the server is shown', async () => {
  await page.click('#sign-in');
  const state = new URL(page.url()).searchParams.get('state');
  await refused(`${home}callback?error=access_denied&state=${state}&iss=${encodeURIComponent(given.issuer)}`, 'access_denied');
});

await browser.close();
report({ violations, complaints });
