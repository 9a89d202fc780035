import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Runtime } from '../../../src-shared/world/runtime.ts';
import type { DockerEndpoint } from '../../platform/docker-socket.ts';
import type { Tools } from '../../platform/tools.ts';
import type { ClusterProvider, ClusterRecord, Plan, Step } from '../provider.ts';
import { runPlan } from '../run-plan.ts';
import { runtimeFirst, toolsAt, type Need } from './runtime-first.ts';

const record = { name: 'lab', nodes: 1 } as ClusterRecord;
const undo = vi.fn(async () => undefined);
const plan: Plan = {
  steps: [{ id: 'checkDocker', limitMs: 1000, run: async () => ok(undefined) }],
  expected: ['running'],
  undo,
};
const inner = {
  name: 'kind',
  status: async () => ({ provider: 'kind', available: false, version: '0.33.0', why: 'dockerDown' }),
  plan: async () => ok(plan),
  memoryNeed: async () => ({ needBytes: 2, touchedBytes: 1 }),
} as unknown as ClusterProvider;
const down = { state: 'stopped', name: 'colima', startable: true } as Runtime;

let seen: Runtime;
const takeBack = vi.fn(async () => undefined);
const used = vi.fn();
const start = vi.fn<(cluster: string) => Promise<Result<void>>>(async () =>
  fail('runtimeStartFailed', { runtime: 'Colima', detail: 'x' }),
);
const runtime = {
  get: () => seen,
  look: async () => seen,
  start,
  used,
  takeBack,
  need: async () => ({ needBytes: 4, touchedBytes: 3 }),
};
beforeEach(() => {
  seen = down;
  for (const mock of [undo, takeBack, used, start]) mock.mockClear();
});
const provider = (need: Need = 'must') => runtimeFirst(inner, runtime, async () => need);
async function steps(
  change: Partial<Runtime>,
  need: Need = 'must',
  verb: 'start' | 'stop' | 'create' = 'start',
) {
  seen = { ...down, ...change };
  const planned = await provider(need).plan(verb, record);
  return planned.ok ? planned.value.steps.map(({ id }) => id) : [];
}

