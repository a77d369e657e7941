// Judges a history by the invariants R1 to R10. It knows nothing but the lines: no server, no API.
//   node check.mjs history.jsonl [more.jsonl]
// Ends with 0 if everything held, 1 if something was violated, 2 if an invariant was hardly put to the test: that proves nothing either.
import { fileURLToPath } from 'node:url';
import { read } from './history.mjs';
import * as r1 from './rules/r1.mjs';
import * as r2 from './rules/r2.mjs';
import * as r3 from './rules/r3.mjs';
import * as r4 from './rules/r4.mjs';
import * as r5 from './rules/r5.mjs';
import * as r6 from './rules/r6.mjs';
import * as r7 from './rules/r7.mjs';
import * as r8 from './rules/r8.mjs';
import * as r9 from './rules/r9.mjs';
import * as r10 from './rules/r10.mjs';

export const rules = [r1, r2, r3, r4, r5, r6, r7, r8, r9, r10];

const SHOWN = 5;

/** What each invariant says about a history. */
export const judge = (history) => rules.map((rule) => ({ rule, ...(rule.unchecked ? { facts: 0, violations: [] } : rule.check(history)) }));

/** @returns the exit code. */
export function tell(verdicts, write) {
  let code = 0;
  for (const { rule, facts, violations } of verdicts) {
    const few = !rule.unchecked && facts < rule.least;
    const verdict = rule.unchecked ? `not checked: ${rule.unchecked}` : violations.length > 0 ? `VIOLATED ${violations.length} times` : few ? `TOO FEW FACTS, ${rule.least} are needed` : 'held';
    write(`${rule.id.padEnd(4)}${String(facts).padStart(7)} facts  ${verdict.padEnd(24)} ${rule.title}`);
    for (const { what, lines } of violations.slice(0, SHOWN)) {
      write(`       ${what}`);
      for (const line of lines) write(`         ${line.line ?? '?'}: ${line.text ?? JSON.stringify(line)}`);
    }
    if (violations.length > SHOWN) write(`       and ${violations.length - SHOWN} more`);
    if (violations.length > 0) code = 1;
    else if (few && code === 0) code = 2;
  }
  return code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = process.argv.slice(2);
  if (files.length === 0) {
    console.error('usage: node check.mjs history.jsonl [more.jsonl]');
    process.exit(2);
  }
  process.exitCode = tell(judge(read(files)), (line) => console.log(line));
}
