// What is good once succeeds once, and what was refused stays refused.
import { before, group } from '../history.mjs';

export const id = 'R4';
export const title = 'one-time codes and tokens succeed once';
export const least = 100;

/** Said about the code itself, not about the moment. */
const refused = (one) => one.status === 400 || one.status === 404;

export function check(history) {
  const violations = [];
  let facts = 0;
  for (const [code, spends] of group(history.ops('spend'), (one) => one.key)) {
    if (spends.filter((one) => one.result !== 'unsent').length < 2) continue;
    facts++;
    const good = spends.filter((one) => one.result === 'ok');
    if (good.length > 1) violations.push({ what: `${spends[0].kind} ${code} was good ${good.length} times`, lines: good });
    for (const late of good) {
      const early = spends.find((one) => refused(one) && before(one, late));
      if (early) violations.push({ what: `${spends[0].kind} ${code} was refused and is good after all`, lines: [early, late] });
    }
  }
  return { facts, violations };
}
