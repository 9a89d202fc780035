// A client that knows nothing of Tandem but a URL: GETs and POSTs through Node's fetch, begun on time whether or not
// earlier ones were answered. usage: node outside-load.mjs URL REQUESTS_PER_SECOND
// Prints a JSON document for each request that failed, and one a second with what was sent and answered so far.
const [url = '', perSecond = '40'] = process.argv.slice(2);
const PATIENCE_MS = 8000;
/** Every tenth waits at the workload, so that there is always something in flight. */
const SLOW_MS = 1500;

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const say = (document) => process.stdout.write(`${JSON.stringify(document)}\n`);
const open = new Set();
const count = { sent: 0, answered: 0, failed: 0 };
const beganMs = nowMs();

async function ask(number) {
  const id = `outside-${process.pid}-${number}`;
  const isPost = number % 4 === 3;
  const where = new URL(url);
  where.searchParams.set('id', id);
  if (number % 10 === 0) where.searchParams.set('delayMs', String(SLOW_MS));
  const sentMs = nowMs();
  const why = await answerTo(where, id, isPost);
  if (why === null) count.answered += 1;
  else {
    count.failed += 1;
    say({ event: 'failed', id, method: isPost ? 'POST' : 'GET', why, sentMs, failedMs: nowMs() });
  }
}

/** Null when it is the answer that was asked for. */
async function answerTo(where, id, isPost) {
  try {
    const given = isPost ? { method: 'POST', body: JSON.stringify({ id }) } : {};
    const response = await fetch(where, { ...given, signal: AbortSignal.timeout(PATIENCE_MS) });
    const text = await response.text();
    if (response.status !== 200) return `status ${response.status}`;
    return JSON.parse(text).id === id ? null : 'the answer of another';
  } catch (error) {
    return String(error.cause?.code ?? error.cause ?? error);
  }
}

const dealing = setInterval(() => {
  const due = Math.floor(((nowMs() - beganMs) * Number(perSecond)) / 1000);
  while (count.sent < due) {
    const one = ask(count.sent).finally(() => open.delete(one));
    open.add(one);
    count.sent += 1;
  }
}, 5);
const telling = setInterval(() => say({ event: 'second', ...count }), 1000);

// Who started it is gone: nobody listens any more.
process.stdin.on('end', () => process.exit(1)).resume();
async function end() {
  clearInterval(dealing);
  await Promise.all(open);
  clearInterval(telling);
  say({ event: 'end', ...count });
  process.exit(0);
}

process.once('SIGTERM', () => void end());
