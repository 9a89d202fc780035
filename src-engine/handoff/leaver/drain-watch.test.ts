import { expect, test } from 'vitest';
import type { GateState } from '../ports.ts';
import { beginDrain, drainVerdict, lateRequests, seenBy, type DrainWatch } from './drain-watch.ts';

const gate = (requests: number, inFlight: number): GateState => ({
  ready: false,
  notReady: 'leaving',
  requests,
  inFlight,
  open: [],
  upstreamUp: true,
});

/** Looks each second; `at(ms)` is what the gate shows then. */
function watched(untilMs: number, at: (ms: number) => GateState | null): DrainWatch {
  let watch = beginDrain(0, null);
  for (let ms = 0; ms <= untilMs; ms += 1_000) watch = seenBy(watch, at(ms), ms);
  return watch;
}

test('nothing under way and nothing new: over after 10 s, not before', () => {
  const idle = () => gate(7, 0);
  expect(drainVerdict(watched(9_000, idle), 9_999)).toBe('wait');
  const watch = watched(10_000, idle);
  expect(drainVerdict(watch, 10_000)).toBe('done');
  expect(lateRequests(watch, 10_000)).toBe(0);
});

test('a request at 8 s is waited for five seconds', () => {
  const late = (ms: number) => gate(ms >= 8_000 ? 8 : 7, 0);
  expect(drainVerdict(watched(12_000, late), 12_000)).toBe('wait');
  expect(drainVerdict(watched(13_000, late), 13_000)).toBe('done');
});

test('what is under way is waited for, until 45 s; then it is cut', () => {
  const stream = () => gate(7, 1);
  expect(drainVerdict(watched(44_000, stream), 44_999)).toBe('wait');
  expect(drainVerdict(watched(45_000, stream), 45_000)).toBe('cut');
});

test('requests that never end: over at 45 s with nothing to cut, and they are named', () => {
  const watch = watched(45_000, (ms) => gate(7 + ms / 1_000, 0));
  expect(drainVerdict(watch, 45_000)).toBe('done');
  expect(lateRequests(watch, 45_000)).toBe(45);
});

test('a gate that cannot be asked is not quiet', () => {
  const blind = (ms: number) => (ms >= 2_000 && ms <= 9_000 ? null : gate(7, 0));
  expect(drainVerdict(watched(9_000, blind), 12_000)).toBe('wait');
  expect(drainVerdict(watched(14_000, blind), 14_000)).toBe('wait');
  expect(drainVerdict(watched(15_000, blind), 15_000)).toBe('done');
  expect(drainVerdict(beginDrain(0, null), 45_000)).toBe('cut');
});

test('a gate that was started anew counts from the beginning, which is no quiet', () => {
  const restarted = (ms: number) => gate(ms < 8_000 ? 100 : 0, 0);
  const watch = watched(10_000, restarted);
  expect(drainVerdict(watch, 10_000)).toBe('wait');
  expect(lateRequests(watch, 10_000)).toBe(0);
});

test('a deadline that is past: at once', () => {
  expect(drainVerdict(seenBy(beginDrain(0, 0), gate(7, 0), 0), 0)).toBe('done');
  expect(drainVerdict(seenBy(beginDrain(0, 0), gate(7, 3), 0), 0)).toBe('cut');
});
