// A machine with a key of its own, that never was paired: what does it get?
//   node stranger.mjs tls HOST PORT ALPN KEY-FILE CERTIFICATE-FILE   {"tls": how it ended, "got": bytes after the handshake}
//   node stranger.mjs junk HOST PORT COUNT                           random TCP and UDP; {"said": COUNT}
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';

const [what, host, port, ...rest] = process.argv.slice(2);
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
process.stdin.resume().on('end', () => process.exit(0));

function knock(alpn, keyFile, certificateFile) {
  const own =
    keyFile === undefined ? {} : { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  let got = 0;
  let how = 'open';
  const socket = connect({
    ...own,
    host,
    port: Number(port),
    ALPNProtocols: [alpn],
    rejectUnauthorized: false,
  });
  socket.on('secureConnect', () => {
    // In TLS 1.3 the server looks at the certificate after this.
    const hello = Buffer.from(JSON.stringify({ type: 'HELLO', protoMin: 1, protoMax: 1, name: 'stranger' }));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(hello.length);
    socket.write(Buffer.concat([length, hello]));
  });
  socket.on('data', (bytes) => (got += bytes.length));
  socket.on('error', ({ code }) => (how = code));
  socket.on('close', () => end(how === 'open' ? 'closed' : how));
  const end = (tls) => {
    tell({ tls, got });
    process.exit(0);
  };
  setTimeout(() => end('open'), 5000);
}

function junk(count) {
  const udp = createSocket('udp4');
  udp.connect(Number(port), host, () => {
    for (let n = 0; n < count; n += 1) udp.send(randomBytes(1 + Math.floor(Math.random() * 1200)));
  });
  udp.on('error', () => undefined);
  let closed = 0;
  const tries = 20;
  for (let n = 0; n < tries; n += 1) {
    const tcp = connectTcp({ host, port: Number(port) }, () => tcp.write(randomBytes(4096)));
    tcp.on('error', () => undefined);
    tcp.on('close', () => (closed += 1));
    tcp.resume();
  }
  setTimeout(() => {
    tell({ said: count, got: tries - closed });
    process.exit(0);
  }, 4000);
}

if (what === 'tls') knock(...rest);
else junk(Number(rest[0]));
