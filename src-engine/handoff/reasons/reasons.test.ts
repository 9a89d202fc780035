import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { stageFact } from '../../../test/doubles/fake-edge.ts';
import type { LeaveReason, ReasonName } from '../../../src-shared/world/handoff.ts';
import {
  acting,
  afterReturnAsked,
  blocking,
  find,
  isForced,
  shown,
  silenced,
  stageReasons,
  standing,
  withReason,
  withStages,
  without,
  type Reasons,
} from './reasons.ts';

const at = '2026-01-01T00:00:00.000Z';
const of = (name: ReasonName, level: LeaveReason['level'] = 'forced'): LeaveReason => ({
  name,
  level,
  since: at,
  detail: null,
});
const namesOf = (reasons: readonly LeaveReason[]) => reasons.map(({ name }) => name);
const battery = (stage: 'warn' | 'drain' | 'stop', before: Reasons = []) =>
  withStages(before, stageFact(['battery', stage]), 0);

test('the worst of each family, as the level that its stage means, with its reading', () => {
  const fact = stageFact(['battery', 'warn'], ['battery', 'drain'], ['thermal', 'stop'], ['memory', 'ok']);
  expect(stageReasons(fact).map(({ name, level, detail }) => [name, level, detail])).toEqual([
    ['battery', 'drain', '24 %'],
    ['thermal', 'forced', '24'],
  ]);
});

test('what vitals say touches no reason of another origin', () => {
  const before = withReason(withReason(battery('drain'), of('user', 'drain')), of('lid'));
  const after = withStages(before, stageFact(['memory', 'drain']), 0);
  expect(namesOf(standing(after)).sort()).toEqual(['lid', 'memory', 'user']);
});

test('a reading that goes on at the same level keeps its beginning', () => {
  const before = battery('drain');
  const fact = stageFact(['battery', 'drain']);
  const later = { ...fact, reasons: fact.reasons.map((one) => ({ ...one, value: 21, since: 'later' })) };
  expect(withStages(before, later, 9)[0]?.reason).toEqual(before[0]?.reason);
});

test('a silenced reason is silent until it clears', () => {
  const silent = silenced(battery('drain'));
  expect(acting(silent, true)).toEqual([]);
  expect(blocking(silent, false)).toEqual([]);
  expect(shown(silent)).toMatchObject([{ name: 'battery', level: 'warn' }]);
  const dipped = battery('drain', battery('warn', silent));
  expect(acting(dipped, true)).toEqual([]);
  const cleared = withStages(silent, stageFact(), 0);
  expect(namesOf(acting(battery('drain', cleared), true))).toEqual(['battery']);
});

test('a silenced reason that reaches stop speaks again, and goes on when it falls back to drain', () => {
  const stop = battery('stop', silenced(battery('drain')));
  expect(isForced(stop, true)).toBe(true);
  expect(namesOf(acting(battery('drain', stop), true))).toEqual(['battery']);
});

test('only the drains of vitals can be silenced', () => {
  const reasons = silenced(withReason(withReason(battery('warn'), of('lid')), of('user', 'drain')));
  expect(namesOf(acting(reasons, true))).toEqual(['battery', 'lid', 'user']);
  expect(isForced(silenced(battery('stop')), true)).toBe(true);
});

test('a pause of automation holds all but stage stop, shutdown, suspend and people', () => {
  const held = withStages([], stageFact(['battery', 'drain'], ['memory', 'warn'], ['thermal', 'stop']), 0);
  const all = (['lid', 'suspend', 'shutdown'] as const).reduce(
    (sum, name) => withReason(sum, of(name)),
    held,
  );
  const reasons = withReason(all, of('user', 'drain'));
  expect(namesOf(acting(reasons, false)).sort()).toEqual(['shutdown', 'suspend', 'thermal', 'user']);
  expect(namesOf(acting(reasons, true))).toHaveLength(7);
});

test('a return by itself waits for warnings too, a person only for what would make it leave', () => {
  expect(namesOf(blocking(battery('warn'), false))).toEqual(['battery']);
  expect(blocking(battery('warn'), true)).toEqual([]);
  expect(namesOf(blocking(battery('drain'), true))).toEqual(['battery']);
});

test('a person who asks to return ends what only a person ends', () => {
  const reasons = withReason(
    withReason(withReason(battery('drain'), of('user', 'drain')), of('lid')),
    of('suspend'),
  );
  expect(namesOf(afterReturnAsked(reasons).map(({ reason }) => reason)).sort()).toEqual(['battery', 'lid']);
});

test('a reason of the journal waits for its vitals, a worse one does not', () => {
  const kept: Reasons = [{ reason: of('battery', 'drain'), silenced: false, graceUntilMs: 100 }];
  expect(find(withStages(kept, stageFact(), 99), 'battery')).not.toBeNull();
  expect(find(withStages(kept, stageFact(['battery', 'warn']), 99), 'battery')?.reason.level).toBe('drain');
  expect(find(withStages(kept, stageFact(['battery', 'stop']), 5), 'battery')?.reason.level).toBe('forced');
  expect(find(withStages(kept, stageFact(), 100), 'battery')).toBeNull();
});

test('whatever happens, a reason clears only itself', () => {
  const name = fc.constantFrom<ReasonName>(
    'battery',
    'memory',
    'thermal',
    'lid',
    'suspend',
    'shutdown',
    'user',
  );
  fc.assert(
    fc.property(fc.uniqueArray(name), name, (all, gone) => {
      const reasons = all.reduce<Reasons>((sum, one) => withReason(sum, of(one)), []);
      const left = without(reasons, gone).map(({ reason }) => reason.name);
      expect(left.sort()).toEqual(all.filter((one) => one !== gone).sort());
    }),
  );
});
