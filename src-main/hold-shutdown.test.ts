import { expect, test } from 'vitest';
import { fakeTime } from '../test/doubles/fake-time.ts';
import { holdShutdown } from './hold-shutdown.ts';

function setUp(serves: boolean) {
  const { scheduler, advance } = fakeTime();
  const seen: string[] = [];
  let left: () => void = () => undefined;
  const shutdown = holdShutdown({
    scheduler,
    serves: () => serves,
    tell: () => {
      seen.push('tell');
      return new Promise<void>((resolve) => (left = resolve));
    },
    quit: () => seen.push('quit'),
  });
  return { seen, advance, leave: () => left(), shutdown: () => shutdown(() => seen.push('prevent')) };
}

test('a serving edge leaves first, and goes as soon as it has left', async () => {
  const { seen, advance, leave, shutdown } = setUp(true);
  shutdown();
  await advance(8000);
  expect(seen).toEqual(['tell', 'prevent']);
  leave();
  await advance(0);
  expect(seen).toEqual(['tell', 'prevent', 'quit']);
});

test('the system is held for 20 s at most', async () => {
  const { seen, advance, shutdown } = setUp(true);
  shutdown();
  await advance(19_900);
  expect(seen).not.toContain('quit');
  await advance(200);
  expect(seen).toContain('quit');
});

test('it is prevented once: the second time the app goes', async () => {
  const { seen, advance, shutdown } = setUp(true);
  shutdown();
  await advance(1000);
  shutdown();
  expect(seen).toEqual(['tell', 'prevent', 'tell', 'quit']);
});

test('who serves nothing is not in the way', () => {
  const { seen, shutdown } = setUp(false);
  shutdown();
  expect(seen).toEqual(['tell', 'quit']);
});
