// What nobody may veto is delivered to every receiver, at least once, under one id, and in order for each user.
import { group } from '../history.mjs';

export const id = 'R7';
export const title = 'events arrive at least once, in order';
export const least = 100;

const CREATED = 'user.create.complete';
const UPDATED = 'user.update.complete';

export function check(history) {
  const violations = [];
  let facts = 0;
  const all = history.ops('delivery').filter((one) => one.client.startsWith('told/'));
  const clients = [...new Set(all.map((one) => one.client))];
  const what = (one) => `${one.type} ${one.user} ${one.type === UPDATED ? one.value : ''}`;
  const taken = group(all.filter((one) => one.result === 'ok'), (one) => `${one.client} ${what(one)}`);
  const ids = group(all, what);

  for (const drained of history.ops('drained').filter((one) => one.result !== 'ok')) violations.push({ what: `${drained.owed} deliveries are still owed at the end`, lines: [drained] });
  const told = (operation, event) => {
    facts++;
    if (clients.length === 0) violations.push({ what: 'no receiver was told anything', lines: [operation] });
    for (const client of clients)
      if (!taken.has(`${client} ${event}`)) violations.push({ what: `${client} was never told`, lines: [operation] });
  };
  for (const one of history.ops('register').filter((each) => each.result === 'ok')) told(one, `${CREATED} ${one.id} `);
  const named = history.ops('name.set').filter((one) => one.result === 'ok');
  for (const one of named) told(one, `${UPDATED} ${one.key} ${one.value}`);

  // What happened once is one event: the names of these users, and the users of registrations, do not come twice.
  const mine = new Set([...named.map((one) => `${UPDATED} ${one.key} ${one.value}`), ...history.ops('register').map((one) => `${CREATED} ${one.id} `)]);
  for (const [event, deliveries] of ids)
    if (mine.has(event) && new Set(deliveries.map((one) => one.key)).size > 1) violations.push({ what: `${event} came under two ids`, lines: deliveries });

  for (const client of clients) {
    for (const [user, sets] of group(named, (one) => one.key)) {
      const arrived = sets.map((one) => ({ set: one, delivery: taken.get(`${client} ${UPDATED} ${user} ${one.value}`)?.[0] })).filter((one) => one.delivery);
      for (let i = 1; i < arrived.length; i++) {
        if (arrived[i].delivery.start < arrived[i - 1].delivery.start)
          violations.push({ what: `${client} heard of ${user} in another order than it happened`, lines: [arrived[i - 1].set, arrived[i].set, arrived[i].delivery, arrived[i - 1].delivery] });
      }
    }
  }
  return { facts, violations };
}
