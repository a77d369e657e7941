// A browser without scripts: keeps cookies, fills in the sign-in form, follows redirects until it leaves the server.
import { expect } from './program.mjs';

export class Browser {
  #cookies = new Map();
  #leaving;

  /** @param {string} leaving the address that a login leads to; it is never fetched. */
  constructor(leaving) {
    this.#leaving = leaving;
  }

  /** Follows an authorization request, signing in where a page asks for it; answers the address at the client. */
  async follow(url, credentials) {
    return this.#go(url, this.#leaving, credentials);
  }

  /** Follows until an address that begins so, pressing the page's button where there is one. */
  async followTo(url, leaving) {
    return this.#go(url, leaving, null);
  }

  /** Approves a device: signs in and presses the button that says so. */
  async approve(url, credentials) {
    let page = await this.#open(url);
    for (let turn = 0; turn < 10; turn++) {
      if (page.next) {
        page = await this.#open(page.next);
      } else if (page.form?.fields.has('password')) {
        page = await this.#submit(page, credentials);
      } else if (page.form?.buttons.some((b) => b.value === 'true')) {
        return this.#submit(page, Object.fromEntries(page.form.buttons.filter((b) => b.value === 'true').map((b) => [b.name, b.value])));
      } else {
        expect(page.form, `no form at ${page.address}: ${page.text.slice(0, 200)}`);
        page = await this.#submit(page, {});
      }
    }
    throw new Error('the device was not approved');
  }

  async #go(url, leaving, credentials) {
    let page = await this.#open(url);
    for (let turn = 0; turn < 10; turn++) {
      if (page.next?.href.startsWith(leaving)) return page.next;
      if (page.next) page = await this.#open(page.next);
      else if (page.form?.fields.has('password') && credentials) page = await this.#submit(page, credentials);
      else throw new Error(`stuck at ${page.address} (${page.status}): ${page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 300)}`);
    }
    throw new Error('too many steps');
  }

  #submit(page, typed) {
    const body = new URLSearchParams([...page.form.fields].filter(([, field]) => field.sent).map(([name, field]) => [name, field.value]));
    for (const [name, value] of Object.entries(typed)) body.set(name, value);
    return this.#open(page.form.action, { method: 'POST', body });
  }

  async #open(url, options = {}) {
    const address = new URL(url);
    const headers = { accept: 'text/html', cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const answer = await fetch(address, { redirect: 'manual', headers, ...options });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const text = await answer.text();
    const location = answer.headers.get('location');
    const refresh = /<meta http-equiv="refresh" content="\d+;\s*url=([^"]+)"/i.exec(text);
    const next = location ?? (refresh && decoded(refresh[1]));
    return { address: address.href, status: answer.status, text, next: next ? new URL(next, address) : null, form: form(text, address) };
  }
}

// Our own pages are well-formed and regular; a parser of the whole language is not needed to read their first form.
function form(html, address) {
  const found = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html.slice(html.indexOf('<main')));
  if (!found) return null;
  const fields = new Map();
  for (const [tag] of found[2].matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(tag, 'name');
    const box = /checkbox|radio/.test(attribute(tag, 'type') ?? '');
    if (name) fields.set(name, { value: attribute(tag, 'value') ?? '', sent: !/\sdisabled/.test(tag) && (!box || /\schecked/.test(tag)) });
  }
  const buttons = [...found[2].matchAll(/<button\b[^>]*>/gi)].map(([tag]) => ({ name: attribute(tag, 'name'), value: attribute(tag, 'value') }));
  return { action: new URL(attribute(found[1], 'action') ?? address.href, address), fields, buttons };
}

function attribute(tag, name) {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return found && decoded(found[1]);
}

function decoded(text) {
  return text.replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16))).replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
