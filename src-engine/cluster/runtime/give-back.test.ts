import { describe, expect, test } from 'vitest';
import type { Reason } from '../../../src-shared/world/vitals.ts';
import { giveBack, type GiveBackFacts } from './give-back.ts';

const vm = { memoryBytes: 4e9, cpus: 2, guestTotalBytes: 3.8e9, touchedBytes: 3e9, learnedBytes: null };
const empty = { ours: 0, others: 0, names: [] };
const reason = (metric: Reason['metric'], stage: Reason['stage']): Reason => ({
  metric,
  stage,
  value: 4,
  limit: 4,
  since: '2026-01-01T00:00:00.000Z',
});
const short = [reason('memory.level', 'stop')];
const facts = (change: Partial<GiveBackFacts> = {}): GiveBackFacts => ({
  runtime: { state: 'running', vm, containers: empty },
  vitals: { reasons: [] },
  role: 'single',
  policy: 'auto',
  automation: true,
  clustersBusy: false,
  hasOwn: true,
  stoppable: true,
  ...change,
});

describe('RAM that could come back', () => {
  test('nothing runs in it: offered', () => {
    expect(giveBack(facts())).toEqual({ offer: 'idle', act: false });
  });

  test('memory is short: said so, and done at stage stop alone', () => {
    const warned = [reason('memory.swapGrowth', 'warn')];
    expect(giveBack(facts({ vitals: { reasons: warned } }))).toEqual({ offer: 'memory', act: false });
    expect(giveBack(facts({ vitals: { reasons: short } }))).toEqual({ offer: 'memory', act: true });
    expect(giveBack(facts({ vitals: { reasons: short }, role: 'edge' })).act).toBe(true);
  });

  test('a battery at stage stop wants no RAM', () => {
    const reasons = [reason('battery.percent', 'stop')];
    expect(giveBack(facts({ vitals: { reasons } }))).toEqual({ offer: 'idle', act: false });
  });

  test.each<[string, Partial<GiveBackFacts>]>([
    ['on a core', { role: 'core' }],
    ['with automation off', { automation: false }],
    ['when a person wants to be asked', { policy: 'offer' }],
    ['where no cluster of ours stands', { hasOwn: false }],
  ])('never by itself %s', (_, change) => {
    expect(giveBack(facts({ vitals: { reasons: short }, ...change }))).toEqual({
      offer: 'memory',
      act: false,
    });
  });

  test.each<[string, Partial<GiveBackFacts>]>([
    ['containers of others run', { runtime: { state: 'running', vm, containers: { ...empty, others: 1 } } }],
    ['our nodes run', { runtime: { state: 'running', vm, containers: { ...empty, ours: 1 } } }],
    ['nobody could look', { runtime: { state: 'running', vm, containers: null } }],
    ['it is down', { runtime: { state: 'stopped', vm, containers: null } }],
    ['it was seen long ago', { runtime: { state: 'running', vm, containers: empty, stale: true } }],
    ['nobody knows how to stop it', { stoppable: false }],
    ['there is no machine', { runtime: { state: 'running', vm: null, containers: empty } }],
    ['a cluster is on its way', { clustersBusy: true }],
    ['a person never wants it', { policy: 'never' }],
  ])('not a word when %s', (_, change) => {
    expect(giveBack(facts({ vitals: { reasons: short }, ...change }))).toEqual({ offer: null, act: false });
  });
});
