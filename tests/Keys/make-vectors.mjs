// Makes key-vectors.json with node's crypto (OpenSSL) and the npm package jose: node make-vectors.mjs > key-vectors.json
// Keys in the file are for tests only.
import { createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint, exportJWK } from 'jose';

const ed25519 = [];
for (let length = 0; length < 200; length += length < 8 ? 1 : 13) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const data = randomBytes(length);
  ed25519.push({
    seed: privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('hex'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }),
    data: data.toString('hex'),
    signature: sign(null, data, privateKey).toString('hex'),
  });
}

const pairs = [
  ['RS256', 'rsa', { modulusLength: 2048 }, 'pkcs1'], ['RS384', 'rsa', { modulusLength: 2048 }, 'pkcs8'], ['RS512', 'rsa', { modulusLength: 3072 }, 'pkcs8'],
  ['ES256', 'ec', { namedCurve: 'P-256' }, 'sec1'], ['ES384', 'ec', { namedCurve: 'P-384' }, 'pkcs8'], ['ES512', 'ec', { namedCurve: 'P-521' }, 'pkcs8'],
  ['Ed25519', 'ed25519', {}, 'pkcs8'],
];
const keys = [];
for (const [algorithm, type, options, form] of pairs) {
  const { publicKey, privateKey } = generateKeyPairSync(type, options);
  const jwk = await exportJWK(publicKey);
  const header = { alg: algorithm === 'Ed25519' ? 'EdDSA' : algorithm, typ: 'JWT' };
  keys.push({
    algorithm,
    privateKey: privateKey.export({ format: 'pem', type: form }),
    publicKey: publicKey.export({ format: 'pem', type: form === 'pkcs1' ? 'pkcs1' : 'spki' }),
    spki: createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })).export({ format: 'pem', type: 'spki' }),
    jwk,
    thumbprint: await calculateJwkThumbprint(jwk),
    jws: await new CompactSign(Buffer.from('{"sub":"ada"}')).setProtectedHeader(header).sign(privateKey),
  });
}

for (const [algorithm, bytes] of [['HS256', 32], ['HS384', 48], ['HS512', 64]]) {
  const secret = randomBytes(bytes).toString('base64');
  keys.push({ algorithm, secret, jws: await new CompactSign(Buffer.from('{"sub":"ada"}')).setProtectedHeader({ alg: algorithm }).sign(Buffer.from(secret)) });
}

const refused = {
  rsa1024: generateKeyPairSync('rsa', { modulusLength: 1024 }),
  rsa512: generateKeyPairSync('rsa', { modulusLength: 512 }),
  secp256k1: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  ed448: generateKeyPairSync('ed448'),
};
for (const [name, { publicKey, privateKey }] of Object.entries(refused)) {
  refused[name] = { publicKey: publicKey.export({ format: 'pem', type: 'spki' }), privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
}

console.log(JSON.stringify({ madeWith: `node ${process.version} crypto, npm jose`, ed25519, keys, refused }, null, 1));
