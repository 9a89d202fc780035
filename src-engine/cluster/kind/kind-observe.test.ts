import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { ok } from '../../../src-shared/errors/result.ts';
import type { Workload } from '../../../src-shared/world/clusters.ts';
import type { ClusterRecord } from '../provider.ts';
import type { ApiSnapshot } from '../readiness.ts';
import { evictStep, type DrainHands } from './kind-drain.ts';
import { kindMemory } from './kind-memory.ts';
import { containerState, observeKind, type KindEyes } from './kind-observe.ts';

const record = { name: 'lab', provider: 'kind', nodes: 1 } as ClusterRecord;
const started = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-01-01T00:00:30Z');
const workload: Workload = {
  pods: { total: 1, running: 1, starting: 0, pending: 0, failing: 0, ending: 0, finished: 0 },
  worst: [],
  warnings: null,
};
const snapshot = (node: string): ApiSnapshot => ({
  nodes: [{ name: node, ready: true, heartbeatAt: later, pods: 1 }],
  leaderSince: later,
  dns: [{ startedAt: later, ready: true }],
  workload,
});

/** A cluster of one node that runs; its API says what it is given. @param ageMs since its start */
function eyes(said: ApiSnapshot | null, why: string | null = null, ageMs = 60_000): KindEyes {
  const labels = { 'io.x-k8s.kind.role': 'control-plane' };
  const { clock } = fakeTime(new Date(started.getTime() + ageMs).toISOString());
  return {
    docker: {
      containers: async () => ok([{ name: 'lab-control-plane', state: 'running', labels }]),
      inspect: async () => ok({ startedAt: started }),
      inside: async () => 'answered\n',
      info: async () => null,
    },
    api: { read: async () => said, why: () => why, settled: async () => true },
    files: { kubeconfig: () => 'a file', kubeconfigText: async () => 'its text' },
    clock,
    memory: kindMemory(),
  } as unknown as KindEyes;
}

test('what runs on it comes along with what proves that it works', async () => {
  // Ten minutes old: nothing has to be waited for any more.
  expect(await observeKind(eyes(snapshot('lab-control-plane'), null, 600_000), record)).toMatchObject({
    state: 'running',
    why: null,
    nodes: [{ name: 'lab-control-plane', ready: true, pods: 1 }],
    workload,
  });
});

test('an API without one of its nodes is another cluster: said, not believed, and not emptied', async () => {
  const others = eyes(snapshot('work-control-plane'));
  const seen = await observeKind(others, record);
  expect(seen).toMatchObject({ state: 'degraded', why: 'otherCluster' });
  expect(seen.workload).toBeUndefined();
  const hands = {
    ...others,
    pods: { empty: () => Promise.reject(new Error('emptied')) },
  } as unknown as DrainHands;
  const context = { signal: new AbortController().signal } as Parameters<
    ReturnType<typeof evictStep>['run']
  >[0];
  expect(await evictStep(hands, record).run(context)).toMatchObject({
    error: { code: 'kubeconfigOther', params: { name: 'lab' } },
  });
});

test('an API that gives no look: why, and while it comes up only what a start does not heal', async () => {
  const hour = 3_600_000;
  const whyOf = async (why: string | null, ageMs: number) =>
    (await observeKind(eyes(null, why, ageMs), record)).why;
  expect(await whyOf('apiSilent', hour)).toBe('apiSilent');
  expect(await whyOf(null, hour)).toBe('apiDown');
  expect(await whyOf('apiSilent', 60_000)).toBe('apiStarting');
  expect(await whyOf('certExpired', 60_000)).toBe('certExpired');
});

test.each([
  [['exited', 'created', 'dead'], 'stopped'],
  [['exited', 'restarting'], 'partial'],
  [['removing', 'removing'], 'partial'],
  [['running', 'paused'], 'paused'],
])('nodes that are %j are %s', (states, state) => {
  expect(containerState(states.map((each) => ({ state: each })))).toBe(state);
});
