// node --test tests/: the checker finds what is planted, and nothing where nothing is.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { judge, rules, tell } from '../check.mjs';
import { of } from '../history.mjs';
import { firstUnexplained } from '../register.mjs';
import { broken, clean } from './histories.mjs';

const violations = (history) => new Map(judge(of(history)).map(({ rule, violations: found }) => [rule.id, found]));

test('a clean history violates nothing, and every invariant finds facts in it', () => {
  for (const { rule, facts, violations: found } of judge(of(clean()))) {
    assert.deepEqual(found.map(({ what }) => what), [], rule.id);
    if (!rule.unchecked) assert.ok(facts > 0, `${rule.id} examined nothing`);
  }
});

test('every invariant that is checked has a violation planted', () => {
  const planted = new Set(broken.map(([id]) => id));
  for (const rule of rules) assert.equal(planted.has(rule.id), !rule.unchecked, rule.id);
});

for (const [id, how, history, said] of broken) {
  test(`${id} finds it when ${how}`, () => {
    const found = violations(history).get(id);
    assert.ok(said(found), `said ${JSON.stringify(found.map(({ what }) => what))}`);
    assert.ok(found.every(({ lines }) => lines.length > 0), 'a violation shows no lines');
  });
}

test('a history with hardly any facts does not pass', () => {
  const written = [];
  assert.equal(tell(judge(of(clean())), (line) => written.push(line)), 2);
  assert.ok(written.some((line) => line.includes('TOO FEW FACTS')));
  assert.ok(written.some((line) => line.startsWith('R8') && line.includes('not checked: no billing')));
});

test('the program reads files, forgives a last line that was cut off, and tells by its exit code', () => {
  const folder = mkdtempSync(join(tmpdir(), 'checker-'));
  try {
    const file = join(folder, 'history.jsonl');
    const run = (history) => {
      writeFileSync(file, `${history.map((one) => JSON.stringify(one)).join('\n')}\n{"client":"cut of`);
      return spawnSync(process.execPath, [fileURLToPath(new URL('../check.mjs', import.meta.url)), file], { encoding: 'utf8' });
    };
    assert.equal(run(clean()).status, 2);
    const violated = run(broken.find(([id]) => id === 'R4')[2]);
    assert.equal(violated.status, 1);
    assert.match(violated.stdout, /R4 .*VIOLATED 1 times[\s\S]*"op":"spend"/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const at = (kind, value, start, end, result = 'ok', more = {}) => ({ kind, value, start, end, result, ...more });

test('a register takes what some order explains', () => {
  assert.equal(firstUnexplained([at('write', 'a', 0, 1), at('write', 'b', 2, 5), at('read', 'a', 3, 4), at('read', 'b', 3, 6)]), null);
  // Nobody knows whether it was written: it may turn up late, or never.
  assert.equal(firstUnexplained([at('write', 'a', 0, 1), at('write', 'b', 2, 3, 'unknown'), at('read', 'a', 4, 5), at('read', 'b', 6, 7)]), null);
  assert.equal(firstUnexplained([at('write', 'a', 0, 1), at('write', 'b', 2, 3, 'unknown'), at('read', 'a', 4, 5)]), null);
  // A miss is explained by a write that nobody saw.
  assert.equal(firstUnexplained([at('write', 'a', 0, 1), at('write', 'b', 2, 3, 'unknown'), at('test', 'a', 4, 5, 'miss')]), null);
  assert.equal(firstUnexplained([at('write', 'a', 0, 1), at('swap', 'b', 2, 3, 'unknown', { from: 'a' }), at('swap', 'c', 4, 5, 'ok', { from: 'b' }), at('test', 'c', 6, 7)]), null);
});

test('a register refuses what no order explains', () => {
  // Once it turned up it does not go again.
  const late = at('read', 'a', 8, 9);
  assert.equal(firstUnexplained([at('write', 'a', 0, 1), at('write', 'b', 2, 3, 'unknown'), at('read', 'b', 6, 7), late])?.start, late.start);
  assert.equal(firstUnexplained([at('write', 'a', 0, 1), at('test', 'a', 2, 3, 'miss')])?.start, 2);
  assert.equal(firstUnexplained([at('write', 'a', 0, 1), at('swap', 'b', 2, 3, 'ok', { from: 'x' })])?.start, 2);
  // Two swaps of one value cannot both succeed.
  assert.ok(firstUnexplained([at('write', 'a', 0, 1), at('swap', 'b', 2, 5, 'ok', { from: 'a' }), at('swap', 'c', 2, 5, 'ok', { from: 'a' })]));
  // A write that had not begun explains nothing.
  assert.ok(firstUnexplained([at('write', 'a', 0, 1), at('read', 'b', 2, 3), at('write', 'b', 4, 5, 'unknown')]));
});

test('a hundred outcomes that nobody knows are no burden', () => {
  const history = [at('write', 'first', 0, 1)];
  for (let i = 0; i < 100; i++) history.push(at('write', `lost ${i}`, 10 * i + 2, 10 * i + 3, 'unknown'), at('write', `kept ${i}`, 10 * i + 4, 10 * i + 5), at('test', `kept ${i}`, 10 * i + 6, 10 * i + 7));
  assert.equal(firstUnexplained(history), null);
  history.push(at('test', 'kept 3', 2000, 2001));
  assert.equal(firstUnexplained(history)?.start, 2000);
});
