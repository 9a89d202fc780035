import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { fail, ok, type TandemError } from '../../../src-shared/errors/result.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import type { ClusterRecord } from '../provider.ts';
import { runPlan } from '../run-plan.ts';
import { kindFiles } from './kind-files.ts';
import type { KindHands } from './kind-hands.ts';
import { silentLog } from '../../platform/log.ts';
import type { StepContext } from '../provider.ts';
import { planOf } from './kind-plan.ts';

const record = { name: 'lab', provider: 'kind', nodes: 1, config: '' } as ClusterRecord;
const quiet = {
  begins: () => undefined,
  part: () => undefined,
  detail: () => undefined,
  child: () => undefined,
};

/** A one-node cluster in a Docker that does what it is told; the containers that were stopped. */
function bench(before: string) {
  const time = fakeTime();
  const stopped: string[] = [];
  const node = {
    name: 'lab-control-plane',
    state: before,
    labels: { 'io.x-k8s.kind.role': 'control-plane' },
  };
  const docker = {
    ping: async () => true,
    containers: async () => ok([node]),
    setRestartPolicy: async () => ok(undefined),
    async start() {
      node.state = 'running';
      return ok(undefined);
    },
    stop: async (name: string) => {
      stopped.push(name);
      return ok(undefined);
    },
  } as unknown as DockerApi;
  const hands = {
    ...time,
    docker,
    log: silentLog,
    help: () => ({}),
    files: kindFiles(temporaryFolder('kind-plan'), temporaryFolder('kind-logs')),
  } as unknown as KindHands;
  return { hands, time, stopped };
}

/** A start whose steps all end well, but that one: it ends with `error`. */
async function startThatEndsWith(
  error: TandemError,
  failing = 'uncordonNodes',
  before = 'exited',
): Promise<string[]> {
  const { hands, time, stopped } = bench(before);
  const planned = await planOf(hands, 'start', record);
  if (!planned.ok) throw new Error(planned.error.code);
  const { steps } = planned.value;
  const plan = {
    ...planned.value,
    steps: steps.map((step) => ({
      ...step,
      run: async (context: StepContext) => {
        if (step.id === failing) return fail(error.code, error.params);
        return step.id === 'startNodes' ? step.run(context) : ok(undefined);
      },
    })),
  };
  const result = await runPlan(plan, quiet, new AbortController().signal, time.scheduler);
  expect(result).toEqual({ ok: false, error });
  return stopped;
}

test('a start that came up keeps running when its nodes could not be opened', async () => {
  const params = { step: 'uncordonNodes', limitSeconds: 60 };
  expect(await startThatEndsWith({ code: 'stepTimedOut', params })).toEqual([]);
  expect(await startThatEndsWith({ code: 'apiUnreachable', params: { name: 'lab' } })).toEqual([]);
});

test('that a node is missing, or could not be looked for, stops none of the others', async () => {
  expect(await startThatEndsWith({ code: 'nodeGone', params: { node: 'lab-worker' } }, 'countNodes')).toEqual(
    [],
  );
});

test('called off, or out of memory, it is stopped also then; and after any other step', async () => {
  const all = ['lab-control-plane'];
  expect(await startThatEndsWith({ code: 'cancelled', params: {} })).toEqual(all);
  expect(await startThatEndsWith({ code: 'memoryRolledBack', params: { name: 'lab' } })).toEqual(all);
  expect(await startThatEndsWith({ code: 'apiUnreachable', params: { name: 'lab' } }, 'proveName')).toEqual(
    all,
  );
});

test('what ran before a start is left running by its way back, unless memory has run out', async () => {
  const params = { name: 'lab' };
  expect(await startThatEndsWith({ code: 'cancelled', params }, 'waitApi', 'running')).toEqual([]);
  expect(await startThatEndsWith({ code: 'memoryRolledBack', params }, 'waitApi', 'running')).toEqual([
    'lab-control-plane',
  ]);
});
