// Histories made by hand: a clean one in which every kind of operation occurs, and changes of it, each of which breaks one invariant.

/** An operation; times in seconds, since that reads better. */
export function op(client, name, key, start, end, result, more = {}) {
  const status = { ok: 200, refused: 400, unknown: 0, unsent: -1 }[result];
  return { client, op: name, key, start: start * 1e6, end: end * 1e6, result, status, ...more };
}

const delivery = (client, event, start, type, user, more = {}) => op(client, 'delivery', event, start, start + 0.01, 'ok', { type, user, ...more });

/** Nothing is wrong in here. */
export function clean() {
  return [
    ...passwords(), ...names(), ...registrations(), ...guesses(), ...tokens(), ...ends(), ...asked(),
    op('faults', 'fault', 'kill', 50, 51, 'ok', { healed: 50e6 }),
    op('final', 'drained', 'webhooks', 80, 81, 'ok', { owed: 0 }),
  ];
}

function passwords() {
  return [
    op('setup', 'password.set', 'u1', 0, 0.1, 'ok', { value: 'p1' }),
    // Two writers at once, of whom the second one won; a third whom nobody knows about, and whose value turns up later.
    op('a', 'password.set', 'u1', 1, 2, 'ok', { value: 'p2', reason: 'why-1' }),
    op('b', 'password.change', 'u1', 1.5, 2.5, 'ok', { value: 'p3', from: 'p2' }),
    op('c', 'password.try', 'u1', 3, 3.1, 'ok', { value: 'p3' }),
    op('c', 'password.try', 'u1', 3.2, 3.3, 'refused', { value: 'p2', status: 404 }),
    op('a', 'password.set', 'u1', 4, 9, 'unknown', { value: 'p4', reason: 'why-2' }),
    op('c', 'password.try', 'u1', 10, 10.1, 'ok', { value: 'p3' }),
    op('c', 'password.try', 'u1', 11, 11.1, 'ok', { value: 'p4' }),
    op('b', 'password.change', 'u1', 12, 12.1, 'refused', { value: 'p5', from: 'p3', code: '[notEqual]currentPassword' }),
    op('b', 'password.change', 'u1', 13, 13.1, 'unknown', { value: 'p6', from: 'p4', status: 503, retryAfter: true }),
    op('final', 'password.try', 'u1', 70, 70.1, 'ok', { value: 'p4' }),
    op('final', 'final.audit', 'why-1', 71, 71, 'ok', { message: 'updated' }),
  ];
}

function names() {
  return [
    op('n', 'name.set', 'u2', 1, 1.1, 'ok', { value: '1', reason: 'why-3' }),
    op('n', 'name.set', 'u2', 2, 2.1, 'ok', { value: '2', reason: 'why-4' }),
    op('n', 'name.get', 'u2', 3, 3.1, 'ok', { value: '2' }),
    op('final', 'name.get', 'u2', 70, 70.1, 'ok', { value: '2' }),
    op('g', 'group', 'g1', 4, 4.1, 'ok', { reason: 'why-5' }),
    op('final', 'final.group', 'g1', 70, 70.1, 'ok'),
    ...['why-3', 'why-4', 'why-5'].map((reason) => op('final', 'final.audit', reason, 71, 71, 'ok', { message: 'updated' })),
    ...['told/0', 'told/1'].flatMap((client) => [
      delivery(client, 'e1', 1.2, 'user.update.complete', 'u2', { value: '1' }),
      delivery(client, 'e2', 2.2, 'user.update.complete', 'u2', { value: '2' }),
      delivery(client, 'e2', 2.9, 'user.update.complete', 'u2', { value: '2' }),
    ]),
  ];
}

function registrations() {
  return [
    op('a', 'register', 'x@example.com', 1, 1.2, 'ok', { id: 'x1' }),
    op('b', 'register', 'x@example.com', 1, 1.2, 'refused', { id: 'x2', code: '[duplicate]user.email' }),
    op('final', 'final.user', 'x1', 70, 70.1, 'ok', { email: 'x@example.com' }),
    op('final', 'final.user', 'x2', 70, 70.1, 'refused', { status: 404, email: 'x@example.com' }),
    delivery('told/0', 'e3', 1.3, 'user.create.complete', 'x1'),
    delivery('told/1', 'e3', 1.3, 'user.create.complete', 'x1'),
  ];
}

