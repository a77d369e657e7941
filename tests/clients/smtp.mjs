// A mail server by other people: takes mails as it is told on the first line of standard input, tells of each as a line of
// JSON on standard output, and ends with its standard input.
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const given = JSON.parse((await lines.next()).value);
const say = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });
const asked = new Map();

const server = new SMTPServer({
  secure: given.secure === true,
  key: given.key ?? undefined,
  cert: given.cert ?? undefined,
  hideSTARTTLS: given.startTls !== true,
  disabledCommands: given.user ? [] : ['AUTH'],
  authMethods: given.methods ?? ['PLAIN', 'LOGIN'],
  authOptional: !given.user,
  allowInsecureAuth: true,
  hideSMTPUTF8: given.hideUtf8 === true,
  hide8BITMIME: given.hideUtf8 === true,
  disableReverseLookup: true,
  logger: false,
  onAuth(auth, session, done) {
    say({ event: 'auth', method: auth.method, user: auth.username, right: auth.password === given.password });
    if (auth.username === given.user && auth.password === given.password) return done(null, { user: auth.username });
    return done(refuse(535, 'wrong password of ' + auth.username + '@example.com'));
  },
  onRcptTo(address, session, done) {
    const times = (asked.get(address.address) ?? 0) + 1;
    asked.set(address.address, times);
    if (address.address.startsWith('later') && times === 1) return done(refuse(451, 'come back later'));
    if (address.address.startsWith('never')) return done(refuse(550, 'no such mailbox <' + address.address + '>'));
    return done();
  },
  onData(stream, session, done) {
    const chunks = [];
    const hangs = session.envelope.rcptTo.some((to) => to.address.startsWith('hang'));
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const to = session.envelope.rcptTo.map((r) => r.address);
      const drops = to.some((address) => address.startsWith('drop')) && asked.get(to[0]) === 1;
      say({
        event: 'mail', from: session.envelope.mailFrom.address, to, secure: session.secure === true, user: session.user ?? null,
        utf8: session.envelope.smtpUtf8 === true, client: session.hostNameAppearsAs ?? null, raw: Buffer.concat(chunks).toString('base64'),
      });
      if (hangs) return;
      if (drops) return session.socketToDrop?.destroy() ?? dropAll();
      done(null, 'taken');
    });
  },
});

function dropAll() {
  for (const connection of server.connections) connection._socket.destroy();
}

server.on('error', () => {});
server.listen(given.port ?? 0, '127.0.0.1', () => say({ event: 'listening', port: server.server.address().port }));
await lines.next();
process.exit(0);
