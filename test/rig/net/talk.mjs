// A voice in a namespace, to prove the wire with: says or hears plain UDP and TCP, one JSON event a line.
//   node talk.mjs hear PORT           UDP and TCP; {"udp": seq, "sentAt", "at"}, {"tcp": "accepted" | "reset" | "closed"}
//   node talk.mjs greet PORT          TCP that speaks first, as an SSH or mail server does
//   node talk.mjs say HOST PORT N MS  N datagrams, one each MS; {"said": N}
//   node talk.mjs connect HOST PORT   stays connected; {"tcp": "connected" | "reset" | ERRNO, "at"}
// Times are CLOCK_MONOTONIC in milliseconds.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const [what, ...args] = process.argv.slice(2);
const now = () => Number(process.hrtime.bigint()) / 1e6;
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
// Whoever started us is gone: so are we.
process.stdin.resume().on('end', () => process.exit(0));

const watch = (socket) => {
  socket.on('error', ({ code }) => tell({ tcp: code === 'ECONNRESET' ? 'reset' : code, at: now() }));
  socket.on('end', () => tell({ tcp: 'closed', at: now() }));
  socket.resume();
};

if (what === 'hear') {
  const port = Number(args[0]);
  const socket = createSocket('udp4', (data) => {
    const at = now();
    tell({ udp: data.readUInt32BE(0), sentAt: data.readDoubleBE(4), at });
  });
  const server = createServer((one) => {
    tell({ tcp: 'accepted', at: now() });
    watch(one);
  });
  socket.bind(port, () => server.listen(port, '0.0.0.0', () => tell({ ready: true })));
} else if (what === 'greet') {
  const greeter = createServer((one) => {
    one.write('220 this is no Tandem\r\n');
    watch(one);
  });
  greeter.listen(Number(args[0]), '0.0.0.0', () => tell({ ready: true }));
} else if (what === 'say') {
  const [host, port, count, periodMs] = [args[0], ...args.slice(1).map(Number)];
  const socket = createSocket('udp4');
  socket.connect(port, host, () => {
    let seq = 0;
    const timer = setInterval(() => {
      const data = Buffer.alloc(12);
      data.writeUInt32BE(seq, 0);
      data.writeDoubleBE(now(), 4);
      socket.send(data);
      if ((seq += 1) < count) return;
      clearInterval(timer);
      tell({ said: seq });
      setTimeout(() => process.exit(0), 50);
    }, periodMs);
  });
  socket.on('error', () => undefined);
} else if (what === 'connect') {
  const socket = connect({ host: args[0], port: Number(args[1]), timeout: 5000 }, () => {
    socket.setTimeout(0);
    tell({ tcp: 'connected', at: now() });
  });
  socket.on('timeout', () => {
    tell({ tcp: 'timeout', at: now() });
    socket.destroy();
  });
  watch(socket);
}
