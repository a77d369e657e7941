// Makes password-vectors.json with implementations that are not ours: node's crypto (OpenSSL) and the npm packages
// bcryptjs and wordpress-hash-node. Run it in a folder where both packages are installed: node make-vectors.mjs > password-vectors.json
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import bcrypt from 'bcryptjs';
import wordpress from 'wordpress-hash-node';

const passwords = ['password', '', 'correct horse battery staple', 'ÄÖÜ ß € 密码 🔑', 'x'.repeat(200), 'a'.repeat(71), 'b'.repeat(72), '  spaces  '];
const vectors = [];
const add = (scheme, password, salt, factor, hash) => vectors.push({ scheme, password, salt, factor, hash });

for (const password of passwords) {
  for (const [name, algorithm] of [['salted-md5', 'md5'], ['salted-sha256', 'sha256']]) {
    for (const factor of [0, 1, 20000]) {
      const salt = randomBytes(32);
      let digest = createHash(algorithm).update(password, 'utf8').update(salt).digest();
      for (let i = 0; i < factor; i++) digest = createHash(algorithm).update(digest).digest();
      add(name, password, salt.toString('base64'), factor, digest.toString('base64'));
    }
  }

  const key = randomBytes(32);
  add('salted-hmac-sha256', password, key.toString('base64'), 7, createHmac('sha256', key).update(password, 'utf8').digest('base64'));

  for (const [name, algorithm, size] of [['salted-pbkdf2-hmac-sha256', 'sha256', 32], ['salted-pbkdf2-hmac-sha256-512', 'sha256', 64], ['salted-pbkdf2-hmac-sha512-512', 'sha512', 64]]) {
    for (const [factor, length] of [[1, 1], [2, 13], [1000, 32], [24000, 64]]) {
      const salt = randomBytes(length);
      add(name, password, salt.toString('base64'), factor, pbkdf2Sync(password, salt, factor, size, algorithm).toString('base64'));
    }
  }

  for (const factor of [4, 6, 10]) {
    const text = bcrypt.hashSync(password, bcrypt.genSaltSync(factor));
    add('bcrypt', password, text.slice(7, 29), factor, text.slice(29));
  }

  // The package hashes with the portable MD5 scheme; its alphabet and bit order differ from Base64.
  const text = wordpress.HashPassword(Buffer.from(password, 'utf8').toString('latin1')); // it takes bytes as characters
  if (text.startsWith('$P$')) {
    const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    let value = [];
    for (let i = 12; i < 34; i += 4) {
      let word = 0;
      for (let j = 0; j < 4 && i + j < 34; j++) word |= alphabet.indexOf(text[i + j]) << (6 * j);
      value.push(word & 255, (word >> 8) & 255, (word >> 16) & 255);
    }
    add('phpass-md5', password, Buffer.from(text.slice(4, 12), 'latin1').toString('base64'), 1 << alphabet.indexOf(text[3]), Buffer.from(value.slice(0, 16)).toString('base64'));
  }

  for (const [name, factor] of [['phpass-sha512', 1], ['phpass-sha512', 32768]]) {
    const salt = randomBytes(8);
    let digest = createHash('sha512').update(salt).update(password, 'utf8').digest();
    for (let i = 0; i < factor; i++) digest = createHash('sha512').update(digest).update(password, 'utf8').digest();
    add(name, password, salt.toString('base64'), factor, digest.toString('base64').slice(0, 43));
  }
}

console.log(JSON.stringify({ madeWith: `node ${process.version} crypto (digests, HMAC, PBKDF2, phpass-sha512), npm bcryptjs (bcrypt), npm wordpress-hash-node (phpass-md5)`, vectors }, null, 1));
