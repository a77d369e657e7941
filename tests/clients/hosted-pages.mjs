// Goes through the pages of a login in a real browser, by keyboard alone.
// Input: {chromium, email, password, screenshots?, and addresses of authorization requests: signIn, consent, register, steps,
// notRegistered, mayRegister, unverified, broken, unknownClient, themed, painted, arabic; device with userCode; change with changed}. Answers what axe found, what pages weigh, what the client got.
import { open } from './chromium.mjs';
import { expect, input, report, step } from './program.mjs';

const given = await input();
const { browser, context, page, look, tabTo, focused, result } = await open({ executable: given.chromium, screenshots: given.screenshots });
const answers = [];

/** Waits until the client has its answer. The client is a path of the same server that nobody serves. */
async function back() {
  await page.waitForURL((url) => url.pathname === '/client/callback');
  answers.push(Object.fromEntries(new URL(page.url()).searchParams));
}

const heading = () => page.locator('h1').innerText();

async function signIn(address) {
  await page.goto(address);
  await page.fill('#loginId', given.email);
  await page.fill('#password', given.password);
  await page.click('#sign-in');
}

await step('what is wrong is said in words, beside the field, with the focus on it', async () => {
  await page.goto(given.signIn);
  expect(await focused() === 'loginId', `the focus is on ${await focused()}`);
  await look('sign-in');
  await page.locator('#sign-in-form').evaluate((form) => { form.noValidate = true; });
  await tabTo('#sign-in');
  await page.keyboard.press('Enter');
  await page.locator('#loginId-note').waitFor();
  expect(await page.locator('#loginId').getAttribute('aria-invalid') === 'true', 'the field is not marked');
  expect(await page.locator('#loginId').getAttribute('aria-describedby') === 'loginId-note', 'the error is not tied to the field');
  await look('sign-in-missing');
});

await step('a wrong password is refused on the same page', async () => {
  await page.goto(given.signIn);
  await page.waitForFunction(() => document.activeElement.id === 'loginId');
  await page.keyboard.type(given.email);
  await tabTo('#password');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await page.locator('#fault').waitFor();
  expect(await page.locator('#loginId').inputValue() === given.email, 'the login has to be typed again');
  expect(await page.locator('#password').inputValue() === '', 'the password came back');
  expect(await focused() === 'password', `the focus is on ${await focused()}`);
  await look('sign-in-refused');
});

await step('another language is a link away and stays', async () => {
  await page.goto(given.signIn);
  await tabTo('footer a');
  await page.keyboard.press('Enter');
  await page.locator('html[lang=de]').waitFor();
  expect(await heading() === 'Anmelden', await heading());
  await look('sign-in-german');
  await page.goto(given.signIn);
  expect(await page.locator('html').getAttribute('lang') === 'de', 'the choice is forgotten');
  await context.clearCookies();
});

await step('an account is made on one page', async () => {
  await page.goto(given.signIn);
  await tabTo('#register');
  await page.keyboard.press('Enter');
  await page.waitForURL(/register/);
  await look('register');
  await page.locator('#register-form').evaluate((form) => { form.noValidate = true; });
  await tabTo('#email');
  await page.keyboard.type('nobody');
  await page.keyboard.press('Enter');
  await page.locator('.error').first().waitFor();
  await look('register-errors');
  await page.fill('#email', `new-${Date.now()}@example.com`);
  await page.fill('#firstName', 'Ada');
  await page.fill('#lastName', 'Lovelace');
  await page.fill('#password', given.password);
  await page.fill('#passwordConfirm', given.password);
  await tabTo('#register');
  await page.keyboard.press('Enter');
  await back();
  await context.clearCookies();
});

await step('an account is made in steps, and going back keeps what was typed', async () => {
  await page.goto(given.steps);
  await look('register-step-1');
  await tabTo('#user-email');
  await page.keyboard.type(`steps-${Date.now()}@example.com`);
  await tabTo('#user-password');
  await page.keyboard.type(given.password);
  await tabTo('#confirm-user-password');
  await page.keyboard.type(given.password);
  await page.keyboard.press('Enter');
  await page.locator('#user-data-size').waitFor();
  await look('register-step-2');
  await page.click('#step-back');
  expect((await page.locator('#user-email').inputValue()).startsWith('steps-'), 'the email is gone');
  await page.fill('#user-password', given.password);
  await page.fill('#confirm-user-password', given.password);
  await page.keyboard.press('Enter');
  await page.locator('#user-data-size').waitFor();
  await tabTo('#user-data-size');
  await page.keyboard.press('M');
  await tabTo('input[type=radio]');
  await page.keyboard.press('Space');
  await tabTo('#user-data-terms');
  await page.keyboard.press('Space');
  await tabTo('#register');
  await page.keyboard.press('Enter');
  await back();
  await context.clearCookies();
});

