// What was acknowledged is there after any crash: passwords and names as registers, registrations at the end, sessions that nobody spent or ended.
import { before, group, possible } from '../history.mjs';
import { firstUnexplained } from '../register.mjs';

export const id = 'R1';
export const title = 'acknowledged changes are there after any crash';
export const least = 300;

export function check(history) {
  const violations = [];
  let facts = 0;
  const registers = { ...asRegisters(history, passwords, 'password.set', 'password.change', 'password.try'), ...asRegisters(history, names, 'name.set', 'name.get') };
  for (const [key, operations] of Object.entries(registers)) {
    facts += operations.length;
    const wrong = firstUnexplained(operations, '0');
    if (wrong) violations.push({ what: `no order of the operations on ${key} explains this answer`, lines: leadingTo(operations, wrong) });
  }

  const read = group(history.ops('final.user'), (one) => one.key);
  for (const registration of history.ops('register').filter((one) => one.result === 'ok')) {
    facts++;
    const found = read.get(registration.id)?.at(-1);
    if (found && found.result === 'refused') violations.push({ what: 'an acknowledged registration is gone', lines: [registration, found] });
  }

  const spends = group(history.ops('spend').filter((one) => one.kind === 'refresh'), (one) => one.key);
  const ended = group(history.ops('revoke').filter(possible), (one) => one.key);
  for (const issue of history.ops('spend', 'login').filter((one) => one.result === 'ok' && one.issued)) {
    const first = spends.get(issue.issued)?.[0];
    if (!first || first.status !== 400) continue;
    facts++;
    const others = spends.get(issue.issued).some((one) => one !== first && possible(one) && !before(first, one));
    const revoked = (ended.get(first.family) ?? []).some((one) => !before(first, one));
    if (!others && !revoked) violations.push({ what: 'a token that was issued and neither spent nor revoked is refused', lines: [issue, first] });
  }
  return { facts, violations };
}

function asRegisters(history, convert, ...ops) {
  const all = {};
  for (const [key, operations] of group(history.ops(...ops), (one) => one.key)) all[`${ops[0].split('.')[0]} ${key}`] = operations.map(convert).filter(Boolean);
  return all;
}

function passwords(one) {
  const times = { value: one.value, start: one.start, end: one.end, source: one };
  const known = one.result === 'ok' || one.result === 'unknown';
  switch (one.op) {
    case 'password.set':
      return known ? { kind: 'write', result: one.result, ...times } : null;
    case 'password.change':
      if (known) return { kind: 'swap', from: one.from, result: one.result, ...times };
      return one.code === '[notEqual]currentPassword' ? { kind: 'swap', from: one.from, result: 'miss', ...times } : null;
    default:
      if (one.result === 'ok') return { kind: 'test', result: 'ok', ...times };
      return one.status === 404 ? { kind: 'test', result: 'miss', ...times } : null;
  }
}

function names(one) {
  const times = { value: one.value, start: one.start, end: one.end, source: one };
  if (one.op === 'name.set') return one.result === 'ok' || one.result === 'unknown' ? { kind: 'write', result: one.result, ...times } : null;
  return one.result === 'ok' ? { kind: 'read', result: 'ok', ...times } : null;
}

/** The answer that cannot be, after the last writes before it. */
function leadingTo(operations, wrong) {
  const writes = operations.filter((one) => one.kind !== 'test' && one.kind !== 'read' && one.start <= wrong.end && one.source !== wrong.source).slice(-5);
  return [...writes.map((one) => one.source), wrong.source];
}
