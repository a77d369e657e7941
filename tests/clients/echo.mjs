// Says back what it was given: proves the way in and out between the tests and the programs in this folder.
import { input, report } from './program.mjs';

const given = await input();
if (given.hang) {
  setInterval(() => {}, 1000);
} else if (given.fail) {
  console.error(given.fail);
  process.exitCode = 3;
} else {
  report({ given, variable: process.env.ECHO_VARIABLE ?? null, node: process.versions.node });
}
