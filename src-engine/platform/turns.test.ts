import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('one after another, each with its own result; a failure hinders none of the next', async () => {
  const turns = createTurns();
  const ran: string[] = [];
  let open: () => void = () => undefined;
  const first = turns.inTurn(async () => {
    await new Promise<void>((resolve) => (open = resolve));
    ran.push('first');
    throw new Error('no');
  });
  const second = turns.inTurn(async () => ran.push('second'));
  await Promise.resolve();
  expect(ran).toEqual([]);
  open();
  await expect(first).rejects.toThrow('no');
  expect(await second).toBe(2);
  await turns.settled();
  expect(ran).toEqual(['first', 'second']);
});
