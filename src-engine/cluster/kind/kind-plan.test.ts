import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { fail, ok, type TandemError } from '../../../src-shared/errors/result.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import type { ClusterRecord } from '../provider.ts';
import { runPlan } from '../run-plan.ts';
import { kindFiles } from './kind-files.ts';
import type { KindHands } from './kind-hands.ts';
import { planOf } from './kind-plan.ts';

const record = { name: 'lab', provider: 'kind', nodes: 1, config: '' } as ClusterRecord;
const quiet = {
  begins: () => undefined,
  part: () => undefined,
  detail: () => undefined,
  child: () => undefined,
};

/** A one-node cluster in a Docker that does what it is told; the containers that were stopped. */
function bench() {
  const time = fakeTime();
  const stopped: string[] = [];
  const node = {
    name: 'lab-control-plane',
    state: 'running',
    labels: { 'io.x-k8s.kind.role': 'control-plane' },
  };
  const docker = {
    ping: async () => true,
    containers: async () => ok([node]),
    setRestartPolicy: async () => ok(undefined),
    stop: async (name: string) => {
      stopped.push(name);
      return ok(undefined);
    },
  } as unknown as DockerApi;
  const hands = {
    ...time,
    docker,
    files: kindFiles(temporaryFolder('kind-plan'), temporaryFolder('kind-logs')),
  } as unknown as KindHands;
  return { hands, time, stopped };
}

/** A start whose steps all end well, but that one: it ends with `error`. */
async function startThatEndsWith(error: TandemError, failing = 'uncordonNodes'): Promise<string[]> {
  const { hands, time, stopped } = bench();
  const planned = await planOf(hands, 'start', record);
  if (!planned.ok) throw new Error(planned.error.code);
  const { steps } = planned.value;
  const plan = {
    ...planned.value,
    steps: steps.map((step) => ({
      ...step,
      run: async () => (step.id === failing ? fail(error.code, error.params) : ok(undefined)),
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
  expect(await startThatEndsWith({ code: 'nodeGone', params: { node: 'lab-worker' } }, 'startNodes')).toEqual(
    ['lab-control-plane'],
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
