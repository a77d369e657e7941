// A validation server of Yubico's protocol, version 2.0: signs and spells with the `yub` package and decrypts with Node's own
// cipher. Takes its keys on the first line of standard input, tells its port as a line of JSON, and ends with its standard input.
import { createDecipheriv } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Yub from 'yub';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const given = JSON.parse((await lines.next()).value);
const used = new Map();

function checkSum(block) {
  let crc = 0xffff;
  for (const byte of block) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return crc;
}

/** What the key says of itself, or null where the block is not one of it. */
function read(otp) {
  let hex = null;
  Yub.verifyOffline(otp, (_, told) => { hex = told.encryptedHex; });
  const cipher = createDecipheriv('aes-128-ecb', Buffer.from(given.aesKey, 'hex'), null).setAutoPadding(false);
  const block = Buffer.concat([cipher.update(Buffer.from(hex, 'hex')), cipher.final()]);
  if (checkSum(block) !== 0xf0b8 || block.subarray(0, 6).toString('hex') !== given.privateId) return null;
  return { sessioncounter: block.readUInt16LE(6), sessionuse: block[11], timestamp: block.readUIntLE(8, 3) };
}

function judge(query) {
  const { h, ...signed } = query;
  if (Yub._calculateHmac(signed, given.secretKey) !== h) return { status: 'BAD_SIGNATURE' };
  if (query.id !== given.clientId) return { status: 'NO_SUCH_CLIENT' };
  const identity = query.otp.slice(0, -32);
  const key = identity === given.publicId ? read(query.otp) : null;
  if (!key) return { status: 'BAD_OTP' };
  const count = key.sessioncounter * 256 + key.sessionuse;
  if (count <= (used.get(identity) ?? -1)) return { status: 'REPLAYED_OTP' };
  used.set(identity, count);
  return { status: 'OK', sl: '100', ...(query.timestamp === '1' ? key : {}) };
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const query = Object.fromEntries(url.searchParams);
  const answer = { t: '2026-11-22T08:00:00Z0123', otp: query.otp, nonce: query.nonce, ...judge(query) };
  if (url.pathname === '/other-nonce') answer.nonce = 'x'.repeat(32);
  if (url.pathname === '/other-otp') answer.otp = given.publicId + 'c'.repeat(32);
  answer.h = Yub._calculateHmac(answer, url.pathname === '/forged' ? Buffer.alloc(20).toString('base64') : given.secretKey);
  if (url.pathname === '/unsigned') delete answer.h;
  response.end(Object.entries(answer).map(([name, value]) => `${name}=${value}\r\n`).join(''));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(JSON.stringify({ port: server.address().port }) + '\n'));
await lines.next();
server.closeAllConnections();
server.close();