describe('the runtime comes first', () => {
  test('when a start or a create needs it and it is down', async () => {
    expect(await steps({})).toEqual(['startRuntime', 'checkDocker']);
    expect(await steps({}, 'must', 'create')).toEqual(['startRuntime', 'checkDocker']);
    // One that is on its way is waited for.
    expect(await steps({ state: 'starting', startable: false })).toContain('startRuntime');
    // It cannot be started: the step says so by name.
    expect(await steps({ startable: false })).toContain('startRuntime');
  });

  test.each<[string, Partial<Runtime>, Need, 'start' | 'stop']>([
    ['it is up', { state: 'running', startable: false }, 'must', 'start'],
    ['a cluster stops', {}, 'must', 'stop'],
    ['the cluster has a machine of its own', {}, 'no', 'start'],
    ['it only may help, and cannot be started', { startable: false }, 'may', 'start'],
    ['nobody knows what it is', { name: 'other', startable: false }, 'must', 'start'],
    ['it hangs', { state: 'unknown', startable: false }, 'must', 'start'],
  ])('not when %s', async (_, change, need, verb) => {
    expect(await steps(change, need, verb)).toEqual(['checkDocker']);
  });

  async function firstStep(signal: AbortSignal) {
    const planned = await provider().plan('start', record);
    const [first] = planned.ok ? planned.value.steps : [];
    const context = { signal, child: () => undefined, part: () => undefined, detail: () => undefined };
    return { harmless: first?.harmless, result: first?.run(context) };
  }

  test('its step fails by the runtime’s own name, and leaves nothing to undo', async () => {
    const { harmless, result } = await firstStep(new AbortController().signal);
    expect(harmless).toBe(true);
    expect(await result).toMatchObject({ error: { code: 'runtimeStartFailed' } });
  });

  test.each([
    ['cancelled', 0],
    ['memoryRolledBack', 1],
  ] as const)('%s while it starts: not waited for, and taken back %i times', async (code, times) => {
    const interrupt = new AbortController();
    let up: () => void = () => undefined;
    start.mockReturnValueOnce(new Promise((resolve) => (up = () => resolve(ok(undefined)))));
    const { result } = await firstStep(interrupt.signal);
    interrupt.abort({ code, params: {} });
    expect(await result).toMatchObject({ error: { code } });
    expect(takeBack).not.toHaveBeenCalled();
    up();
    await new Promise((resolve) => setImmediate(resolve));
    expect(takeBack).toHaveBeenCalledTimes(times);
  });

  test('rolled back for memory, the machine goes with the cluster; a cancel leaves it up', async () => {
    const planned = await provider().plan('start', record);
    if (!planned.ok) throw new Error(planned.error.code);
    // Its stop takes longer than an undo may.
    await planned.value.undo('startNodes', { code: 'memoryRolledBack', params: {} });
    expect([undo.mock.calls.length, takeBack.mock.calls.length]).toEqual([1, 0]);
    planned.value.after?.({ code: 'cancelled', params: {} });
    expect(takeBack).not.toHaveBeenCalled();
    planned.value.after?.({ code: 'memoryRolledBack', params: {} });
    expect(takeBack.mock.calls).toEqual([['lab']]);
  });

  test('rolled back while nothing but a look was begun: the machine goes all the same', async () => {
    start.mockResolvedValueOnce(ok(undefined));
    const pull: Step = { id: 'pullImage', limitMs: 60_000, harmless: true, run: untilEnded };
    vi.spyOn(inner, 'plan').mockResolvedValueOnce(ok({ ...plan, steps: [pull, ...plan.steps] }));
    const planned = await provider().plan('create', record);
    if (!planned.ok) throw new Error(planned.error.code);
    const time = fakeTime();
    const interrupt = new AbortController();
    const events = { begins: vi.fn(), part: vi.fn(), detail: vi.fn(), child: vi.fn() };
    const done = runPlan(planned.value, events, interrupt.signal, time.scheduler);
    await time.advance(10);
    expect(events.begins.mock.calls.map(([id]) => id as string)).toEqual(['startRuntime', 'pullImage']);
    interrupt.abort({ code: 'memoryRolledBack', params: {} });
    expect(await done).toMatchObject({ error: { code: 'memoryRolledBack' } });
    expect([undo.mock.calls.length, takeBack.mock.calls]).toEqual([0, [['lab']]]);
  });

  test('a start in a runtime that is up makes it more than the start’s that had started it', async () => {
    await steps({}, 'must');
    await steps({ state: 'running', startable: false }, 'must', 'stop');
    await steps({ state: 'running', startable: false }, 'no');
    expect(used).not.toHaveBeenCalled();
    await steps({ state: 'running', startable: false }, 'must');
    expect(used).toHaveBeenCalledTimes(1);
  });

  test('it is started for the cluster that needs it', async () => {
    await (
      await firstStep(new AbortController().signal)
    ).result;
    expect(start.mock.calls).toEqual([['lab']]);
  });
});

const untilEnded: Step['run'] = ({ signal }) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(ok(undefined))));

test('a provider whose runtime is down can be used when that can be started', async () => {
  expect(await provider().status()).toMatchObject({ available: true, why: null });
  seen = { ...down, startable: false };
  expect(await provider().status()).toMatchObject({ available: false, why: 'dockerDown' });
});

test('memory: the machine’s, or the provider’s own word for a cluster that is not in it', async () => {
  expect((await provider().memoryNeed(record)).needBytes).toBe(4);
  expect((await provider('no').memoryNeed(record)).needBytes).toBe(2);
});

describe('tools that talk to Docker', () => {
  const told = async (endpoint: Partial<DockerEndpoint>, env: Record<string, string> = {}) => {
    const run = vi.fn();
    const at = { path: null, by: 'place', ...endpoint } as DockerEndpoint;
    await toolsAt({ run } as unknown as Tools, () => at).run('kind', [], { timeoutMs: 1, env });
    const [, , options] = run.mock.calls[0] as [string, string[], { env: Record<string, string> }];
    return options.env;
  };

  test('are told where it is only when nothing else tells them', async () => {
    const path = '/Users/me/.colima/default/docker.sock';
    expect(await told({ path }, { KUBECONFIG: 'k' })).toEqual({
      DOCKER_HOST: `unix://${path}`,
      KUBECONFIG: 'k',
    });
    expect(await told({ path: '/var/run/docker.sock' })).toEqual({});
    expect(await told({ path, by: 'context', context: 'colima' })).toEqual({});
    expect(await told({ path, by: 'environment' })).toEqual({});
    expect(await told({})).toEqual({});
  });
});