function guesses() {
  const wrong = (user, second, status) => op('g', 'guess', user, second, second + 0.1, 'refused', { right: false, status });
  return [
    ...[1, 2, 3, 4, 5].map((second) => wrong('locked', second, 404)),
    wrong('locked', 6, 409),
    op('g', 'guess', 'locked', 7, 7.1, 'refused', { right: true, status: 409 }),
    ...[1, 2, 3].map((second) => wrong('careless', second, 404)),
    op('g', 'guess', 'careless', 7, 7.1, 'ok', { right: true }),
    op('p', 'honest', 'h', 1, 1.1, 'ok', { right: true }),
    op('p', 'honest', 'h', 50, 50.1, 'unknown', { right: true, status: 503, retryAfter: true }),
  ];
}

function tokens() {
  return [
    op('s', 'login', 'u3', 1, 1.1, 'ok', { issued: 't1', family: 'f1' }),
    op('s', 'spend', 't1', 2, 2.1, 'ok', { kind: 'refresh', family: 'f1', issued: 't2' }),
    op('s', 'spend', 't1', 2, 2.2, 'refused', { kind: 'refresh', family: 'f1' }),
    op('s', 'revoke', 'f1', 3, 3.1, 'ok'),
    op('s', 'spend', 't2', 4, 4.1, 'refused', { kind: 'refresh', family: 'f1' }),
    op('s', 'spend', 'c1', 5, 5.1, 'unknown', { kind: 'passwordless' }),
    op('s', 'spend', 'c1', 6, 6.1, 'ok', { kind: 'passwordless' }),
  ];
}

function ends() {
  return [
    op('l', 'revoke', 'u4', 5, 5.1, 'ok'),
    op('l', 'entry', 'u4', 5.05, 5.2, 'ok', { kind: 'password' }),
    op('l', 'entry', 'u4', 6, 6.1, 'refused', { kind: 'password', status: 423 }),
  ];
}

function asked() {
  const vote = (receiver, event, start, user, result) => op(`asked/${receiver}`, 'delivery', event, start, start + 0.01, result, { type: 'user.create', user });
  return [
    op('a', 'asked', 'v1', 1, 1.1, 'ok', { email: 'v1@example.com' }),
    vote(0, 'e4', 1.01, 'v1', 'ok'), vote(1, 'e4', 1.02, 'v1', 'ok'), vote(2, 'e4', 1.01, 'v1', 'refused'), vote(2, 'e4', 6, 'v1', 'ok'),
    op('final', 'final.user', 'v1', 70, 70.1, 'ok', { email: 'v1@example.com' }),
    op('final', 'final.event', 'e4', 71, 71.1, 'ok', { decision: 'Succeeded', user: 'v1' }),
    op('a', 'asked', 'v2', 2, 2.1, 'refused', { email: 'v2@example.com', status: 504, code: '[WebhookTransactionException]' }),
    vote(0, 'e5', 2.01, 'v2', 'ok'), vote(1, 'e5', 2.02, 'v2', 'refused'), vote(2, 'e5', 2.01, 'v2', 'refused'),
    op('final', 'final.user', 'v2', 70, 70.1, 'refused', { email: 'v2@example.com', status: 404 }),
    op('final', 'final.event', 'e5', 71, 71.1, 'ok', { decision: 'Failed', user: 'v2' }),
    op('final', 'again', 'v2@example.com', 72, 72.1, 'ok'),
  ];
}

/** The clean history with some operations changed: those that a condition picks get new members, or go. */
export const changed = (condition, members) => clean().flatMap((one) => (condition(one) ? (members ? [{ ...one, ...members }] : []) : [one]));

/** The clean history and more. */
export const with_ = (...more) => [...clean(), ...more];

const is = (name, key, more = () => true) => (one) => one.op === name && one.key === key && more(one);
const said = (text) => (violations) => violations.some(({ what }) => what.includes(text));

