// Linearizability of one register, after Wing and Gong: is there an order of the operations that keeps to their times and makes every answer right?
//
// An operation is { kind, value, from, start, end, result, source }:
//   write   sets value                     result 'ok' or 'unknown'
//   swap    sets value if it is from       result 'ok', 'miss' (it was not from), or 'unknown'
//   test    asks whether it is value       result 'ok' or 'miss'
//   read    tells what it is               result 'ok'
// What is unknown may have happened at any time since its start, or never. Ends are walked through in order; each has to be explained by one of
// the states that are still possible (a value, and which pending operations have taken effect).

const FOREVER = Infinity;

/** @returns null if there is such an order, else the operation that no order explains. */
export function firstUnexplained(operations, initial = null) {
  const all = operations.map((operation, id) => ({ ...operation, id, end: operation.result === 'unknown' ? FOREVER : operation.end }));
  const events = all.flatMap((operation) => [
    { time: operation.start, order: 0, operation },
    ...(operation.end === FOREVER ? [] : [{ time: operation.end, order: 1, operation }]),
  ]).sort((a, b) => a.time - b.time || a.order - b.order);

  const lastSeen = seenLast(all);
  const pending = new Map();
  let states = new Map([[key(initial, []), { value: initial, done: [] }]]);
  for (const { order, operation } of events) {
    if (order === 0) {
      pending.set(operation.id, operation);
      continue;
    }

    const next = new Map();
    for (const state of states.values()) explain(state, operation, pending, lastSeen, next);
    if (next.size === 0) return operation;
    pending.delete(operation.id);
    states = next;
  }
  return null;
}

/** Until when a value is of use to explain an answer. */
function seenLast(operations) {
  const last = new Map();
  const note = (value, time) => last.set(value, Math.max(last.get(value) ?? 0, time));
  for (const operation of operations) {
    if (operation.kind === 'read' || (operation.kind === 'test' && operation.result === 'ok')) note(operation.value, operation.end);
    if (operation.kind === 'swap' && operation.result !== 'miss') note(operation.from, operation.end);
  }
  return last;
}

/** Puts into next every state in which the operation has taken effect. */
function explain(start, operation, pending, lastSeen, next) {
  const tried = new Set();
  const open = [start];
  while (open.length > 0) {
    const state = open.pop();
    const name = key(state.value, state.done);
    if (tried.has(name)) continue;
    tried.add(name);
    if (state.done.includes(operation.id)) {
      const left = state.done.filter((id) => id !== operation.id);
      next.set(key(state.value, left), { value: state.value, done: left });
      continue;
    }

    // The operation itself comes last of those that are tried, so it is looked at first.
    const candidates = [...pending.values()].filter((other) => !state.done.includes(other.id));
    for (const other of useful(candidates, state, operation, lastSeen)) {
      const value = apply(other, state.value);
      if (value !== undefined) open.push({ value, done: [...state.done, other.id].sort((a, b) => a - b) });
    }
  }
}

/**
 * Of what nobody knows, only what can explain something: a write whose value is seen later, and of all others one, which stands for any value that
 * nobody ever saw. Everything else is tried.
 */
function useful(candidates, state, operation, lastSeen) {
  let unseen = false;
  return candidates.filter((other) => {
    if (other.result !== 'unknown') return true;
    if (other.kind === 'swap' && other.from !== state.value) return false;
    if ((lastSeen.get(other.value) ?? 0) >= operation.start) return true;
    if (other.kind === 'swap') return true;
    if (unseen) return false;
    unseen = true;
    return true;
  });
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

const key = (value, done) => `${value}\u0000${done.join(',')}`;
