import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Plan, Step } from './provider.ts';
import { runPlan, stepIds } from './run-plan.ts';

function harness(steps: readonly Step[]) {
  const seen: string[] = [];
  const plan: Plan = {
    steps,
    expected: ['running'],
    undo: async (reached) => void seen.push(`undo ${reached}`),
    after: ({ code }) => void seen.push(`after ${code}`),
  };
  const events = {
    begins: (id: string) => void seen.push(id),
    part: () => undefined,
    detail: () => undefined,
    child: () => undefined,
  };
  const time = fakeTime();
  const cancel = new AbortController();
  return { plan, seen, time, cancel, done: runPlan(plan, events, cancel.signal, time.scheduler) };
}
const step = (id: string, run: Step['run'] = async () => ok(undefined)): Step => ({ id, limitMs: 1000, run });
const never: Step['run'] = () => new Promise<Result<void>>(() => undefined);
const untilAborted: Step['run'] = ({ signal }) =>
  new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(fail('toolFailed', { tool: 'x', detail: 'killed' }))),
  );

test('runs the steps in order and undoes nothing when all went well', async () => {
  const { done, seen } = harness([step('a'), step('b')]);
  expect(await done).toEqual(ok(undefined));
  expect(seen).toEqual(['a', 'b']);
});

test('the first failure undoes and ends it', async () => {
  const { done, seen } = harness([step('a'), step('b', async () => fail('dockerDown')), step('c')]);
  expect(await done).toEqual(fail('dockerDown'));
  expect(seen).toEqual(['a', 'b', 'undo b', 'after dockerDown']);
});

test('an exception in a step is a failure by name, not the end of the engine', async () => {
  const { done } = harness([
    step('a', async () => {
      throw new Error('boom');
    }),
  ]);
  expect(await done).toEqual(fail('internal', { detail: 'boom' }));
});

test('a step over its limit is told to stop and reported by name', async () => {
  const { done, seen, time } = harness([step('slow', untilAborted)]);
  await time.advance(1001);
  expect(await done).toEqual(fail('stepTimedOut', { step: 'slow', limitSeconds: 1 }));
  expect(seen).toEqual(['slow', 'undo slow', 'after stepTimedOut']);
});

test('a cancel ends the step under way and undoes, also when the step heeds nothing', async () => {
  for (const run of [untilAborted, never]) {
    const { done, seen, time, cancel } = harness([step('a'), step('b', run), step('c')]);
    await time.advance(10);
    cancel.abort({ code: 'cancelled', params: {} });
    await time.advance(20_000);
    expect(await done).toEqual(fail('cancelled'));
    expect(seen).toEqual(['a', 'b', 'undo b', 'after cancelled']);
  }
});

test('parts stand in the place of their step', () => {
  const plan: Plan = {
    steps: [step('a'), { ...step('b'), parts: ['b1', 'b2'] }],
    expected: [],
    undo: async () => undefined,
  };
  expect(stepIds(plan)).toEqual(['a', 'b1', 'b2']);
});

test('a look that fails undoes nothing: what is there may not be ours', async () => {
  const look: Step = { ...step('look', async () => fail('clusterExists', { name: 'lab' })), harmless: true };
  const { done, seen } = harness([look, step('make')]);
  expect(await done).toEqual(fail('clusterExists', { name: 'lab' }));
  expect(seen).toEqual(['look', 'after clusterExists']);
});

test('without its intent on disk a step is not begun, and what was done before is undone', async () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const seen: string[] = [];
  const plan: Plan = {
    steps: [step('a'), step('b')],
    expected: [],
    undo: async (reached) => void seen.push(`undo ${reached}`),
  };
  const begins = (id: string): void => {
    if (id === 'b') throw full;
    seen.push(id);
  };
  const events = { begins, part: () => undefined, detail: () => undefined, child: () => undefined };
  const result = await runPlan(plan, events, new AbortController().signal, fakeTime().scheduler);
  expect(result).toEqual(fail('diskFull', { path: 'run/' }));
  expect(seen).toEqual(['a', 'undo b']);
});
