// The audit log has one entry for each acknowledged change of an administrator, and none for what did not happen.
import { group } from '../history.mjs';

export const id = 'R9';
export const title = 'one audit entry per acknowledged change';
export const least = 100;

export function check(history) {
  const violations = [];
  let facts = 0;
  const entries = group(history.ops('final.audit'), (one) => one.key);
  const groups = group(history.ops('final.group'), (one) => one.key);
  for (const change of history.all.filter((one) => one.reason)) {
    facts++;
    const found = entries.get(change.reason) ?? [];
    if (found.length > 1) violations.push({ what: `${found.length} entries for one change`, lines: [change, ...found] });
    if (change.result === 'ok' && found.length === 0) violations.push({ what: 'an acknowledged change is not in the log', lines: [change] });
    if ((change.result === 'refused' || change.result === 'unsent') && found.length > 0) violations.push({ what: 'the log has a change that was refused', lines: [change, ...found] });
    const read = change.op === 'group' ? groups.get(change.key)?.at(-1) : undefined;
    if (read && read.result !== 'unknown' && (read.result === 'ok') !== (found.length > 0)) violations.push({ what: 'the log and what is there do not agree', lines: [change, read, ...found] });
  }
  return { facts, violations };
}
