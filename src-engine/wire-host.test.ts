import { expect, test } from 'vitest';
import type { Input } from '../src-shared/commands/registry.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import { wireHost, type HostRooms } from './wire-host.ts';
import type { WorldStore } from './world-store.ts';

const caller = { send: () => undefined, onClose: () => undefined };

/** Rooms that note in which order they hear of an event; the hand-off is done when the test says so. */
function bench() {
  const order: string[] = [];
  let done: () => void = () => undefined;
  const host = wireHost({
    world: { get: () => ({ clusters: [] }), subscribe: () => () => undefined } as unknown as WorldStore,
    settings: { get: () => ({}) } as unknown as SettingsRoom,
    history: {} as HistoryRoom,
  });
  const hears = (who: string) => ({ hostEvent: () => void order.push(who) });
  host.attach({
    vitals: hears('vitals'),
    link: hears('link'),
    clusters: {
      suspend: () => void order.push('clusters closed'),
      observeNow: () => void order.push('clusters'),
    },
    traffic: { setLive: () => undefined },
    wake: { resumed: () => void order.push('wake') },
    handoff: {
      leaves: () => true,
      hostEvent: () => {
        order.push('handoff');
        return new Promise<void>((resolve) => (done = () => (order.push('handed off'), resolve())));
      },
    },
  } as unknown as HostRooms);
  const tell = (event: Input<'host.event'>['event']) =>
    host.handlers['host.event']({ event }, caller).then(() => void order.push('answered'));
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { order, tell, turn, done: () => done() };
}

test('a sleep: the good-bye does not wait for the departure, the answer does', async () => {
  const { order, tell, turn, done } = bench();
  const answered = tell('suspend');
  expect(order).toEqual(['handoff', 'link', 'vitals', 'clusters closed']);
  await turn();
  expect(order).not.toContain('answered');
  done();
  await answered;
  expect(order.slice(4)).toEqual(['handed off', 'answered']);
});

test('a shutdown: the good-bye comes when the departure is over', async () => {
  const { order, tell, turn, done } = bench();
  const answered = tell('shutdown');
  await turn();
  expect(order).toEqual(['vitals', 'handoff']);
  done();
  await answered;
  expect(order.slice(2)).toEqual(['handed off', 'link', 'answered']);
});

test('a wake: the edge stays out before anything else', async () => {
  const { order, tell, done } = bench();
  const answered = tell('resume');
  expect(order[0]).toBe('handoff');
  done();
  await answered;
  expect(order).toEqual(expect.arrayContaining(['clusters', 'wake']));
});

test('heat is no matter of the hand-off', async () => {
  const { order, tell } = bench();
  await tell('thermal');
  expect(order).toEqual(['link', 'vitals', 'answered']);
});
