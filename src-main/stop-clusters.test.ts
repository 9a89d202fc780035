import { expect, test } from 'vitest';
import { fakeTime } from '../test/doubles/fake-time.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { Method } from '../src-shared/commands/registry.ts';
import { stopClusters } from './stop-clusters.ts';

function setUp(answer: (method: Method, count: number) => Promise<Result<unknown>> | Result<unknown>) {
  const { scheduler, advance } = fakeTime();
  const calls: Method[] = [];
  const refused: string[] = [];
  const call = async (method: Method): Promise<Result<never>> => {
    calls.push(method);
    return (await answer(method, calls.length)) as Result<never>;
  };
  const deps = {
    scheduler,
    link: { call },
    refused: (name: string, { code }: { code: string }) => void refused.push(`${name}: ${code}`),
  };
  let ended = false;
  const stop = (cancelFirst: boolean): void =>
    void stopClusters(deps, [{ name: 'lab', cancelFirst }], 30_000).then(() => (ended = true));
  return { stop, calls, refused, advance, ended: () => ended };
}

test('what is under way is cancelled first, and the stop is asked again while it is being undone', async () => {
  const { stop, calls, refused, advance, ended } = setUp((method, count) =>
    method === 'cluster.stop' && count < 4 ? fail('clusterBusy') : ok({}),
  );
  stop(true);
  await advance(0);
  await advance(1100);
  expect(calls).toEqual(['cluster.cancel', 'cluster.stop', 'cluster.stop', 'cluster.stop']);
  expect([ended(), refused]).toEqual([true, []]);
});

test('a refusal is told, and the way out goes on', async () => {
  const { stop, refused, advance, ended } = setUp(() => fail('dockerDown'));
  stop(false);
  await advance(10);
  expect([ended(), refused]).toEqual([true, ['lab: dockerDown']]);
});

test('nothing holds it longer than its limit', async () => {
  const { stop, advance, ended } = setUp(() => new Promise(() => undefined));
  stop(false);
  await advance(0);
  await advance(29_900);
  expect(ended()).toBe(false);
  await advance(200);
  expect(ended()).toBe(true);
});
