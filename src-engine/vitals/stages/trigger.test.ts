import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueMs, idle, moved, type Conditions, type Moment, type Trigger } from './trigger.ts';

const at = (seconds: number): Moment => ({ ms: seconds * 1000, iso: new Date(seconds * 1000).toISOString() });
const when = (raise: boolean | null, clear: boolean | null = false): Conditions => ({
  raise,
  clear,
  raiseMs: 30_000,
  clearMs: 120_000,
});

/** Plays [second, conditions] pairs and tells the state after each. */
function play(steps: readonly (readonly [number, Conditions])[]): Trigger {
  return steps.reduce((trigger, [seconds, conditions]) => moved(trigger, conditions, at(seconds)), idle);
}

describe('a trigger', () => {
  test('is raised when its condition has held for its dwell, not before', () => {
    expect(
      play([
        [0, when(true)],
        [29.999, when(true)],
      ]).activeSince,
    ).toBeNull();
    expect(
      play([
        [0, when(true)],
        [30, when(true)],
      ]).activeSince,
    ).toBe(at(30).iso);
  });

  test('begins anew when the condition broke off', () => {
    expect(
      play([
        [0, when(true)],
        [20, when(false)],
        [21, when(true)],
        [50.9, when(true)],
      ]).activeSince,
    ).toBeNull();
    expect(
      play([
        [0, when(true)],
        [20, when(false)],
        [21, when(true)],
        [51, when(true)],
      ]).activeSince,
    ).not.toBeNull();
  });

  test('is frozen by unknown, and the dwell that unknown interrupted begins anew', () => {
    const raised = [
      [0, when(true)],
      [30, when(true)],
    ] as const;
    expect(play([...raised, [31, when(null, null)], [999, when(null, null)]]).activeSince).toBe(at(30).iso);
    expect(
      play([
        [0, when(true)],
        [20, when(null)],
        [21, when(true)],
        [50, when(true)],
      ]).activeSince,
    ).toBeNull();
    expect(
      play([
        ...raised,
        [40, when(false, true)],
        [100, when(null, null)],
        [101, when(false, true)],
        [220, when(false, true)],
      ]).activeSince,
    ).not.toBeNull();
  });

  test('is cleared after the clearing dwell', () => {
    const raised = [
      [0, when(true)],
      [30, when(true)],
      [40, when(false, true)],
    ] as const;
    expect(play([...raised, [159, when(false, true)]]).activeSince).not.toBeNull();
    expect(play([...raised, [160, when(false, true)]])).toEqual(idle);
  });

  test('waits for `ready` with its dwell over, and asks for no timer meanwhile', () => {
    const waiting = { ...when(true), ready: false };
    const trigger = play([
      [0, waiting],
      [40, waiting],
    ]);
    expect(trigger.activeSince).toBeNull();
    expect(dueMs(trigger, waiting, 40_000)).toBeNull();
    expect(moved(trigger, when(true), at(41)).activeSince).toBe(at(41).iso);
  });

  test('says when it will change by itself', () => {
    expect(dueMs(idle, when(false), 0)).toBeNull();
    expect(dueMs(play([[5, when(true)]]), when(true), 5000)).toBe(35_000);
    const clearing = play([
      [0, when(true)],
      [30, when(true)],
      [40, when(false, true)],
    ]);
    expect(dueMs(clearing, when(false, true), 40_000)).toBe(160_000);
  });

  test('never flaps within a dwell, whatever is read', () => {
    const step = fc.record({
      gap: fc.integer({ min: 0, max: 60_000 }),
      raise: fc.constantFrom(true, false, null),
      clear: fc.constantFrom(true, false, null),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let trigger = idle;
        let ms = 0;
        let changedMs = -Infinity;
        for (const { gap, raise, clear } of steps) {
          ms += gap;
          const next = moved(trigger, when(raise, clear), { ms, iso: new Date(ms).toISOString() });
          const before = trigger.activeSince !== null;
          const after = next.activeSince !== null;
          if (before !== after) {
            // Up needs 30 s since the last change, down needs 120 s.
            expect(ms - changedMs).toBeGreaterThanOrEqual(after ? 30_000 : 120_000);
            changedMs = ms;
          }
          trigger = next;
        }
      }),
      { numRuns: 300 },
    );
  });
});
