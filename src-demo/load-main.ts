// The load of the demo: a process of its own, so that nothing else delays its clock. A JSON document a second on stdout.
import { openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ClientRecord } from './load/ledger.ts';
import { startLoad } from './load/load.ts';
import { usualLoad } from './load/plan.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    url: text,
    rps: text,
    streams: text,
    /** Milliseconds that a POST, and a slow request, take at the workload. */
    'post-ms': text,
    'slow-ms': text,
    /** File for every record, one JSON document a line. */
    records: text,
  },
});
const records = values.records === undefined ? null : openSync(values.records, 'a');
const SECOND_MS = 1000;

let second = { core: 0, edge: 0 };
let total = 0;
let lost = 0;
let cut = 0;
const lostByKind = { get: 0, post: 0 };

function hear(record: ClientRecord): void {
  const { kind, lost: why, backend } = record;
  if (records !== null) writeSync(records, `${JSON.stringify(record)}\n`);
  if (kind === 'stream') {
    cut += 1;
    return;
  }
  total += 1;
  if (why !== null) {
    lost += 1;
    lostByKind[kind === 'post' ? 'post' : 'get'] += 1;
    say({ event: 'lost', why, kind });
  } else if (backend === 'core' || backend === 'edge') second[backend] += 1;
}

function say(document: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

const number = (word: string | undefined, usual: number): number =>
  word === undefined ? usual : Number(word);
const load = startLoad(
  {
    ...usualLoad,
    url: values.url ?? '',
    perSecond: number(values.rps, usualLoad.perSecond),
    streams: number(values.streams, usualLoad.streams),
    postMs: number(values['post-ms'], usualLoad.postMs),
    slowMs: number(values['slow-ms'], usualLoad.slowMs),
  },
  `d${process.pid}`,
  hear,
);
const timer = setInterval(() => {
  say({ event: 'traffic', perSecond: second, lost, lostByKind, total, cut });
  second = { core: 0, edge: 0 };
}, SECOND_MS);

async function end(): Promise<void> {
  clearInterval(timer);
  await load.end();
  say({ event: 'traffic', perSecond: second, lost, lostByKind, total, cut });
  process.exit(0);
}

process.once('SIGTERM', () => void end());
process.on('SIGINT', () => undefined);
// Who started it is gone: nobody listens any more.
process.stdout.on('error', () => process.exit(1));
process.stdin.on('end', () => void end());
process.stdin.resume();
