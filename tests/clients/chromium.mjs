// A real browser for the programs that go through pages: starts it, looks at each page with axe in light and dark, on a
// phone and on a desktop, and notes what pages weigh and what the browser complains about.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { expect, step } from './program.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Opens a browser with one page, and what the page tells. */
export async function open({ executable, screenshots, scripts = true }) {
  const violations = [];
  const weights = {};
  const complaints = [];
  const browser = await step('start the browser', () => chromium.launch({
    executablePath: executable,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  }));
  const context = await browser.newContext({ javaScriptEnabled: scripts, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  // A page weighs what has to come for it, its stylesheet among that.
  let weight = 0;
  page.on('request', (request) => { if (request.isNavigationRequest()) weight = 0; });
  page.on('response', async (response) => {
    const body = await response.body().catch(() => null);
    if (!body) return;
    weight += body.length;
    const path = new URL(page.url()).pathname;
    weights[path] = Math.max(weights[path] ?? 0, weight);
  });

  /** Looks at the page as it is now, in both schemes and both widths. */
  async function look(name) {
    // What was waited for may be there before its stylesheet.
    await page.waitForLoadState('load');
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const [size, width, height] of [['phone', 390, 844], ['desktop', 1280, 800]]) {
        await page.setViewportSize({ width, height });
        if (scripts) await check(name, colorScheme, size);
        if (screenshots) await page.screenshot({ path: `${screenshots}/${name}-${colorScheme}-${size}.png`, fullPage: true });
      }
    }
  }

  async function check(name, colorScheme, size) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) violations.push({ page: name, id: 'scrolls-sideways', impact: 'serious', where: `${size} by ${wide}px` });
    const small = await page.evaluate(() => [...document.querySelectorAll('button, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea, .check, footer a')]
      .filter((e) => e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 80)));
    if (small.length > 0) violations.push({ page: name, id: 'target-below-44px', impact: 'serious', size, where: small.join(', ') });
    const titles = await page.evaluate(() => [document.title, document.querySelectorAll('h1').length, document.documentElement.lang]);
    if (!titles[0] || titles[1] !== 1 || !titles[2]) violations.push({ page: name, id: 'title-heading-language', impact: 'serious', where: JSON.stringify(titles) });
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document));
    for (const { id, impact, nodes } of found.violations) violations.push({ page: name, id, impact, colorScheme, size, where: nodes.map((n) => `${n.target.join(' ')}: ${n.failureSummary}`).join(', ') });
  }

  /** Presses Tab until the element has the focus, which must be visible. */
  async function tabTo(selector) {
    for (let i = 0; i < 30; i++) {
      const [focused, visible] = await page.locator(selector).first().evaluate((element) => [element === document.activeElement, element.matches(':focus-visible')]);
      if (focused) {
        expect(visible, `${selector} shows no focus`);
        return;
      }
      await page.keyboard.press('Tab');
    }
    throw new Error(`${selector} cannot be reached with the keyboard`);
  }

  /** The id of what has the focus, once the page has given it to something. */
  const focused = async () => {
    await page.waitForFunction(() => document.activeElement !== document.body).catch(() => null);
    return page.evaluate(() => document.activeElement.id);
  };
  return { browser, context, page, look, tabTo, focused, result: () => ({ violations, weights, complaints }) };
}
