import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { aSession } from '../../test/doubles/link-parts.ts';
import { unknownVitals } from '../../src-shared/world/vitals.ts';
import type { PeerStatus } from './ports.ts';
import { createStatusTeller } from './status-teller.ts';

function bench() {
  const time = fakeTime();
  const own = {
    name: 'Core',
    role: 'core',
    version: '1',
    vitals: unknownVitals,
    clusters: [],
    api: null,
  } as const;
  const world = { own: own as PeerStatus, takes: true };
  const sent: string[] = [];
  const { session } = aSession({
    send(frame) {
      if (world.takes && frame.type === 'STATUS') sent.push(frame.status.name);
      return world.takes;
    },
  });
  const teller = createStatusTeller({ ...time, own: () => world.own });
  const become = (name: string): void => {
    world.own = { ...own, name };
    teller.changed();
  };
  return { time, world, sent, session, teller, become };
}

test('a session is told at once, then at most once a second, and the last word counts', async () => {
  const { time, sent, session, teller, become } = bench();
  teller.setSession(session);
  for (const name of ['a', 'b', 'c']) become(name);
  expect(sent).toEqual(['Core']);
  await time.advance(1000);
  expect(sent).toEqual(['Core', 'c']);
  expect(time.pending()).toBe(0);
});

test('a new session is told all again, although nothing changed', () => {
  const { sent, session, teller } = bench();
  teller.setSession(session);
  teller.setSession(session);
  expect(sent).toHaveLength(2);
});

test('numbers that move all the time are told each 15 s, not never', async () => {
  const { time, sent, session, teller } = bench();
  teller.setSession(session);
  for (let second = 0; second < 31; second += 1) {
    teller.changed();
    await time.advance(1000);
  }
  expect(sent).toHaveLength(3);
});

test('what a full buffer dropped is told with the next change', () => {
  const { world, sent, session, teller, become } = bench();
  world.takes = false;
  teller.setSession(session);
  world.takes = true;
  become('b');
  expect(sent).toEqual(['b']);
});

test('without a session, or after dispose, nothing is told and nothing waits', async () => {
  const { time, sent, session, teller, become } = bench();
  teller.setSession(session);
  become('b');
  teller.setSession(null);
  expect(time.pending()).toBe(0);
  teller.setSession(session);
  become('c');
  teller.dispose();
  become('d');
  await time.advance(60_000);
  expect(sent).toEqual(['Core', 'b']);
  expect(time.pending()).toBe(0);
});
