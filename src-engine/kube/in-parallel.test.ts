import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

const always = (): boolean => true;

test('each once, and never more than so many at once', async () => {
  const done: number[] = [];
  let open = 0;
  let most = 0;
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, always, async (item) => {
    most = Math.max(most, (open += 1));
    await Promise.resolve();
    open -= 1;
    done.push(item);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('nothing to do is done at once', async () => {
  await inParallel([], 3, always, () => Promise.reject(new Error('nobody asked')));
});

test('when the time is over what was begun ends, and nothing else is begun', async () => {
  const begun: number[] = [];
  await inParallel(
    [1, 2, 3, 4, 5, 6, 7],
    3,
    () => begun.length < 4,
    async (item) => void begun.push(item),
  );
  expect(begun).toEqual([1, 2, 3, 4]);
});
