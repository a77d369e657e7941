// Reads what a run wrote: lines of JSON, one an operation, with start and end in microseconds of one clock.
import { readFileSync } from 'node:fs';

/** All operations of some files, by start. A line that was cut off by the end of its writer is left out, and only the last may be. */
export function read(files) {
  const operations = [];
  for (const file of files) {
    const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line.length > 0);
    lines.forEach((text, index) => {
      try {
        operations.push({ ...JSON.parse(text), line: index + 1, text });
      } catch (error) {
        if (index < lines.length - 1) throw new Error(`${file}:${index + 1} is not JSON: ${error.message}`);
      }
    });
  }
  return of(operations);
}

/** The same of operations that are at hand. */
export function of(operations) {
  const sorted = [...operations].sort((a, b) => a.start - b.start);
  const byOp = new Map();
  for (const operation of sorted) {
    if (!byOp.has(operation.op)) byOp.set(operation.op, []);
    byOp.get(operation.op).push(operation);
  }
  return {
    all: sorted,
    /** The operations of these names, by start. */
    ops: (...names) => names.length === 1 ? byOp.get(names[0]) ?? [] : sorted.filter((operation) => names.includes(operation.op)),
  };
}

/** Operations by what a function says of each; those of which it says nothing are left out. */
export function group(operations, key) {
  const groups = new Map();
  for (const operation of operations) {
    const name = key(operation);
    if (name === undefined || name === null) continue;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(operation);
  }
  return groups;
}

/** Whether a was over when b began. */
export const before = (a, b) => a.end < b.start;

/** Something may have been done: it was acknowledged, or nobody knows. */
export const possible = (operation) => operation.result === 'ok' || operation.result === 'unknown';

/** The spans in which a fault was at work, and some microseconds after. */
export function faultSpans(history, after = 2_000_000) {
  return history.ops('fault').map((fault) => ({ start: fault.start, end: fault.end + after }));
}

/** Whether an operation touches one of the spans. */
export const disturbed = (operation, spans) => spans.some((span) => operation.start <= span.end && operation.end >= span.start);
