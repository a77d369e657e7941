// What every program in this folder shares: one JSON document in, one out, and steps that name what failed.
import { text } from 'node:stream/consumers';

/** The JSON document on standard input; {} when there is none. */
export async function input() {
  const given = await text(process.stdin);
  return given.trim() === '' ? {} : JSON.parse(given);
}

/** Writes the one JSON document of this program. */
export function report(result) {
  process.stdout.write(JSON.stringify(result) + '\n');
}

/** Ends the program with code 1 and the step's name when the work throws. */
export async function step(name, work) {
  try {
    return await work();
  } catch (error) {
    console.error(JSON.stringify({ step: name, ...described(error) }));
    process.exit(1);
  }
}

/** Throws unless the condition holds; the step around it adds where. */
export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

/** The status and body of a call of the official client that has to be refused; null as body when it is empty. */
export async function refusal(call) {
  const accepted = await call().catch((answer) => {
    if (answer.statusCode === undefined) throw answer;
    return { refused: { status: answer.statusCode, body: answer.exception ?? null } };
  });
  expect(accepted.refused, `accepted with status ${accepted.statusCode}`);
  return accepted.refused;
}

// The official client throws its response object, which holds an Error only when no answer came.
function described(error) {
  if (error instanceof Error) return { message: error.message, code: error.code };
  if (error?.exception instanceof Error) return { status: error.statusCode, message: error.exception.message };
  return { status: error?.statusCode, body: error?.exception };
}
