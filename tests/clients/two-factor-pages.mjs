// Goes through the pages of the second factor in a real browser, by keyboard where it types. Codes are made by Node's own HMAC.
// Input: {chromium, screenshots?, now (milliseconds), email, password, enable, second: {address, email, secret (hex)}, change}.
import { createHmac } from 'node:crypto';
import { open } from './chromium.mjs';
import { expect, input, report, step } from './program.mjs';

const given = await input();
const { browser, context, page, look, tabTo, focused, result } = await open({ executable: given.chromium, screenshots: given.screenshots });

/** RFC 6238 with SHA-1, six digits and thirty seconds. */
function code(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(given.now / 30_000) + steps));
  const mac = createHmac('sha1', secret).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function fromBase32(text) {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

async function signIn(address, email) {
  await page.goto(address);
  await page.fill('#loginId', email);
  await page.fill('#password', given.password);
  await page.click('#sign-in');
}

const back = () => page.waitForURL((url) => url.pathname === '/client/callback');

await step('who must have a second factor sets one up, and keeps recovery codes', async () => {
  await signIn(given.enable, given.email);
  await page.locator('svg.qr').waitFor();
  expect(await focused() === 'code', `the focus is on ${await focused()}`);
  await look('two-factor-enable');
  await page.keyboard.type('000000');
  await page.keyboard.press('Enter');
  await page.locator('#code-note').waitFor();
  await look('two-factor-enable-wrong');
  const secret = fromBase32((await page.locator('#secret').innerText()).replaceAll(' ', ''));
  await page.locator('#code').fill('');
  await page.keyboard.type(code(secret));
  await page.keyboard.press('Enter');
  await page.locator('#recovery-codes').waitFor();
  expect((await page.locator('#recovery-codes').innerText()).split('\n').length === 10, 'there are not ten codes');
  await look('two-factor-enable-complete');
  await tabTo('#continue');
  await page.keyboard.press('Enter');
  await back();
  await context.clearCookies();
});

await step('a code is asked for, another method can be chosen, and a code comes by mail', async () => {
  await signIn(given.second.address, given.second.email);
  await page.locator('#two-factor-form').waitFor();
  expect(await focused() === 'code', `the focus is on ${await focused()}`);
  expect(await page.locator('#code').getAttribute('autocomplete') === 'one-time-code', 'phones do not offer the code');
  await look('two-factor');
  await page.keyboard.type('000000');
  await page.keyboard.press('Enter');
  await page.locator('#code-note').waitFor();
  await look('two-factor-wrong');
  await tabTo('#methods');
  await page.keyboard.press('Enter');
  await page.waitForURL(/two-factor-methods/);
  await look('two-factor-methods');
  await page.locator('input[name=methodId]').nth(1).check();
  await page.locator('#continue').click();
  await page.locator('#send').waitFor();
  await look('two-factor-email');
  await page.goto(page.url().replace('/two-factor?', '/two-factor-methods?'));
  await page.locator('input[name=methodId]').last().check();
  await page.locator('#continue').click();
  await page.waitForURL(/two-factor\?/);
  await look('two-factor-recovery');
  await page.goto(page.url().replace('/two-factor?', '/two-factor-methods?'));
  await page.locator('input[name=methodId]').first().check();
  await page.locator('#continue').click();
  await page.waitForURL(/two-factor\?/);
  await page.locator('#trustComputer').check();
  await page.locator('#code').fill(code(Buffer.from(given.second.secret, 'hex')));
  await page.keyboard.press('Enter');
  await back();
});

await step('the page of a mailed link asks for the code first', async () => {
  await page.goto(given.change);
  await page.locator('#code').waitFor();
  await look('change-code');
  await page.locator('#code').fill(code(Buffer.from(given.second.secret, 'hex'), 1));
  await page.keyboard.press('Enter');
  await page.locator('#password').waitFor();
  await look('change-after-code');
});

await browser.close();
report(result());
