import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import type { ResidentTool } from '../../platform/tools.ts';
import { keptChild, restartMs } from './kept-child.ts';

function bench() {
  const time = fakeTime();
  const ends: (() => void)[] = [];
  const start = (): ResidentTool => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    ends.push(end);
    return { pid: 1, ended, stop: end };
  };
  const kept = keptChild(time.scheduler);
  const crash = async (): Promise<void> => {
    ends.at(-1)?.();
    await time.advance(0);
  };
  return { time, start, kept, started: () => ends.length, crash };
}

test('a child that crashes at each start is started ever more seldom: a dozen times in an hour', async () => {
  const { time, start, kept, started, crash } = bench();
  kept.run(start);
  for (let second = 0; second < 3600; second += 1) {
    await crash();
    await time.advance(1000);
  }
  expect(started()).toBeGreaterThan(8);
  expect(started()).toBeLessThan(15);
  expect([0, 1, 99].map(restartMs)).toEqual([10_000, 20_000, 600_000]);
});

test('one that stood for a minute is back after 10 s, however often it ended before', async () => {
  const { time, start, kept, started, crash } = bench();
  kept.run(start);
  for (const waitsMs of [10_000, 20_000, 40_000]) {
    await crash();
    await time.advance(waitsMs);
  }
  const before = started();
  await time.advance(60_000);
  await crash();
  await time.advance(10_000);
  expect(started()).toBe(before + 1);
});

test('who wants it anew a hundred times after a crash starts one', async () => {
  const { time, start, kept, started, crash } = bench();
  kept.run(start);
  await crash();
  for (let times = 0; times < 100; times += 1) {
    kept.run(null);
    kept.run(start);
  }
  expect(started()).toBe(1);
  await time.advance(10_000);
  expect(started()).toBe(2);
});

test('one that is ended on purpose is no crash, and nothing is left over', async () => {
  const { time, start, kept, started } = bench();
  kept.run(start);
  kept.run(null);
  await time.advance(0);
  kept.run(start);
  expect(started()).toBe(2);
  kept.dispose();
  await time.advance(0);
  expect(time.pending()).toBe(0);
});
