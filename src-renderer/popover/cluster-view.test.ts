import { expect, test } from 'vitest';
import { cluster, operation, stopped } from '../../test/doubles/worlds.ts';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import type { Runtime } from '../../src-shared/world/runtime.ts';
import { actionFor, memoryNote, nodeLabel, standsIn, stepTime } from './cluster-view.ts';

test('a running cluster says when memory is short beside it', () => {
  const told = (verdict: 'fits' | 'tight' | 'refuse') =>
    cluster({ admission: { ...stopped().admission!, verdict } });
  expect(memoryNote(told('tight'))).toBe('admission.running.tight');
  expect(memoryNote(told('refuse'))).toBe('admission.running.refuse');
  expect([memoryNote(told('fits')), memoryNote(cluster()), memoryNote(stopped())]).toEqual([
    null,
    null,
    null,
  ]);
});

test('what a cluster stands in', () => {
  const runtime = (ours: number, name: Runtime['name'] = 'colima') =>
    ({ name, containers: { ours, others: 0, names: [] } }) as unknown as Runtime;
  expect(standsIn(cluster(), runtime(0))).toBe(true);
  expect(standsIn(cluster(), runtime(0, null))).toBe(false);
  expect(standsIn(cluster({ provider: 'embedded' }), runtime(3))).toBe(false);
  // minikube may have a machine of its own: then it runs, and nothing of it runs there.
  expect(standsIn(cluster({ provider: 'minikube' }), runtime(0))).toBe(false);
  expect(standsIn(cluster({ provider: 'minikube' }), runtime(1))).toBe(true);
  expect(standsIn(stopped({ provider: 'minikube' }), runtime(0))).toBe(true);
});

test('one action, the one that fits', () => {
  expect(actionFor(undefined, false)).toBe('create');
  expect(actionFor(stopped({ state: 'absent' }), false)).toBe('create');
  expect(actionFor(stopped(), false)).toBe('start');
  expect(actionFor(stopped(), true)).toBe('startAnyway');
  expect(actionFor(cluster(), true)).toBe('stop');
  expect(actionFor(cluster({ state: 'unknown' }), false)).toBe('none');
  expect(actionFor(stopped({ operation: operation() }), true)).toBe('cancel');
  expect(actionFor(stopped({ operation: operation({ cancelling: true }) }), false)).toBe('none');
});

test('a step tells what it took, what it takes, or nothing', () => {
  const words = (
    status: Parameters<typeof stepTime>[0]['status'],
    elapsedMs: number | null,
    usualMs: number | null,
  ) => {
    const time = stepTime({ step: 'x', status, elapsedMs, usualMs });
    return time && say(time, { t: translator('en'), now: new Date() });
  };
  expect(words('done', 4200, 5000)).toBe('4 s');
  expect(words('done', 300, 5000)).toBe('under 1 s');
  expect(words('running', 13_000, 19_000)).toBe('13 s of about 19 s');
  expect(words('running', 13_000, null)).toBe('13 s');
  expect(words('waiting', null, 15_000)).toBe('about 15 s');
  expect(words('waiting', null, null)).toBeNull();
  expect(words('skipped', null, null)).toBe('not needed');
});

test('a step that is slow tells its usual time, while it runs and afterwards', () => {
  const slow = (status: 'running' | 'done') => {
    const time = stepTime({ step: 'x', status, elapsedMs: 41_000, usualMs: 14_000, slow: true });
    return time && say(time, { t: translator('en'), now: new Date() });
  };
  expect([slow('running'), slow('done')]).toEqual(['41 s, usually 14 s', '41 s, usually 14 s']);
});

test('a node is named without its cluster', () => {
  expect(nodeLabel({ name: 'lab' }, { name: 'lab-worker2' })).toBe('worker2');
  expect(nodeLabel({ name: 'lab' }, { name: 'laboratory' })).toBe('laboratory');
});
