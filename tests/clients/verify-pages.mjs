// Goes through the pages that verify and those that sign in without a password, in a real browser, by keyboard alone.
// Input: {chromium, screenshots?, email, password, code, and addresses: codes, links, again, verify, over, passwordlessCode,
// passwordlessLink, link, bound}. Answers what axe found, what pages weigh, what the client got.
import { open } from './chromium.mjs';
import { expect, input, report, step } from './program.mjs';

const given = await input();
const { browser, context, page, look, tabTo, focused, result } = await open({ executable: given.chromium, screenshots: given.screenshots });
const answers = [];

async function back() {
  await page.waitForURL((url) => url.pathname === '/client/callback');
  answers.push(Object.fromEntries(new URL(page.url()).searchParams));
}

async function signIn(address) {
  await page.goto(address);
  await page.fill('#loginId', given.email);
  await page.fill('#password', given.password);
  await page.click('#sign-in');
}

async function press(selector) {
  await tabTo(selector);
  await page.keyboard.press('Enter');
}

await step('a code is typed at the gate', async () => {
  await signIn(given.codes);
  await page.waitForURL(/verification-required/);
  expect(await focused() === 'code', `the focus is on ${await focused()}`);
  await look('gate-code');
  await page.keyboard.type('AAAAAA');
  await page.keyboard.press('Enter');
  await page.locator('#code-note.error').waitFor();
  await look('gate-code-wrong');
  await press('#resend');
  await page.locator('#note').waitFor();
  await look('gate-sent-again');
});

await step('a link is waited for at the gate', async () => {
  await context.clearCookies();
  await signIn(given.links);
  await page.waitForURL(/verification-required/);
  await look('gate-link');
  await press('#go-on');
  await page.locator('#fault').waitFor();
  await look('gate-link-not-yet');
  await page.goto(given.verify);
  await look('verify');
  await press('#verify');
  await page.waitForURL(/complete/);
  await look('verified');
  await press('#next');
  await page.waitForURL(/verification-required/);
  await press('#go-on');
  await back();
});

await step('a link that is over says so, and another message is a form away', async () => {
  await page.goto(given.over);
  await look('verify-over');
  await press('#again');
  await page.locator('#again-form').waitFor();
  await look('again');
  await page.keyboard.type('nobody@example.com');
  await page.keyboard.press('Enter');
  await page.waitForURL(/sent/);
  await look('again-sent');
});

await step('a login without a password, by a code', async () => {
  await context.clearCookies();
  await page.goto(given.passwordlessCode);
  await look('sign-in-with-passwordless');
  await press('#passwordless');
  await page.locator('#passwordless-form').waitFor();
  expect(await focused() === 'loginId', `the focus is on ${await focused()}`);
  await look('passwordless');
  await page.keyboard.type('nobody@example.com');
  await page.keyboard.press('Enter');
  await page.locator('#code-form').waitFor();
  await look('passwordless-code');
  await page.keyboard.type('AAAAAA');
  await page.keyboard.press('Enter');
  await page.locator('#code-note.error').waitFor();
  await look('passwordless-code-wrong');
});

await step('a login without a password, by a link', async () => {
  await page.goto(given.passwordlessLink);
  await press('#passwordless');
  await page.locator('#passwordless-form').waitFor();
  await page.keyboard.type('nobody@example.com');
  await page.keyboard.press('Enter');
  await page.waitForURL(/passwordless\/sent/);
  await look('passwordless-sent');
  await page.goto(given.bound);
  await look('passwordless-other-browser');
  await page.goto(given.link);
  await look('passwordless-link');
  await press('#go-on');
  await back();
});

await step('the same in German', async () => {
  await context.clearCookies();
  await signIn(`${given.codes}&locale=de`);
  await page.waitForURL(/verification-required/);
  await look('gate-code-german');
});

await browser.close();
report({ ...result(), answers });
