import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { DryRun } from '../../src-shared/commands/handoff.ts';
import type { HandoffStep } from '../../src-shared/world/handoff.ts';
import { nowMs } from '../../src-demo/load/now.ts';
import { eventually } from '../engine/tandem.ts';
import { sleep } from '../rig/net/tiers.ts';
import type { Client } from '../rig/ledger/ledger.ts';
import { lossesOf } from '../rig/handoff/scene.ts';
import { openKindPair, type KindPair } from './kind-pair.ts';
import { docker } from './tools.ts';

// The hand-off on the real thing: a departure stops a kind cluster, a return starts it, and no request is lost.

const MINUTE_MS = 60_000;
/** The whole of a planned departure (limits.md). */
const DEADLINE_MS = 120_000;
/** RELEASED, in all (limits.md). */
const STOP_MS = 30_000;
/** A start with its proofs of life, and 10, 50, 80 % at a tenth of their times. */
const RETURN_MS = 3 * MINUTE_MS;
const LONG = 5 * MINUTE_MS;

let pair: KindPair;
beforeAll(async () => {
  pair = await openKindPair();
  await pair.settled(2 * MINUTE_MS);
}, 10 * MINUTE_MS);
afterAll(() => pair?.close(), 2 * MINUTE_MS);
const loads: Client[] = [];
// A test that failed leaves no load to the next.
afterEach(() => Promise.all(loads.splice(0).map((load) => load.end())), MINUTE_MS);

function begin(): Client {
  const load = pair.load();
  loads.push(load);
  return load;
}

describe('a leave and a return under load', () => {
  test(
    'hand-off 1: the traffic moves and is proven there, then the pods end, then the node: 0 lost',
    async () => {
      pair.clear();
      const load = begin();
      await sleep(3000);
      await leave();
      await sleep(1000);
      await load.end();
      expect(await containers()).toBe(`${pair.node} exited`);
      const verdict = await pair.verdict();
      expect(lossesOf(verdict)).toEqual([]);
      expect([verdict.duplicates, verdict.unexplained]).toEqual([[], []]);
      expect(verdict.byBackend['edge']).toBeGreaterThan(50);
      const { report, atMs } = await departure();
      expect(report).toMatchObject({ outcome: 'offline', planned: true, cutCount: 0 });
      expect(report.elapsedMs).toBeLessThan(DEADLINE_MS);
      expect(report.steps.find(({ step }) => step === 'VERIFYING')?.outcome).toBe('done');
      // The order of what counts, by the pods' own word: the last request, then RELEASED, then the first of them ends.
      expect(verdict.lastOnEdgeMs).toBeLessThan(atMs('RELEASED'));
      expect(verdict.firstEndMs).toBeGreaterThanOrEqual(atMs('RELEASED'));
      expect(verdict.firstEndMs).toBeLessThan(nowMs());
      expect(await evictionOf()).toMatchObject({ deleted: [], left: [], staying: [] });
    },
    LONG,
  );

  test(
    'return: the cluster is truly running and open before the first request: 10, 50, 80 %, 0 lost',
    async () => {
      pair.clear();
      const fromMs = nowMs();
      const load = begin();
      await returned();
      await sleep(2000);
      await load.end();
      const verdict = await pair.verdict();
      expect(lossesOf(verdict)).toEqual([]);
      expect([verdict.duplicates, verdict.unexplained]).toEqual([[], []]);
      expect(verdict.byBackend['edge']).toBeGreaterThan(50);
      expect(courseFrom(fromMs)).toEqual([0, 10, 50, 80]);
      expect((await pair.edge.cluster(pair.cluster))?.state).toBe('running');
      const start = await lastOf(pair.edge.history(), 'cluster.start');
      expect(start.evidence).toMatchObject({ outcome: 'done', state: 'running' });
      const proven = ['waitApi', 'proveHeartbeat', 'proveLeader', 'proveDns', 'proveName', 'uncordonNodes'];
      const steps = (start.evidence['steps'] as [string, number][]).map(([id]) => id);
      expect(steps.slice(steps.indexOf('waitApi'), -1)).toEqual(proven);
      expect(await cordon()).toBe('');
    },
    LONG,
  );
});