await step('access is allowed by keyboard', async () => {
  await signIn(given.consent);
  await page.waitForURL(/consent/);
  await look('consent');
  await tabTo('input[value=email]');
  await page.keyboard.press('Space');
  await tabTo('#allow');
  await page.keyboard.press('Enter');
  await back();
});

await step('who is signed in already confirms with the password alone', async () => {
  await page.goto(`${given.signIn}&prompt=login`);
  expect(await focused() === 'password', `the focus is on ${await focused()}`);
  await look('sign-in-again');
});

await step('one of the accounts is chosen', async () => {
  await page.goto(`${given.signIn}&prompt=select_account`);
  await look('choose-account');
  await tabTo('.account');
  await page.keyboard.press('Enter');
  await back();
});

await step('who is not registered learns what to do', async () => {
  await page.goto(given.notRegistered);
  await look('not-registered');
  await page.goto(given.mayRegister);
  await look('not-registered-may');
  await tabTo('#register');
  await page.keyboard.press('Enter');
  await back();
  await context.clearCookies();
});

await step('an account that may not come in is told why', async () => {
  await page.goto(given.unverified);
  await page.fill('#loginId', given.unverifiedEmail);
  await page.fill('#password', given.password);
  await page.click('#sign-in');
  await page.locator('#fault').waitFor();
  await look('not-allowed');
  await context.clearCookies();
});

await step('a device is let in', async () => {
  await page.goto(given.device);
  await page.locator('#device-form').evaluate((form) => { form.noValidate = true; });
  await page.keyboard.press('Enter');
  await page.locator('#user-code-note').waitFor();
  await look('device-missing');
  expect(await focused() === 'user-code', `the focus is on ${await focused()}`);
  await page.keyboard.type(given.userCode);
  await look('device');
  await page.keyboard.press('Enter');
  await page.locator('#loginId').waitFor();
  await page.fill('#loginId', given.email);
  await page.fill('#password', given.password);
  await page.keyboard.press('Enter');
  await page.locator('#user-code').waitFor();
  await look('device-approve');
  await tabTo('#allow');
  await page.keyboard.press('Enter');
  await page.locator('#outcome').waitFor();
  await look('device-complete');
  await context.clearCookies();
});

await step('a forgotten password is changed by the link of a mail', async () => {
  await page.goto(given.signIn);
  await tabTo('#password-link');
  await page.keyboard.press('Enter');
  await page.locator('#forgot-form').waitFor();
  await look('forgot');
  expect(await focused() === 'loginId', `the focus is on ${await focused()}`);
  await page.keyboard.type('nobody@example.com');
  await page.keyboard.press('Enter');
  await page.locator('#again').waitFor();
  await look('forgot-sent');
  await page.goto(given.change);
  await page.waitForFunction(() => document.activeElement.id === 'password');
  await look('change');
  await page.keyboard.type('short');
  await tabTo('#passwordConfirm');
  await page.keyboard.type('short');
  await page.keyboard.press('Enter');
  await page.locator('#password-note.error').waitFor();
  await look('change-refused');
  await page.fill('#password', given.changed);
  await page.fill('#passwordConfirm', given.changed);
  await page.keyboard.press('Enter');
  await page.waitForURL(/password\/complete/);
  await look('changed');
  await page.goto(given.change);
  await page.locator('#again').waitFor();
  await look('change-over');
});

await step('a request that cannot go on ends at a page and not at a client', async () => {
  await page.goto(given.broken);
  expect((await page.locator('#reason').innerText()) === 'invalid_redirect_uri', await page.locator('#reason').innerText());
  await look('error');
  await page.goto(given.unknownClient);
  await look('error-unknown-client');
});

await step('signing out asks first, and says when it is done', async () => {
  await context.clearCookies();
  await signIn(given.signIn);
  await back();
  await page.goto(given.logout);
  await look('logout');
  await tabTo('#confirm');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => !document.querySelector('#confirm'));
  await look('logged-out');
  await page.goto(given.signIn);
  await page.locator('#loginId').waitFor();
});

await step('a theme changes colours, logo and words', async () => {
  await page.goto(given.themed);
  await look('themed');
  await page.goto(given.painted);
  await look('themed-painted');
  await page.goto(given.arabic);
  expect(await page.locator('html').getAttribute('dir') === 'rtl', 'not from right to left');
  await look('themed-arabic');
});

await browser.close();
report({ ...result(), answers });
