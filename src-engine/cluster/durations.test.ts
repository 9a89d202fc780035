import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { openDurations } from './durations.ts';

test('the usual time is the middle one of the last ten, and how many they are is known', async () => {
  const durations = await openDurations(temporaryFolder('durations'));
  expect([durations.usual('start'), durations.runs('start')]).toEqual([null, 0]);
  for (const seconds of [900, 900, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) durations.add('start', seconds * 1000);
  expect([durations.usual('start'), durations.runs('start')]).toEqual([5500, 10]);
  expect(durations.runs('stop')).toBe(0);
});

test('the next engine knows them, all that were added at once among them', async () => {
  const folder = temporaryFolder('durations');
  const first = await openDurations(folder);
  first.add('a', 1000);
  first.add('a', 3000);
  first.add('b', 5000);
  await first.settled();
  first.add('b', 7000);
  await first.settled();
  const next = await openDurations(folder);
  expect([next.usual('a'), next.runs('a'), next.usual('b')]).toEqual([2000, 2, 6000]);
});
