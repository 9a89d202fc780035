// A workload with a ledger: what it begins is on the disk before it answers, so that a kill -9 forgets nothing.
// usage: node workload.mjs --port=N --backend=core|edge --ledger=FILE [--host=ADDRESS]
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const text = { type: 'string', default: '' };
const { values } = parseArgs({
  options: { port: text, backend: text, ledger: text, host: { ...text, default: '127.0.0.1' } },
});
const ledger = openSync(values.ledger, 'a');
/** What the next answers are; told by POST /-rig. */
let fault = { errorPercent: 0, healthy: true, backend: values.backend };
let count = 0;

const note = (record) => writeSync(ledger, `${JSON.stringify(record)}\n`);

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function steer(request, response) {
  let body = '';
  for await (const chunk of request) body += chunk;
  fault = { ...fault, ...JSON.parse(body) };
  answer(response, 200, fault);
}

function stream(response) {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const say = () => response.write(`${JSON.stringify({ backend: fault.backend })}\n`);
  const timer = setInterval(say, 250);
  say();
  response.once('close', () => clearInterval(timer));
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://workload');
  if (pathname === '/-rig') return void steer(request, response);
  if (pathname === '/health') return answer(response, fault.healthy ? 200 : 503, { backend: fault.backend });
  const [id, kind] = [searchParams.get('id'), searchParams.get('kind') ?? 'get'];
  // The machine's monotonic clock, as the client's records: they are compared.
  if (id !== null)
    note({ id, kind, backend: values.backend, beganMs: Number(process.hrtime.bigint()) / 1e6 });
  request.resume();
  if (pathname === '/stream') return stream(response);
  count += 1;
  if (fault.errorPercent > 0 && count % Math.round(100 / fault.errorPercent) === 0)
    return answer(response, 500, { id, error: 'planted' });
  const delayMs = Math.min(30_000, Number(searchParams.get('delayMs')) || 0);
  setTimeout(() => answer(response, 200, { id, backend: fault.backend }), delayMs);
});
server.keepAliveTimeout = 3_600_000;
server.listen(Number(values.port), values.host, () => process.stdout.write('listening\n'));
process.once('SIGTERM', () => process.exit(0));
