import { describe, expect, test } from 'vitest';
import type { Counters } from '../ports.ts';
import { isBurst, judgeWindow, returnSteps, windowNeeds, type PairBatch, type WindowSeen } from './window.ts';

const counters = (core: number, edge: number, edgeFailures = 0): Counters => ({
  core: { requests: core, failures: 0, retried: 0, inFlight: 0 },
  edge: { requests: edge, failures: edgeFailures, retried: 0, inFlight: 0 },
});
const batch = (part: Partial<PairBatch> = {}): PairBatch => ({
  sent: 20,
  edgeOk: 20,
  edgeWrong: 0,
  coreP95Ms: 20,
  edgeP95Ms: 25,
  ...part,
});
const needs = { dwellMs: 120_000, requests: 500 };
const seen = (part: Partial<WindowSeen> = {}): WindowSeen => ({
  elapsedMs: 120_000,
  share: 50,
  from: counters(1_000, 200),
  to: counters(1_300, 500),
  toppedUp: 0,
  batches: [batch()],
  ...part,
});

describe('what a window needs', () => {
  test('60 s and 100 at 10 %, 120 s and 500 at 50 %', () => {
    expect(windowNeeds(10, false, 1)).toEqual({ dwellMs: 60_000, requests: 100 });
    expect(windowNeeds(50, false, 1)).toEqual({ dwellMs: 120_000, requests: 500 });
  });

  test('10 s and 20 s for a first admission, with as many requests less', () => {
    expect(windowNeeds(10, true, 1)).toEqual({ dwellMs: 10_000, requests: 20 });
    expect(windowNeeds(50, true, 1)).toEqual({ dwellMs: 20_000, requests: 84 });
  });

  test('the time scale divides both; 20 requests at least', () => {
    expect(windowNeeds(50, false, 10)).toEqual({ dwellMs: 12_000, requests: 50 });
    expect(windowNeeds(10, false, 10)).toEqual({ dwellMs: 6_000, requests: 20 });
  });

  test('steps go up from where the weight stands to the target, which may be low', () => {
    expect(returnSteps(0, 80)).toEqual([10, 50, 80]);
    expect(returnSteps(40, 80)).toEqual([50, 80]);
    expect(returnSteps(0, 50)).toEqual([10, 50]);
    expect(returnSteps(0, 5)).toEqual([5]);
    expect(returnSteps(80, 80)).toEqual([80]);
  });
});

describe('the verdict', () => {
  test('all is well: pass', () => {
    expect(judgeWindow(needs, seen())).toMatchObject({ verdict: 'pass', requests: 600 });
  });

  test.each<[string, Partial<WindowSeen>]>([
    ['too early', { elapsedMs: 119_999 }],
    ['too few requests', { to: counters(1_200, 400) }],
    ['no probe yet', { batches: [] }],
    ['counters that cannot be read', { to: null }],
  ])('no data is no pass: %s', (_name, part) => {
    expect(judgeWindow(needs, seen(part)).verdict).toBe('wait');
  });

  test('missing requests are said, and ours count for them', () => {
    const few = seen({ to: counters(1_100, 300) });
    expect(judgeWindow(needs, few)).toMatchObject({ verdict: 'wait', requests: 200, missing: 300 });
    expect(judgeWindow(needs, { ...few, toppedUp: 300 }).verdict).toBe('pass');
  });

  test('99.9 % must succeed: one of 300 is too many, one of 1,000 is not', () => {
    expect(judgeWindow(needs, seen({ to: counters(1_300, 500, 1) }))).toMatchObject({ why: 'failures' });
    const many = seen({ from: counters(0, 0), to: counters(1_000, 1_000, 1) });
    expect(judgeWindow(needs, many).verdict).toBe('pass');
  });

  test('a probe that failed, and one that the wrong side answered', () => {
    expect(judgeWindow(needs, seen({ batches: [batch({ edgeOk: 19 })] }))).toMatchObject({
      why: 'probesFailed',
    });
    expect(judgeWindow(needs, seen({ batches: [batch({ edgeWrong: 1 })] }))).toMatchObject({
      why: 'wrongBackend',
    });
  });

  test('p95: 50 ms or half more than the core, whichever is more', () => {
    const slow = (coreP95Ms: number, edgeP95Ms: number) =>
      judgeWindow(needs, seen({ batches: [batch({ coreP95Ms, edgeP95Ms })] })).verdict;
    expect([slow(20, 70), slow(20, 71), slow(200, 300), slow(200, 301)]).toEqual([
      'pass',
      'bad',
      'pass',
      'bad',
    ]);
  });

  test('one slow batch of three is a busy moment, two are slow', () => {
    const slow = batch({ edgeP95Ms: 500 });
    expect(judgeWindow(needs, seen({ batches: [slow, batch(), batch()] })).verdict).toBe('pass');
    expect(judgeWindow(needs, seen({ batches: [slow, batch(), slow] }))).toMatchObject({ why: 'slow' });
  });

  test('the share as the front should deal it: 5 points over 500, 10 over 100, nothing over less', () => {
    const dealt = (core: number, edge: number, requests: number) =>
      judgeWindow({ dwellMs: 0, requests }, seen({ from: counters(0, 0), to: counters(core, edge) })).verdict;
    expect(dealt(270, 230, 500)).toBe('pass');
    expect(dealt(280, 220, 500)).toBe('bad');
    expect(dealt(59, 41, 100)).toBe('pass');
    expect(dealt(61, 39, 100)).toBe('bad');
    expect(dealt(50, 10, 60)).toBe('pass');
  });
});

test('a burst: five connection errors with nothing between them, or probes of which none arrived', () => {
  expect(isBurst(counters(0, 100, 0), counters(10, 105, 5), null)).toBe(true);
  expect(isBurst(counters(0, 100, 0), counters(10, 104, 4), null)).toBe(false);
  expect(isBurst(counters(0, 100, 0), counters(10, 140, 5), null)).toBe(false);
  expect(isBurst(null, null, batch({ edgeOk: 0 }))).toBe(true);
  expect(isBurst(null, null, batch({ edgeOk: 1 }))).toBe(false);
});
