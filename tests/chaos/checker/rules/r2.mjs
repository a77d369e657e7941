// One user per normalised login name and tenant.
import { before, group, possible } from '../history.mjs';

export const id = 'R2';
export const title = 'one user per login name';
export const least = 50;

export function check(history) {
  const violations = [];
  let facts = 0;
  const there = new Set(history.ops('final.user').filter((one) => one.result === 'ok').map((one) => one.key));
  for (const [email, attempts] of group(history.ops('register'), (one) => one.key)) {
    if (attempts.length < 2) continue;
    facts++;
    const won = attempts.filter((one) => one.result === 'ok');
    if (won.length > 1) violations.push({ what: `${email} was given to two users`, lines: won });
    const left = attempts.filter((one) => there.has(one.id));
    if (left.length > 1) violations.push({ what: `${email} belongs to two users at the end`, lines: left });
    for (const refused of attempts.filter((one) => one.code?.startsWith('[duplicate]'))) {
      if (!attempts.some((one) => one !== refused && possible(one) && !before(refused, one)))
        violations.push({ what: `${email} was called taken when nobody had asked for it`, lines: [refused] });
    }
  }
  return { facts, violations };
}
