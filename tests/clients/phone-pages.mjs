// Goes through the pages that a phone number leads to, and a registration form that verifies, in a real browser, by keyboard alone.
// Input: {chromium, screenshots?, email, password, gate, code, forgot, register}: addresses, and the code that was sent to the phone.
// Answers what axe found, what pages weigh, what the client got.
import { open } from './chromium.mjs';
import { expect, input, report, step } from './program.mjs';

const given = await input();
const { browser, context, page, look, tabTo, focused, result } = await open({ executable: given.chromium, screenshots: given.screenshots });
const answers = [];

async function press(selector) {
  await tabTo(selector);
  await page.keyboard.press('Enter');
}

async function signIn(address) {
  await page.goto(address);
  await page.fill('#loginId', given.email);
  await page.fill('#password', given.password);
  await page.click('#sign-in');
  await page.waitForURL(/phone\/verification-required/);
}

async function register(address) {
  await page.goto(address);
  await page.locator('#register-form').waitFor();
  await tabTo('#user-email');
  await page.keyboard.type('somebody@example.com');
  await tabTo('#user-password');
  await page.keyboard.type(given.password);
  await page.keyboard.press('Enter');
  await page.locator('#code').waitFor();
}

await step('a password is forgotten by who has a number', async () => {
  await page.goto(given.forgot);
  await look('phone-forgot');
  await page.keyboard.type('+49 151 1234-5678');
  await page.keyboard.press('Enter');
  await page.waitForURL(/password\/sent/);
  await look('phone-forgot-sent');
});

await step('a registration waits for the code of a step that verifies', async () => {
  await register(given.register);
  expect(await focused() === 'code', `the focus is on ${await focused()}`);
  await look('register-code');
  await page.keyboard.type('AAAAAA');
  await page.keyboard.press('Enter');
  await page.locator('#code-note.error').waitFor();
  await look('register-code-wrong');
  await press('#resend');
  await page.locator('#note').waitFor();
  await look('register-code-sent-again');
  await press('#step-back');
  await page.locator('#user-email').waitFor();
});

await step('a registration waits in German', async () => {
  await register(`${given.register}&locale=de`);
  await look('register-code-german');
});

await step('a login waits for the number and its code', async () => {
  await context.clearCookies();
  await signIn(`${given.gate}&locale=de`);
  await look('phone-gate-german');
  await context.clearCookies();
  await signIn(given.gate);
  expect(await focused() === 'code', `the focus is on ${await focused()}`);
  await look('phone-gate');
  await tabTo('#phone');
  await page.keyboard.type('no number');
  await press('#change-phone');
  await page.locator('#phone-note.error').waitFor();
  await look('phone-gate-mend');
  await tabTo('#code');
  await page.keyboard.type(given.code);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/client/callback');
  answers.push(Object.fromEntries(new URL(page.url()).searchParams));
});

await browser.close();
report({ ...result(), answers });
