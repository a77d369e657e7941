// Revoked stays revoked: nothing that begins after the acknowledgement gets in.
import { before, group } from '../history.mjs';

export const id = 'R5';
export const title = 'revoked and deactivated stays so';
export const least = 60;

export function check(history) {
  const violations = [];
  let facts = 0;
  const calls = group(history.ops('entry', 'spend'), (one) => (one.op === 'entry' ? one.key : one.family));
  const clocks = history.ops('fault').filter((fault) => fault.key === 'clock');
  for (const [key, revocations] of group(history.ops('revoke').filter((one) => one.result === 'ok'), (one) => one.key)) {
    const first = revocations.reduce((a, b) => (a.end <= b.end ? a : b));
    // All of a user's end by the clock: where that was moved between opening and ending, nothing is promised.
    if (first.all && clocks.some((fault) => fault.start < first.end && fault.end > (calls.get(key)?.[0]?.start ?? 0))) continue;
    for (const call of (calls.get(key) ?? []).filter((one) => before(first, one) && one.result !== 'unsent')) {
      facts++;
      if (call.result === 'ok') violations.push({ what: `${key} was ended, and lets in`, lines: [first, call] });
    }
  }
  return { facts, violations };
}
