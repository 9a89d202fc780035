import { expect, test, vi } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { ok, type Result } from '../../src-shared/errors/result.ts';
import { silentLog } from '../platform/log.ts';
import { newEntry } from './cluster-entry.ts';
import { recover } from './crash-recovery.ts';
import { operate, type OperationDeps } from './operations.ts';
import type { ClusterProvider, ClusterRecord, Plan } from './provider.ts';

const record = { name: 'lab', provider: 'kind' } as ClusterRecord;

/** A cluster, and what is told of it. */
function bench(plan: () => Promise<Result<Plan>>) {
  const { clock, scheduler } = fakeTime();
  const entry = newEntry(record, clock);
  const verbs: (string | null)[] = [];
  const deps = {
    ports: { clock, scheduler, log: silentLog, memory: () => null, knownStep: vi.fn(), report: vi.fn() },
    journal: { write: vi.fn(), clear: vi.fn() },
    durations: { usual: () => null, runs: () => 0, add: vi.fn() },
    observe: async () => undefined,
    changed: () => void verbs.push(entry.progress?.verb ?? null),
  } as unknown as OperationDeps;
  return { deps, entry, verbs, provider: { plan } as unknown as ClusterProvider };
}

test('everybody is told from the first moment, before anything is planned', async () => {
  let plan: (plan: Result<Plan>) => void = () => undefined;
  const planned = new Promise<Result<Plan>>((resolve) => (plan = resolve));
  const { deps, entry, verbs, provider } = bench(() => planned);
  const work = operate(deps, entry, provider, 'start');
  expect(verbs).toEqual(['start']);
  plan(ok({ steps: [], expected: [], undo: async () => undefined }));
  await work;
  expect(verbs.at(-1)).toBeNull();
});

test.each([
  ['dockerDown', true],
  // The engine was killed while its runtime came up: that may still be on its way.
  ['runtimeStartFailed', true],
  ['runtimeStartSilent', true],
  ['runtimeNeverMade', false],
])('what a crash cut off and %s stops again waits for Docker: %s', async (code, waitsForDocker) => {
  const failing = { id: 'startRuntime', limitMs: 1000, harmless: true as const };
  const run = async () => ({ ok: false, error: { code, params: {} } }) as Result<never>;
  const { deps, entry, provider } = bench(async () =>
    ok({ steps: [{ ...failing, run }], expected: [], undo: async () => undefined }),
  );
  const left = { name: 'lab', verb: 'start', step: '', startedAt: '', touched: false, children: [] } as const;
  expect(await recover(deps, left, entry, provider)).toMatchObject(
    waitsForDocker ? { is: 'open', unfinished: { verb: 'start', waitsForDocker } } : { is: 'settled' },
  );
});
