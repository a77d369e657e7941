// A transactional event: the change is there if and only if enough receivers agreed, it is decided once, and every receiver sees the same event.
import { disturbed, faultSpans, group } from '../history.mjs';

export const id = 'R6';
export const title = 'receivers decide once, and what they decide happens';
export const least = 60;

const RECEIVERS = 3;
const NEEDED = 2;
// Shorter than a receiver's time limit, so that no answer can have come too late for the server.
const QUICK = 2_000_000;
// The server declares what it lost sight of failed a minute after it began; until then it is open.
const DECIDED_BY = 90_000_000;

export function check(history) {
  const violations = [];
  let facts = 0;
  const votes = group(history.ops('delivery').filter((one) => one.type === 'user.create'), (one) => one.user);
  const users = group(history.ops('final.user'), (one) => one.key);
  const again = group(history.ops('again'), (one) => one.key);
  const events = group(history.ops('final.event'), (one) => one.user);
  const drained = history.ops('drained').some((one) => one.result === 'ok');
  const spans = faultSpans(history);

  for (const asked of history.ops('asked')) {
    const cast = votes.get(asked.key) ?? [];
    const found = users.get(asked.key)?.at(-1);
    const there = found?.result === 'ok';
    const tell = (what, ...lines) => violations.push({ what, lines: [asked, ...lines.filter(Boolean)] });
    facts++;

    if (new Set(cast.map((one) => one.key)).size > 1) tell('receivers were asked under two ids', ...cast);
    const agreed = receivers(cast.filter((one) => one.result === 'ok' && one.end <= asked.end));
    if (asked.result === 'ok' && agreed.size < NEEDED) tell(`it happened with ${agreed.size} of ${RECEIVERS}`, ...cast);
    if (asked.result === 'ok' && found && !there) tell('it was agreed and acknowledged, and is gone', found);
    if (asked.result === 'refused' && asked.status === 504 && agreed.size >= NEEDED && asked.end - asked.start < QUICK && !disturbed(asked, spans)) tell(`it was refused with ${agreed.size} of ${RECEIVERS}`, ...cast);
    if (asked.result === 'refused' && there) tell('it was refused, and happened', found);
    if (asked.result === 'unknown' && there && receivers(cast.filter((one) => one.result === 'ok')).size < NEEDED) tell('it happened without enough receivers', ...cast, found);
    const retaken = again.get(asked.email)?.at(-1);
    if (asked.result === 'refused' && asked.status === 504 && retaken && retaken.result !== 'ok') tell('it was refused, and its address is not free', retaken);

    const decisions = events.get(asked.key) ?? [];
    if (decisions.length > 1) tell('there are two decisions', ...decisions);
    const decision = decisions[0];
    if (decision && found) {
      if (decision.decision === 'Succeeded' && !there) tell('it was decided, and did not happen', decision, found);
      if (decision.decision === 'Failed' && there) tell('it was decided against, and happened', decision, found);
      if (decision.decision === 'Running' && (there || decision.start - asked.start > DECIDED_BY)) tell('it is still open', decision, found);
    }
    if (there && !decision && events.size > 0) tell('it happened without a decision', found);
    if (there && drained && receivers(cast.filter((one) => one.result === 'ok')).size < RECEIVERS) tell('a receiver was never told', ...cast);
  }
  return { facts, violations };
}

const receivers = (votes) => new Set(votes.map((one) => one.client));