describe('what a drain cannot move', () => {
  test(
    'hand-off 7: a budget, an emptyDir, a bare pod, a DaemonSet: the stop is bounded, and only after weight 0',
    async () => {
      await pair.apply('stubborn.yaml');
      for (const owner of ['deployment/guarded', 'deployment/scratch', 'daemonset/agent'])
        await pair.kubectl('rollout', 'status', owner, '--timeout=60s');
      const before = await uids();
      const { stuckPods } = await pair.edge.json<DryRun>('leave', '--dry-run');
      expect(stuckPods?.map(({ name, why }) => `${name.split('-')[0]} ${why}`).sort()).toEqual([
        'default/bare bare',
        'default/guarded budget',
        'default/scratch localData',
      ]);
      pair.clear();
      const load = begin();
      await sleep(2000);
      await leave();
      await load.end();
      expect(await containers()).toBe(`${pair.node} exited`);
      const verdict = await pair.verdict();
      expect(lossesOf(verdict)).toEqual([]);
      const { report, atMs } = await departure();
      const released = report.steps.find(({ step }) => step === 'RELEASED');
      expect(released?.elapsedMs).toBeLessThan(STOP_MS);
      expect(verdict.lastOnEdgeMs).toBeLessThan(atMs('RELEASED'));
      expect(verdict.firstEndMs).toBeGreaterThanOrEqual(atMs('RELEASED'));
      const { deleted, staying } = await evictionOf();
      expect(deleted).toEqual([
        { name: expect.stringMatching(/^default\/guarded-/) as string, budget: 'guarded' },
      ]);
      expect(staying.map(({ name }) => name.replace(/-.*/, '')).sort()).toEqual([
        'default/bare',
        'default/scratch',
      ]);
      await returned();
      const after = await uids();
      // What nothing makes anew, and what holds data, is still there, the same; what was deleted was made anew.
      for (const app of ['bare', 'scratch', 'agent']) expect(after.get(app)).toEqual(before.get(app));
      expect(after.get('guarded')).not.toEqual(before.get('guarded'));
      expect(await cordon()).toBe('');
    },
    2 * LONG,
  );

  test(
    'hand-off 20: a node that its owner has cordoned before stays cordoned, and its pods come back to it',
    async () => {
      await pair.kubectl('cordon', pair.node);
      const before = await uids();
      await leave();
      expect(await evictionOf()).toMatchObject({ cordoned: [], evicted: [], deleted: [] });
      await returned();
      expect(await cordon()).toBe('true');
      expect((await uids()).get('hello')).toEqual(before.get('hello'));
      await pair.kubectl('uncordon', pair.node);
    },
    LONG,
  );
});

async function leave(): Promise<void> {
  const left = await pair.edge.tandem('leave', '--now', '--json');
  expect(left.code, left.stderr).toBe(0);
  const { handoff, traffic } = await pair.edge.status();
  expect(handoff).toMatchObject({ state: 'OFFLINE', safeToCloseLid: true });
  expect(traffic?.weights).toEqual({ core: 100, edge: 0 });
  expect((await pair.edge.cluster(pair.cluster))?.state).toBe('stopped');
}

async function returned(): Promise<void> {
  // Its pods come after it: an edge that is not fit at the first look is looked at again by itself.
  const ran = await pair.edge.tandem('return', '--no-wait', '--json');
  expect(ran.code, ran.stderr).toBe(0);
  await pair.settled(RETURN_MS);
}

/** Name and state of the cluster's containers. */
const containers = (): Promise<string> =>
  docker(
    'ps',
    '-a',
    '--filter',
    `label=io.x-k8s.kind.cluster=${pair.cluster}`,
    '--format',
    '{{.Names}} {{.State}}',
  );

/** `true` when the node takes no new pods, else nothing. */
const cordon = (): Promise<string> =>
  pair.kubectl('get', 'node', pair.node, '-o', 'jsonpath={.spec.unschedulable}');

/** The uids of the pods of the default namespace by their `app`, once all are ready. */
async function uids(): Promise<Map<string, string[]>> {
  const path = '{range .items[*]}{.metadata.labels.app} {.metadata.uid}{"\\n"}{end}';
  await eventually(
    'every pod ready',
    () =>
      pair.kubectl('wait', 'pod', '--all', '--for=condition=Ready', '--timeout=10s').then(
        () => true,
        // One that it waits for may just have been replaced.
        () => false,
      ),
    90_000,
  );
  const found = new Map<string, string[]>();
  for (const line of (await pair.kubectl('get', 'pods', '-o', `jsonpath=${path}`)).split('\n').sort()) {
    const [app = '', uid = ''] = line.split(' ');
    found.set(app, [...(found.get(app) ?? []), uid]);
  }
  return found;
}

async function lastOf(history: Promise<HistoryRecord[]>, kind: string): Promise<HistoryRecord> {
  const record = (await history).findLast((one) => one.kind === kind);
  if (record === undefined) throw new Error(`no ${kind} in the history`);
  return record;
}

interface Report {
  readonly outcome: string;
  readonly planned: boolean;
  readonly cutCount: number;
  readonly elapsedMs: number;
  readonly steps: readonly HandoffStep[];
}

/** The last departure's report; `atMs` is when a step began, on the clock of `nowMs`. */
async function departure(): Promise<{ report: Report; atMs(step: HandoffStep['step']): number }> {
  const record = await lastOf(pair.core.history(), 'handoff.departure');
  const report = record.evidence['report'] as Report;
  const offsetMs = Date.now() - nowMs();
  return {
    report,
    atMs(step) {
      const found = report.steps.find((one) => one.step === step);
      if (found === undefined) throw new Error(`no ${step} in the report`);
      return Date.parse(found.startedAt) - offsetMs;
    },
  };
}

interface Eviction {
  readonly cordoned: readonly string[];
  readonly evicted: readonly string[];
  readonly deleted: readonly { readonly name: string; readonly budget: string | null }[];
  readonly left: readonly string[];
  readonly staying: readonly { readonly name: string; readonly why: string }[];
}

/** What the last departure did to the pods, as the edge tells it. */
const evictionOf = async (): Promise<Eviction> =>
  (await lastOf(pair.edge.history(), 'cluster.evict')).evidence as unknown as Eviction;

/** The shares that the core's front gave the edge, each once. */
function courseFrom(fromMs: number): number[] {
  const seen = pair.watch.seen.filter(({ atMs }) => atMs >= fromMs);
  const shares = seen.map(({ world }) => world.traffic?.weights.edge ?? -1);
  const course = shares.filter((share, index) => share !== shares[index - 1]);
  return course.slice(course.lastIndexOf(0));
}
