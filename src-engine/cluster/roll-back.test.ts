import { expect, test, vi } from 'vitest';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import { rollBack } from './roll-back.ts';

function scene(stopped: 'well' | 'refused') {
  const acts: string[] = [];
  const entry = {
    record: { name: 'lab', provider: 'kind' },
    observed: { state: 'stopped' },
    lastFailure: null,
  } as unknown as ClusterEntry;
  const report = vi.fn();
  const needs = {
    ports: {
      clock: fakeTime().clock,
      report,
      takeBack: async (name: string) => void acts.push(`take back ${name}`),
    },
    stop: async () => {
      acts.push('stop');
      return stopped === 'well' ? ok(undefined) : fail('clusterBusy', { name: 'lab', verb: 'delete' });
    },
    publish: () => void acts.push('publish'),
  };
  return { acts, entry, report, run: () => rollBack(entry, needs) };
}

test('the cluster first, then the machine that its start had started; told as a start that failed', async () => {
  const { acts, entry, report, run } = scene('well');
  await run();
  expect(acts).toEqual(['stop', 'take back lab', 'publish']);
  expect(entry.lastFailure).toMatchObject({
    verb: 'start',
    code: 'memoryRolledBack',
    params: { name: 'lab' },
  });
  expect(report.mock.calls).toMatchObject([
    [{ verb: 'start', outcome: 'failed', state: 'stopped', error: { code: 'memoryRolledBack' } }],
  ]);
});

test('a stop that was refused has told so itself: nothing was rolled back', async () => {
  const { acts, entry, report, run } = scene('refused');
  await run();
  expect(acts).toEqual(['stop']);
  expect(entry.lastFailure).toBeNull();
  expect(report).not.toHaveBeenCalled();
});
