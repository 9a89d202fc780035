import { expect, test } from 'vitest';
import type { ProbeAnswer } from './probe-client.ts';
import { interleaved, isGivenUp, outcomeOf, percentile } from './probe-stats.ts';

const answer = (
  elapsedMs: number,
  status: number | null = 200,
  backend: string | null = null,
): ProbeAnswer => ({
  status,
  backend,
  text: '',
  elapsedMs,
});

test('the good ones are timed, the others counted', () => {
  const answers = [answer(1), answer(2), answer(3), answer(900, 503), answer(300, null), answer(4, 302)];
  expect(outcomeOf('core', answers)).toEqual({ sent: 6, ok: 4, wrong: 0, p50Ms: 2, p95Ms: 4 });
});

test('an answer that names another side is wrong, not good; a workload names none', () => {
  const answers = [answer(1, 200, 'core'), answer(2, 200, 'edge'), answer(3)];
  expect(outcomeOf('edge', answers)).toEqual({ sent: 3, ok: 2, wrong: 1, p50Ms: 2, p95Ms: 3 });
  // An error is an error, whoever gives it.
  expect(outcomeOf('edge', [answer(1, 502, 'core')])).toMatchObject({ ok: 0, wrong: 0 });
});

test('of none good there is no time', () => {
  expect(outcomeOf('core', [answer(1, 500)])).toMatchObject({ p50Ms: null, p95Ms: null });
  expect(outcomeOf('core', [])).toEqual({ sent: 0, ok: 0, wrong: 0, p50Ms: null, p95Ms: null });
});

test('of twenty the p95 leaves out one', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => index + 1);
  expect(percentile(twenty, 95)).toBe(19);
  expect(percentile(twenty, 50)).toBe(10);
  expect(percentile([7], 95)).toBe(7);
});

test('both sides take turns, and in beginning too; one alone is asked alone', () => {
  expect(interleaved({ core: 3, edge: 3 })).toEqual(['core', 'edge', 'edge', 'core', 'core', 'edge']);
  expect(interleaved({ core: 1, edge: 3 })).toEqual(['core', 'edge', 'edge', 'edge']);
  expect(interleaved({ core: 2, edge: 0 })).toEqual(['core', 'core']);
});

test('three failures in a row are the end of it, three in all are not', () => {
  const bad = answer(300, null);
  expect(isGivenUp([answer(1), bad, bad, bad])).toBe(true);
  expect(isGivenUp([bad, bad, answer(1), bad])).toBe(false);
  expect(isGivenUp([bad, bad])).toBe(false);
});
