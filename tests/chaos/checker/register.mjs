// Linearizability of one register, after Wing and Gong: is there an order of the operations that keeps to their times and makes every answer right?
//
// An operation is { kind, value, from, start, end, result, source }:
//   write   sets value                     result 'ok' or 'unknown'
//   swap    sets value if it is from       result 'ok', 'miss' (it was not from), or 'unknown'
//   test    asks whether it is value       result 'ok' or 'miss'
//   read    tells what it is               result 'ok'
// What is unknown may have happened at any time since its start, or never. Ends are walked through in order; each has to be explained by one of
// the states that are still possible: a value, which pending operations have taken effect, and which of the unknown ones were used up.
//
// Two things keep that small. An unknown operation is tried only right before an answer that it can explain, since one that explains nothing might as
// well not have happened. And of two states that differ only in what was used up, the one that used less can do whatever the other can.

/** @returns null if there is such an order, else the operation that no order explains. */
export function firstUnexplained(operations, initial = null) {
  const all = operations.map((operation, id) => ({ ...operation, id, end: operation.result === 'unknown' ? Infinity : operation.end }));
  const events = all.flatMap((operation) => [
    { time: operation.start, order: 0, operation },
    ...(operation.end === Infinity ? [] : [{ time: operation.end, order: 1, operation }]),
  ]).sort((a, b) => a.time - b.time || a.order - b.order);

  const lastSeen = seenLast(all);
  const pending = { known: new Map(), unknown: new Map() };
  let states = [{ value: initial, done: [], used: [] }];
  for (const { order, operation } of events) {
    if (order === 0) {
      (operation.result === 'unknown' ? pending.unknown : pending.known).set(operation.id, operation);
      continue;
    }

    const next = new Frontier();
    for (const state of states) explain(state, operation, pending, lastSeen, next);
    states = next.states();
    if (states.length === 0) return operation;
    pending.known.delete(operation.id);
  }
  return null;
}

/** States of which none can do all that another one can. */
class Frontier {
  #byKey = new Map();

  /** @returns false if there is one already that can do as much. */
  add(state) {
    const key = `${state.value}\u0000${state.done.join(',')}`;
    const same = this.#byKey.get(key) ?? [];
    if (same.some((other) => other.used.every((id) => state.used.includes(id)))) return false;
    this.#byKey.set(key, [...same.filter((other) => !state.used.every((id) => other.used.includes(id))), state]);
    return true;
  }

  states() {
    return [...this.#byKey.values()].flat();
  }
}

/** Puts into next every state in which the operation has taken effect. */
function explain(start, operation, pending, lastSeen, next) {
  const tried = new Frontier();
  const open = [start];
  tried.add(start);
  while (open.length > 0) {
    const state = open.shift();
    if (state.done.includes(operation.id)) {
      next.add({ ...state, done: state.done.filter((id) => id !== operation.id) });
      continue;
    }

    const waiting = [...pending.known.values()].filter((other) => !state.done.includes(other.id));
    for (const other of waiting) {
      const value = apply(other, state.value);
      if (value === undefined) continue;
      const reached = { value, done: [...state.done, other.id].sort((a, b) => a - b), used: state.used };
      if (tried.add(reached)) open.push(reached);
    }
    for (const other of useful(waiting, pending.unknown, state, operation, lastSeen)) {
      const reached = { value: other.value, done: state.done, used: [...state.used, other.id].sort((a, b) => a - b) };
      if (tried.add(reached)) open.push(reached);
    }
  }
}

/** The unknown operations that explain one of the answers that wait for an explanation. */
function useful(waiting, unknown, state, operation, lastSeen) {
  const left = [...unknown.values()].filter((other) => !state.used.includes(other.id) && apply(other, state.value) !== undefined);
  if (left.length === 0) return left;
  const needed = new Set(waiting.filter((other) => other.result === 'ok' && other.kind !== 'write').map((other) => (other.kind === 'swap' ? other.from : other.value)));
  for (let size = -1; size !== needed.size;) {
    size = needed.size;
    for (const other of unknown.values()) if (other.kind === 'swap' && needed.has(other.value)) needed.add(other.from);
  }

  // A miss of the present value is explained by any other one: by each that is seen later, and by one that stands for all that never are.
  const missed = new Set(waiting.filter((other) => other.result === 'miss').map((other) => (other.kind === 'swap' ? other.from : other.value)));
  const conflict = missed.has(state.value);
  let stand = false;
  return left.filter((other) => {
    if (needed.has(other.value)) return true;
    if (!conflict || missed.has(other.value)) return false;
    if (other.kind === 'swap' || (lastSeen.get(other.value) ?? 0) >= operation.start) return true;
    if (stand) return false;
    stand = true;
    return true;
  });
}

/** Until when each value is of use: when it was last seen, or last asked for. */
function seenLast(operations) {
  const last = new Map();
  const note = (value, time) => last.set(value, Math.max(last.get(value) ?? 0, time));
  for (const operation of operations) {
    if (operation.kind === 'read' || operation.kind === 'test') note(operation.value, operation.end);
    if (operation.kind === 'swap') note(operation.from, operation.end);
  }
  return last;
}

/** The value after the operation, or undefined where its answer does not fit. */
function apply(operation, value) {
  switch (`${operation.kind} ${operation.result}`) {
    case 'write ok':
    case 'write unknown':
      return operation.value;
    case 'swap ok':
    case 'swap unknown':
      return value === operation.from ? operation.value : undefined;
    case 'swap miss':
      return value === operation.from ? undefined : value;
    case 'test ok':
    case 'read ok':
      return value === operation.value ? value : undefined;
    case 'test miss':
      return value === operation.value ? undefined : value;
    default:
      throw new Error(`An operation cannot be a ${operation.kind} that is ${operation.result}.`);
  }
}
