// Somebody in between: takes a pairing with a certificate of their own and passes every byte on to the real one.
//   node relay.mjs PORT HOST PORT KEY-FILE CERTIFICATE-FILE ALPN
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:tls';

const [listenPort, host, port, keyFile, certificateFile, alpn] = process.argv.slice(2);
const own = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
process.stdin.resume().on('end', () => process.exit(0));

createServer({ ...own, ALPNProtocols: [alpn], requestCert: true, rejectUnauthorized: false }, (victim) => {
  const real = connect({
    ...own,
    host,
    port: Number(port),
    ALPNProtocols: [alpn],
    rejectUnauthorized: false,
  });
  real.once('secureConnect', () => tell({ tcp: 'between' }));
  for (const [from, to] of [
    [victim, real],
    [real, victim],
  ]) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.on('data', (bytes) => {
      tell({ said: bytes.length });
      to.write(bytes);
    });
  }
}).listen(Number(listenPort), '0.0.0.0', () => tell({ ready: true }));
