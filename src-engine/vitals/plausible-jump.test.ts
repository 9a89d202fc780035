import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noReading, takeReading } from './plausible-jump.ts';

/** Takes [second, percent] pairs; tells what is believed at the end. */
const believe = (...readings: readonly (readonly [number, number])[]) =>
  readings.reduce((state, [second, value]) => takeReading(state, value, second * 1000, 15_000), noReading);

describe('a plausible jump', () => {
  test('the first reading is believed, and moves of ten points or less', () => {
    expect(believe([0, 80]).believed).toBe(80);
    expect(believe([0, 80], [1, 70]).believed).toBe(70);
    expect(believe([0, 80], [1, 90]).believed).toBe(90);
  });

  test('a larger jump is believed after three equal readings over 15 s, not before', () => {
    expect(believe([0, 80], [1, 0], [8, 0], [15.9, 0]).believed).toBe(80);
    expect(believe([0, 80], [1, 0], [8, 0], [16, 0])).toEqual({ believed: 0, doubt: null });
    expect(believe([0, 80], [1, 0], [600, 0]).believed).toBe(80);
  });

  test('a gauge that comes back to its senses is believed at once, and the doubt is forgotten', () => {
    expect(believe([0, 80], [1, 0], [2, 0], [3, 79], [4, 0], [5, 0], [17, 79])).toEqual({
      believed: 79,
      doubt: null,
    });
  });

  test('another value begins the count anew', () => {
    expect(believe([0, 80], [1, 0], [8, 40], [15, 0], [22, 40]).believed).toBe(80);
  });

  test('a battery that is used meanwhile differs by a point and is believed all the same', () => {
    expect(believe([0, 80], [1, 24], [8, 23], [16, 22]).believed).toBe(22);
  });

  test('never believes a jump within 15 s of the first sight of it', () => {
    const reading = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(fc.array(reading), (steps) => {
        let state = noReading;
        let ms = 0;
        for (const [gap, value] of steps) {
          ms += gap;
          const next = takeReading(state, value, ms, 15_000);
          if (state.believed !== null && Math.abs((next.believed ?? 0) - state.believed) > 10)
            expect(ms - (state.doubt?.sinceMs ?? ms)).toBeGreaterThanOrEqual(15_000);
          state = next;
        }
      }),
    );
  });
});
