import { expect, test } from 'vitest';
import { cluster, memory, operation, vitals } from '../../test/doubles/worlds.ts';
import { GIB } from '../../src-shared/units.ts';
import type { Vitals } from '../../src-shared/world/vitals.ts';
import { coreFitness } from './core-fitness.ts';

const fitOf = (change: Partial<Vitals>, clusters = [cluster()]) => {
  const { fit, why } = coreFitness(vitals(change), clusters, 'tandem');
  return [fit, why?.params['why'] ?? null];
};

test('a calm core is fit; one of which nothing is known is neither', () => {
  expect(fitOf({})).toEqual([true, null]);
  expect(fitOf({ memory: null })).toEqual([null, null]);
  expect(fitOf({ memory: { ...memory({ level: 'critical' }), stale: true } })).toEqual([null, null]);
});

test('memory: the level where there is one, else what is available or stalls', () => {
  expect(fitOf({ memory: memory({ level: 'warn' }) })).toEqual([true, null]);
  expect(fitOf({ memory: memory({ level: 'critical' }) })).toEqual([false, 'memory']);
  // macOS counts otherwise: little is available there, and nothing is wrong.
  expect(fitOf({ memory: memory({ level: 'normal', availableBytes: 0.1 * GIB }) })).toEqual([true, null]);
  const linux = (share: number, stallFullPercent: number | null = null) =>
    memory({ level: null, totalBytes: 8 * GIB, availableBytes: share * 8 * GIB, stallFullPercent });
  expect(fitOf({ memory: linux(0.09) })).toEqual([true, null]);
  expect(fitOf({ memory: linux(0.07) })).toEqual([false, 'memory']);
  expect(fitOf({ memory: linux(0.5, 12) })).toEqual([false, 'memory']);
});

test('heat that slows it down', () => {
  const heat = (level: number | null) => ({ thermal: { ...vitals().thermal!, level } });
  expect(fitOf(heat(2))).toEqual([true, null]);
  expect(fitOf(heat(null))).toEqual([true, null]);
  expect(fitOf(heat(3))).toEqual([false, 'heat']);
});

test('its own cluster is about to go; another one, or a start, does not count', () => {
  const doing = (verb: 'start' | 'stop' | 'drain', name = 'tandem') => [
    cluster({ name, operation: operation({ verb }) }),
  ];
  expect(fitOf({}, doing('stop'))).toEqual([false, 'cluster']);
  expect(fitOf({}, doing('drain'))).toEqual([false, 'cluster']);
  expect(fitOf({}, doing('start'))).toEqual([true, null]);
  expect(fitOf({}, doing('stop', 'lab'))).toEqual([true, null]);
  expect(fitOf({}, [])).toEqual([true, null]);
});
