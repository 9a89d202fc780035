import { expect, test } from 'vitest';
import { gapView } from './gap-view.ts';

const limits = { suspectMs: 1250, decideMs: 2500 };

test('a bar for each slot that expected heartbeats; its tone follows the two lines', () => {
  const view = gapView([null, 260, 1250, 2500], limits);
  expect(view?.bars.map(({ left, tone }) => [left, tone])).toEqual([
    [0.25, 'ok'],
    [0.5, 'warn'],
    [0.75, 'bad'],
  ]);
  expect(view?.mostMs).toBe(2500);
  expect(view?.overSuspect).toBe(2);
});

test('a gap of minutes does not flatten the others: it is cut off at the top', () => {
  const view = gapView([300, 90_000], limits);
  expect(view?.bars.map(({ height }) => height)).toEqual([0.1, 1]);
  expect(view?.decideAt).toBeLessThan(1);
});

test('nothing recorded is no picture, never a row of zeros', () => {
  expect(gapView([null, null], limits)).toBeNull();
  expect(gapView([], limits)).toBeNull();
});
