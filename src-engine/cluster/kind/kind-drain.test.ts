import { expect, test, vi } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { ok } from '../../../src-shared/errors/result.ts';
import { writePrivately } from '../../platform/files.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import type { PodMover } from '../pod-mover.ts';
import type { ClusterRecord, StepContext } from '../provider.ts';
import { openAfterDrain, openStep } from '../drain-steps.ts';
import { evictStep, type DrainHands } from './kind-drain.ts';
import { kindFiles } from './kind-files.ts';

const record = { name: 'lab', provider: 'kind', nodes: 1 } as ClusterRecord;
const context: StepContext = {
  signal: new AbortController().signal,
  detail: () => undefined,
  part: () => undefined,
  child: () => undefined,
};

/** A cluster whose containers are gone, and a mover that notes what it is asked. */
async function bench(pods: Partial<PodMover>) {
  const time = fakeTime();
  const files = kindFiles(temporaryFolder('kind-drain'), temporaryFolder('kind-logs'));
  await writePrivately(files.kubeconfig('lab'), 'its text');
  const docker = { containers: async () => ok([]) } as unknown as DockerApi;
  const hands = {
    docker,
    files,
    ...time,
    api: { read: async () => null, why: () => null },
    pods,
  } as unknown as DrainHands;
  return { time, hands };
}

test('a cluster that does not run has nothing to drain, and its API is not asked', async () => {
  const { hands } = await bench({ empty: () => Promise.reject(new Error('asked')) });
  expect(await evictStep(hands, record).run(context)).toMatchObject({
    ok: false,
    error: { code: 'clusterNotRunning', params: { name: 'lab', state: 'absent' } },
  });
});

test('a start opens the nodes by their own kubeconfig, and asks again until it may', async () => {
  const asked: string[] = [];
  const { time, hands } = await bench({ open: async (text) => asked.push(text) === 3 });
  const opened = openStep(hands, record).run(context);
  for (const times of [1, 2]) {
    // Its kubeconfig is a real file: fake time alone does not wait for it.
    await vi.waitFor(() => expect([asked.length, time.pending()]).toEqual([times, 1]), 4000);
    await time.advance(1000);
  }
  expect(await opened).toEqual(ok(undefined));
  expect(asked).toEqual(['its text', 'its text', 'its text']);
});

test('a start that is called off meanwhile does not go on asking', async () => {
  const { hands } = await bench({ open: async () => false });
  const over = AbortSignal.abort();
  expect(await openStep(hands, record).run({ ...context, signal: over })).toMatchObject({
    error: { code: 'apiUnreachable' },
  });
});

test('the way back of a drain is refused at first: it asks again until it may, and not for ever', async () => {
  const asked: string[] = [];
  const { time, hands } = await bench({ open: async (text) => asked.push(text) === 2 });
  const opened = openAfterDrain(hands, record);
  await vi.waitFor(() => expect([asked.length, time.pending()]).toEqual([1, 2]), 4000);
  await time.advance(1000);
  expect(await opened).toBe(true);
  expect(time.pending()).toBe(0);
});

test('a way back that is never let ends within its minute, and says so', async () => {
  const { time, hands } = await bench({ open: async () => false });
  const opened = openAfterDrain(hands, record);
  await time.advance(50_000);
  expect(await opened).toBe(false);
  expect(time.pending()).toBe(0);
});
