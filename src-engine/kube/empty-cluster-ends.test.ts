import { expect, test } from 'vitest';
import { bench, pod, refuse } from '../../test/doubles/emptying.ts';

test('the time is over in the middle of a round: who was not asked yet is not asked any more', async () => {
  const { time, says, asked, run } = bench(Array.from({ length: 100 }, (_, at) => pod(`p${at}`)));
  let lateMs = 0;
  says.evict = () => {
    lateMs = 20_000;
    return refuse;
  };
  await run({ clock: { ...time.clock, monotonicMs: () => time.clock.monotonicMs() + lateMs } });
  const evictions = asked.filter((call) => call.startsWith('evict')).length;
  expect(evictions).toBeGreaterThan(0);
  expect(evictions).toBeLessThan(100);
});

test('an end from outside ends it at once, and deletes nothing', async () => {
  const over = new AbortController();
  const { time, says, asked, run } = bench([pod('web')]);
  says.evict = () => {
    if (time.clock.monotonicMs() >= 2000) over.abort();
    return refuse;
  };
  const emptied = await run({ deleteMs: 5000, signal: over.signal });
  expect(emptied.elapsedMs).toBeLessThan(3000);
  expect(asked).not.toContain('delete web');
});

test('an API that hangs half-way: asking and deleting end with their times, not with the last pod', async () => {
  const pods = Array.from({ length: 300 }, (_, at) => pod(`p${at}`));
  const { says, asked, run } = bench(pods);
  // As slow as one request may be, each refused as one that was not answered.
  says.slowMs = 3000;
  says.evict = () => ({ type: 'failed', why: 'no answer' });
  says.remove = () => false;
  const emptied = await run({ deleteMs: 5000 });
  // Ten seconds and five, each with what was under way when it ended.
  expect(emptied.elapsedMs).toBeLessThan(15_000 + 2 * 3000 + 500);
  expect(asked.filter((call) => call.startsWith('delete')).length).toBeLessThan(300);
});

test('deleted is what the API took; the rest is still there', async () => {
  const { says, run } = bench([pod('web'), pod('db')]);
  says.evict = () => refuse;
  says.remove = (name) => name === 'web';
  const emptied = await run({ deleteMs: 5000 });
  expect(emptied.deleted).toEqual([{ name: 'shop/web', budget: 'web' }]);
  expect(emptied.left).toEqual([{ name: 'shop/db', budget: 'web' }]);
});

test('ended from outside in the middle of a hang: nothing more is asked, nothing is deleted', async () => {
  const pods = Array.from({ length: 100 }, (_, at) => pod(`p${at}`));
  const over = new AbortController();
  const { time, says, asked, run } = bench(pods);
  says.slowMs = 3000;
  says.evict = () => ({ type: 'failed', why: 'no answer' });
  time.scheduler.after(1000, () => over.abort());
  await run({ deleteMs: 5000, signal: over.signal });
  expect(asked.filter((call) => call !== 'cordon one')).toHaveLength(32);
});
