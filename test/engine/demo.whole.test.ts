import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nowMs } from '../../src-demo/load/now.ts';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { World } from '../../src-shared/world/world.ts';
import { startDemo, type Ready, type RunningDemo } from './demo.ts';
import { startOutsideLoad, type OutsideLoad } from './outside.ts';
import { documents, eventually, type Begun } from './tandem.ts';

// The acceptance of issue 5 at a terminal: the built-in pair under its own load, and a client of nobody's beside it.
let demo: RunningDemo;
let ready: Ready;
let outside: OutsideLoad;
/** `tandem status --watch` on the core: every World, as it comes. */
let watching: Begun;
beforeAll(async () => {
  demo = startDemo();
  ready = await demo.ready();
  watching = await demo.verb('core', 'status', '--watch');
  outside = startOutsideLoad(ready.front, 40);
}, 240_000);
afterAll(async () => {
  await outside?.end();
  watching?.end();
  await demo?.close();
}, 60_000);

const worlds = (): World[] => watching.documents.all as unknown as World[];
const nextSecond = () => demo.next(({ event }) => event === 'traffic', 5000);
const state = (wanted: Handoff['state'], withinMs: number) =>
  demo.next(({ event, state: now }) => event === 'handoff' && now === wanted, withinMs);

async function verb<T>(side: 'core' | 'edge', ...args: string[]): Promise<T> {
  const ran = await (await demo.verb(side, ...args)).done;
  if (ran.code !== 0) throw new Error(`tandem ${args.join(' ')}: exit ${ran.code}: ${ran.stderr}`);
  const [document] = documents<T>(ran.stdout);
  return document as T;
}

/** The edge's weights as they were written, each once, since the World number `from`. */
function weightsSince(from: number): number[] {
  const edge = worlds()
    .slice(from)
    .flatMap(({ traffic }) => (traffic === null ? [] : [traffic.weights.edge]));
  return edge.filter((weight, at) => weight !== edge[at - 1]);
}

/** The only report of that kind since `since`, as a person reads it. */
async function report(kind: 'departure' | 'return' | 'loss', since: string): Promise<string> {
  const { id } = await eventually(`a report of a ${kind}`, async () => {
    const ran = await (await demo.verb('core', 'history')).done;
    const records = documents<HistoryRecord>(ran.stdout);
    return records.find((one) => one.kind === `handoff.${kind}` && one.at >= since);
  });
  return (await verb<{ markdown: string | null }>('core', 'history', 'report', id)).markdown ?? '';
}

test('its first document names the front, both homes and every process; traffic flows at 20 and 80', async () => {
  expect(Object.keys(ready.core.pids).sort()).toEqual(expect.arrayContaining(['engine', 'front']));
  expect(Object.keys(ready.edge.pids).sort()).toEqual(expect.arrayContaining(['engine', 'gate']));
  expect(Object.keys(ready.edge.pids).length).toBeGreaterThan(2);
  const answer = await fetch(`${ready.front}?id=seen`);
  const body = (await answer.json()) as { id: string; backend: string };
  expect([body.id, body.backend]).toEqual(['seen', answer.headers.get('x-tandem-backend')]);
  const seconds = await Promise.all([nextSecond(), nextSecond()].map(async (one) => (await one).perSecond));
  for (const perSecond of seconds) expect(perSecond?.edge).toBeGreaterThan(perSecond?.core ?? 0);
  expect((await verb<World>('core', 'status')).traffic?.weights).toEqual({ core: 20, edge: 80 });
});

test('leave ends OFFLINE with nothing lost and a report; return comes back through 10, 50 and 80', async () => {
  const from = worlds().length;
  const since = new Date().toISOString();
  const left = await verb<Handoff>('core', 'leave', '--reason', 'acceptance');
  expect(left).toMatchObject({ state: 'OFFLINE', safeToCloseLid: true });
  const away = await nextSecond();
  expect([away.lost, away.perSecond?.edge]).toEqual([0, 0]);
  expect(away.perSecond?.core).toBeGreaterThan(0);
  const told = await report('departure', since);
  expect(told).toContain('acceptance');
  expect(told).toMatch(/\| Failed \| 0 \|/);
  await verb<Handoff>('edge', 'return');
  expect(weightsSince(from).slice(-4)).toEqual([0, 10, 50, 80]);
  expect((await nextSecond()).lost).toBe(0);
  expect(outside.failures).toEqual([]);
}, 240_000);

test('a low battery off the adapter sends the edge away by itself, and a charged one brings it back', async () => {
  const gone = state('OFFLINE', 120_000);
  const warned = demo.next(({ reasons }) => reasons?.includes('battery') === true, 60_000);
  demo.control('ac off');
  demo.control('battery 24');
  await warned;
  await gone;
  expect((await nextSecond()).lost).toBe(0);
  const back = state('SERVING', 240_000);
  demo.control('ac on');
  demo.control('battery 40');
  await back;
  const serving = await nextSecond();
  expect(serving.lost).toBe(0);
  expect(outside.failures).toEqual([]);
  expect(outside.answered()).toBeGreaterThan(1000);
}, 420_000);

test('kill -9 of the edge, engine and workloads: weight 0 within 3 s, and no request fails after that', async () => {
  const from = worlds().length;
  const since = new Date().toISOString();
  const killed = nowMs();
  demo.control('kill edge');
  const lost = await state('LOST', 10_000);
  expect(lost.heardMs - killed).toBeLessThan(3000);
  await watching.documents.see((world) => {
    const at = watching.documents.all.indexOf(world);
    return at >= from && (world as unknown as World).traffic?.weights.edge === 0;
  }, 3000);
  expect(nowMs() - killed).toBeLessThan(3000);
  // The core carries it alone: seconds in which nothing more is lost, here and outside.
  const first = await demo.next(
    ({ event, heardMs }) => event === 'traffic' && heardMs > killed + 9000,
    20_000,
  );
  const later = await demo.next(({ event }) => event === 'traffic', 5000);
  expect([later.lost, later.perSecond?.edge]).toEqual([first.lost, 0]);
  expect(later.perSecond?.core).toBeGreaterThan(0);
  expect(outside.failures.filter(({ sentMs }) => sentMs > killed + 3000)).toEqual([]);
  // A GET may be sent again, and is.
  expect(outside.failures.filter(({ method }) => method === 'GET')).toEqual([]);
  expect(await report('loss', since)).toContain('(unplanned)');
}, 60_000);

test('Ctrl-C ends all of it: no process, no port, no file', async () => {
  await outside.end();
  watching.end();
  demo.kill('SIGINT');
  expect(await demo.ended).toBe(0);
  expect(demo.left()).toEqual([]);
  expect(existsSync(ready.core.home)).toBe(false);
  expect(await takesCalls(new URL(ready.front))).toBe(false);
  expect(demo.stderr()).toBe('');
}, 60_000);

function takesCalls({ hostname, port }: URL): Promise<boolean> {
  const socket = connect(Number(port), hostname);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).then((taken) => {
    socket.destroy();
    return taken as boolean;
  });
}
