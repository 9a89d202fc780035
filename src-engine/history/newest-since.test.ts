import { expect, test } from 'vitest';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { newestSince } from './newest-since.ts';

/** Records at these milliseconds, newest first as a file gives them. */
async function* at(times: readonly number[]): AsyncGenerator<HistoryRecord> {
  for (const ms of times)
    yield { id: String(ms), at: new Date(ms).toISOString(), kind: 'k', what: 'w', why: null, evidence: {} };
}
const idsOf = async (times: readonly number[], oldestMs: number, limit = 100) =>
  (await newestSince(at(times), oldestMs, limit)).map(({ id }) => Number(id));

test('a clock that jumped does not hide what is new enough behind it', async () => {
  expect(await idsOf([900, 100, 110, 800, 700], 500)).toEqual([900, 800, 700]);
});

test('the way on is bounded', async () => {
  const many = Array.from({ length: 200 }, () => 1);
  expect(await idsOf([900, ...many.slice(1), 800], 500)).toEqual([900, 800]);
  expect(await idsOf([900, ...many, 800], 500)).toEqual([900]);
});

test('no more than the limit; without a bound everything', async () => {
  expect(await idsOf([3, 2, 1], -Infinity, 2)).toEqual([3, 2]);
});