/** [the invariant that is broken, how, the history, what has to be said] */
export const broken = [
  ['R1', 'an acknowledged password is gone', with_(op('final', 'password.try', 'u1', 75, 75.1, 'refused', { value: 'p4', status: 404 }), op('final', 'password.try', 'u1', 76, 76.1, 'ok', { value: 'p3' })), said('no order')],
  ['R1', 'a write that was over comes back', with_(op('c', 'password.try', 'u1', 3.4, 3.5, 'ok', { value: 'p1' })), said('no order')],
  ['R1', 'an old name is read', changed(is('name.get', 'u2', (one) => one.client === 'final'), { value: '1' }), said('no order')],
  ['R1', 'a registered user is gone', changed(is('final.user', 'x1'), { result: 'refused', status: 404 }), said('registration is gone')],
  ['R1', 'a session is lost', with_(op('s', 'login', 'u3', 20, 20.1, 'ok', { issued: 't9', family: 'f9' }), op('s', 'spend', 't9', 21, 21.1, 'refused', { kind: 'refresh', family: 'f9' })), said('neither spent nor revoked')],
  ['R2', 'two users get one address', changed(is('register', 'x@example.com', (one) => one.id === 'x2'), { result: 'ok', code: undefined }), said('given to two users')],
  ['R2', 'two users have one address at the end', changed(is('final.user', 'x2'), { result: 'ok', status: 200 }), said('belongs to two users')],
  ['R2', 'an address is taken by nobody', with_(
    op('a', 'register', 'y@example.com', 1, 1.1, 'refused', { id: 'y1', code: '[duplicate]user.email' }), op('a', 'register', 'y@example.com', 2, 2.1, 'ok', { id: 'y2' }),
  ), said('nobody had asked')],
  ['R3', 'a sixth guess is looked at', changed(is('guess', 'locked', (one) => one.status === 409 && !one.right), { status: 404 }), said('6 passwords')],
  ['R3', 'who is locked out gets in', changed(is('guess', 'locked', (one) => one.right), { result: 'ok', status: 200 }), said('was let in')],
  ['R3', 'three failures lock out', changed(is('guess', 'careless', (one) => one.right), { result: 'refused', status: 409 }), said('is kept out')],
  ['R3', 'an outage is a wrong password', changed(is('honest', 'h', (one) => one.status === 503), { result: 'refused', status: 404 }), said('never mistypes')],
  ['R4', 'a token is good twice', changed(is('spend', 't1', (one) => one.result === 'refused'), { result: 'ok', status: 200 }), said('good 2 times')],
  ['R4', 'what was refused is good', with_(op('s', 'spend', 'c2', 7, 7.1, 'refused', { kind: 'reset', status: 404 }), op('s', 'spend', 'c2', 8, 8.1, 'ok', { kind: 'reset' })), said('good after all')],
  ['R5', 'a deactivated user gets in', changed(is('entry', 'u4', (one) => one.result === 'refused'), { result: 'ok', status: 200 }), said('lets in')],
  ['R5', 'a revoked token is good', changed(is('spend', 't2'), { result: 'ok', status: 200 }), said('lets in')],
  ['R6', 'it happens with one vote', changed(is('delivery', 'e4', (one) => one.client === 'asked/1'), { result: 'refused' }), said('it happened with 1 of 3')],
  ['R6', 'it is refused with three votes', changed(is('delivery', 'e5', (one) => one.result === 'refused'), { result: 'ok' }), said('refused with 3 of 3')],
  ['R6', 'it is refused and there', changed(is('final.user', 'v2'), { result: 'ok', status: 200 }), said('refused, and happened')],
  ['R6', 'the address is not free', changed(is('again', 'v2@example.com'), { result: 'refused', status: 400 }), said('address is not free')],
  ['R6', 'receivers see two ids', changed(is('delivery', 'e4', (one) => one.client === 'asked/1'), { key: 'e4b' }), said('two ids')],
  ['R6', 'the decision is another', changed(is('final.event', 'e4'), { decision: 'Failed' }), said('decided against')],
  ['R7', 'a receiver is never told', changed(is('delivery', 'e3', (one) => one.client === 'told/1')), said('never told')],
  ['R7', 'the order is another', changed(is('delivery', 'e2', (one) => one.client === 'told/1'), { start: 1.15e6 }), said('another order')],
  ['R7', 'one event has two ids', changed(is('delivery', 'e3', (one) => one.client === 'told/1'), { key: 'e3b' }), said('two ids')],
  ['R7', 'something is owed at the end', changed(is('drained', 'webhooks'), { result: 'refused', owed: 3 }), said('still owed')],
  ['R9', 'a change is not in the log', changed(is('final.audit', 'why-4')), said('not in the log')],
  ['R9', 'a change is in the log twice', with_(op('final', 'final.audit', 'why-4', 71, 71, 'ok')), said('2 entries')],
  ['R9', 'the log has what was refused', changed(is('name.set', 'u2', (one) => one.value === '1'), { result: 'refused', status: 409 }), said('was refused')],
  ['R10', 'a 503 without Retry-After', changed(is('honest', 'h', (one) => one.status === 503), { retryAfter: false }), said('when to come again')],
  ['R10', 'a 500', with_(op('a', 'login', 'u9', 1, 1.1, 'unknown', { status: 500 })), said('500 instead')],
  ['R10', 'a refused registration is there', with_(op('a', 'register', 'z@example.com', 1, 1.1, 'refused', { id: 'z1' }), op('final', 'final.user', 'z1', 70, 70.1, 'ok')), said('refused, and is there')],
  ['R10', 'a refused password is there', changed(is('password.set', 'u1', (one) => one.value === 'p4'), { result: 'refused', status: 409 }), said('its value is there')],
];
