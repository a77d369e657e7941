// What nobody knows is called unknown: 503 with Retry-After, or no answer. What is called refused did not happen.
import { group } from '../history.mjs';

export const id = 'R10';
export const title = 'unknown outcomes are told as unknown';
export const least = 100;

const undone = (one) => one.result === 'refused' || one.result === 'unsent';

export function check(history) {
  const violations = [];
  let facts = 0;
  for (const one of history.all.filter((each) => each.status >= 500)) {
    facts++;
    if (one.status === 503 && !one.retryAfter) violations.push({ what: '503 does not say when to come again', lines: [one] });
    if (one.status !== 503 && !(one.status === 504 && one.code === '[WebhookTransactionException]')) violations.push({ what: `${one.status} instead of an answer`, lines: [one] });
  }

  const finals = group(history.ops('final.user', 'final.group').filter((one) => one.result === 'ok'), (one) => one.key);
  for (const one of history.ops('register', 'asked', 'group').filter(undone)) {
    facts++;
    const found = finals.get(one.id ?? one.key);
    if (found) violations.push({ what: 'it was refused, and is there', lines: [one, ...found] });
  }

  const seen = group(history.ops('password.try', 'name.get').filter((one) => one.result === 'ok'), (one) => `${one.key} ${one.value}`);
  for (const one of history.ops('password.set', 'password.change', 'name.set').filter(undone)) {
    facts++;
    const found = seen.get(`${one.key} ${one.value}`);
    if (found) violations.push({ what: 'it was refused, and its value is there', lines: [one, found[0]] });
  }
  return { facts, violations };
}
