import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Caller } from '../src-shared/commands/registry.ts';
import { fakeTime } from '../test/doubles/fake-time.ts';
import { temporaryFolder } from '../test/doubles/temporary-folder.ts';
import { openHistory } from './history/history-room.ts';
import { silentLog } from './platform/log.ts';
import type { Platform } from './platform/platform.ts';
import { wireStatus } from './wire-status.ts';
import type { WorldStore } from './world-store.ts';

/** A connection that counts what it was asked and sent. */
function connection() {
  const closing: (() => void)[] = [];
  const sent: string[] = [];
  const caller: Caller = {
    send: (name) => void sent.push(name),
    onClose: (task) => void closing.push(task),
  };
  return { caller, closing, sent, close: () => closing.forEach((task) => task()) };
}

test('history: following twice is following once, and ends with the connection', async () => {
  const file = join(temporaryFolder('follow'), 'history.jsonl');
  const history = openHistory(file, fakeTime().clock, silentLog);
  const { caller, closing, sent, close } = connection();
  for (let time = 0; time < 3; time += 1) await history.handlers['history.follow']({}, caller);
  expect(closing).toHaveLength(1);
  history.add({ kind: 'a.b', what: 'one' });
  close();
  history.add({ kind: 'a.b', what: 'two' });
  await history.settled();
  expect(sent).toEqual(['history.added']);
});

test('status: coming and going on one connection listens for its end once', async () => {
  const { scheduler } = fakeTime();
  const world = { get: () => ({}), subscribe: () => () => undefined } as unknown as WorldStore;
  let live = false;
  const status = wireStatus(
    { scheduler } as Platform,
    world,
    (next) => void (live = next),
    () => undefined,
  );
  const { caller, closing, close } = connection();
  for (let time = 0; time < 3; time += 1) {
    await status['status.subscribe']({ live: true }, caller);
    expect(live).toBe(true);
    await status['status.unsubscribe']({}, caller);
    expect(live).toBe(false);
  }
  expect(closing).toHaveLength(1);
  await status['status.subscribe']({ live: true }, caller);
  close();
  expect(live).toBe(false);
});
