import { openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ClientRecord } from '../../src-demo/load/ledger.ts';
import { nowMs } from '../../src-demo/load/now.ts';
import { dueBy, kindOf, PATIENCE_MS, type RequestKind } from '../../src-demo/load/plan.ts';
import { openPool, type Outcome } from './handoff-pool.ts';

/**
 * The load as a process of its own: an open loop as src-demo/load has it, over plain sockets, since at 2,000 requests
 * a second node:http would take from two cores what the front and the gate need. It waits longer than the 5 s after
 * which an answer counts as lost, to see when a front that is patient gives up.
 */

/** HAProxy's `timeout server` is 30 s where nobody shortens it, and follows up to 6.5 s of checks. */
const GIVE_UP_MS = 60_000;
const TICK_MS = 2;
const FLUSH_MS = 250;

/** What the client says at its end. */
export interface ClientWord {
  /** CPU from its first request on, in microseconds, and the requests that it was spent on. */
  readonly cpuMicroseconds: number;
  readonly begun: number;
  /** How late requests were begun, after the moment at which they were due. */
  readonly late99Ms: number;
}

interface Asked {
  readonly id: string;
  readonly kind: Exclude<RequestKind, 'stream'>;
  readonly sentMs: number;
  readonly delayMs: number;
}

export function runClient(args: readonly string[]): void {
  const text = { type: 'string', default: '' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { front: text, rps: text, 'post-ms': text, 'slow-ms': text, records: text, run: text },
  });
  const [host = '', port = ''] = values.front.split(':');
  const delays = { get: 0, post: Number(values['post-ms']), slow: Number(values['slow-ms']) };
  const file = openSync(values.records, 'a');
  const pool = openPool(host, Number(port), GIVE_UP_MS);
  const perSecond = Number(values.rps);
  const late: number[] = [];
  let lines = '';
  let open = 0;
  const write = (): void => {
    if (lines !== '') writeSync(file, lines);
    lines = '';
  };
  const ask = (n: number): void => {
    const kind = kindOf(n);
    const asked: Asked = { id: `${values.run}-${n}`, kind, sentMs: nowMs(), delayMs: delays[kind] };
    open += 1;
    pool.send(requestOf(asked), (outcome) => {
      open -= 1;
      lines += `${JSON.stringify(recordOf(asked, outcome, nowMs()))}\n`;
    });
  };
  const beganMs = nowMs();
  const cpu = process.cpuUsage();
  let begun = 0;
  const loop = setInterval(() => {
    const elapsedMs = nowMs() - beganMs;
    for (let due = dueBy(elapsedMs, perSecond, begun); due > 0; due -= 1) {
      late.push(elapsedMs - ((begun + 1) * 1000) / perSecond);
      ask(begun);
      begun += 1;
    }
  }, TICK_MS);
  setInterval(write, FLUSH_MS);
  process.once('SIGTERM', () => {
    clearInterval(loop);
    setInterval(() => {
      if (open > 0) return;
      write();
      process.stdout.write(`${JSON.stringify(wordOf(begun, cpu, late))}\n`, () => process.exit(0));
    }, TICK_MS);
  });
  // Who started it is gone.
  process.stdin.on('end', () => process.exit(1));
  process.stdin.resume();
}

function wordOf(begun: number, before: NodeJS.CpuUsage, late: number[]): ClientWord {
  const { user, system } = process.cpuUsage(before);
  late.sort((a, b) => a - b);
  return { cpuMicroseconds: user + system, begun, late99Ms: late[Math.floor(0.99 * late.length)] ?? 0 };
}

function requestOf({ id, kind, delayMs }: Asked): string {
  const delay = delayMs > 0 ? `&delayMs=${delayMs}` : '';
  const target = `/?id=${id}&kind=${kind}${delay}`;
  if (kind !== 'post') return `GET ${target} HTTP/1.1\r\nhost: front\r\n\r\n`;
  const body = JSON.stringify({ id });
  const head = `content-type: application/json\r\ncontent-length: ${body.length}\r\nidempotency-key: ${id}`;
  return `POST ${target} HTTP/1.1\r\nhost: front\r\n${head}\r\n\r\n${body}`;
}

function recordOf(asked: Asked, { status, body, failure }: Outcome, endedMs: number): ClientRecord {
  const { id, kind, sentMs, delayMs } = asked;
  const isGood = status !== null && status >= 200 && status <= 299 && body.includes(`"${id}"`);
  const isLate = endedMs - sentMs > delayMs + PATIENCE_MS;
  const why = failure ?? (isGood ? (isLate ? 'late' : null) : `status ${status}`);
  const backend = body.includes('"backend":"edge"') ? 'edge' : isGood ? 'core' : null;
  return { id, kind, sentMs, endedMs, status, backend, lost: why };
}
