import { expect, test } from 'vitest';
import { upstreamHealth } from './upstream-health.ts';

function questions() {
  const waiting: ((healthy: boolean) => void)[] = [];
  return { waiting, ask: () => new Promise<boolean>((resolve) => void waiting.push(resolve)) };
}

test('one question for all who ask at once, and none for 500 ms', async () => {
  let now = 0;
  const { waiting, ask } = questions();
  const health = upstreamHealth(() => now, ask);
  expect(health.last()).toBeNull();
  const answers = Promise.all([health.current(), health.current()]);
  expect(waiting).toHaveLength(1);
  waiting[0]?.(true);
  expect(await answers).toEqual([true, true]);
  now = 499;
  expect(await health.current()).toBe(true);
  expect(waiting).toHaveLength(1);
  now = 500;
  const next = health.current();
  waiting[1]?.(false);
  expect(await next).toBe(false);
  expect(health.last()).toBe(false);
});

test('the answer of an upstream that is no longer ours says nothing of the new one', async () => {
  const { waiting, ask } = questions();
  const health = upstreamHealth(() => 0, ask);
  const old = health.current();
  health.forget();
  const fresh = health.current();
  waiting[1]?.(false);
  expect(await fresh).toBe(false);
  waiting[0]?.(true);
  await old;
  expect(health.last()).toBe(false);
});
