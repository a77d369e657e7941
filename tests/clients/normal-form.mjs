// Normalization form C as the engine of Node.js makes it, by ICU.
// Input: {texts: [[code point]]}. Answers {single: [[code point, [composed]]] for every assigned code point that changes,
// texts: [[composed]], or null for a text with a code point that this engine does not know}.
import { input, report } from './program.mjs';

const { texts } = await input();
const points = (text) => [...text].map((letter) => letter.codePointAt(0));
const known = (list) => list.every((point) => !/\p{Cn}|\p{Cs}/u.test(String.fromCodePoint(point)));
const composed = (list) => points(String.fromCodePoint(...list).normalize('NFC'));

const single = [];
for (let point = 0; point < 0x110000; point++) {
  if (!known([point])) continue;
  const form = composed([point]);
  if (form.length !== 1 || form[0] !== point) single.push([point, form]);
}
report({ single, texts: texts.map((list) => (known(list) ? composed(list) : null)) });
