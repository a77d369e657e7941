// Failed logins count up until a success, and no more passwords are looked at than the limit allows; without failures nobody is kept out.
import { before, group } from '../history.mjs';

export const id = 'R3';
export const title = 'guesses are counted and bounded, outages are not';
export const least = 200;

const LIMIT = 5;
const WRONG = 404;

/** A lockout; a conflict of two writers has the same status and a code. */
const shut = (one) => (one.status === 409 && !one.code) || one.status === 423;

export function check(history) {
  const violations = [];
  let facts = 0;
  for (const [user, tries] of group(history.ops('guess'), (one) => one.key)) {
    facts += tries.length;
    const wrong = tries.filter((one) => !one.right);
    const looked = wrong.filter((one) => one.status === WRONG);
    if (looked.length > LIMIT && !tries.some((one) => one.right && one.result === 'ok' && one.start < looked.at(-1).end))
      violations.push({ what: `${looked.length} passwords of ${user} were looked at, ${LIMIT} is the limit`, lines: looked });
    for (const right of tries.filter((one) => one.right)) {
      const counted = looked.filter((one) => before(one, right));
      if (counted.length >= LIMIT && right.result === 'ok' && !tries.some((one) => one !== right && one.right && one.result === 'ok' && before(one, right)))
        violations.push({ what: `${user} was let in after ${counted.length} counted failures`, lines: [...counted, right] });
      const made = wrong.filter((one) => one.start < right.end && one.result !== 'unsent');
      if (made.length < LIMIT && shut(right)) violations.push({ what: `${user} is kept out after ${made.length} failures`, lines: [...made, right] });
      if (right.status === WRONG) violations.push({ what: 'the right password is called wrong', lines: [right] });
    }
  }

  const honest = history.ops('honest');
  facts += honest.length;
  for (const one of honest.filter((each) => each.status === WRONG || shut(each)))
    violations.push({ what: 'somebody who never mistypes is kept out', lines: [one] });
  return { facts, violations };
}
