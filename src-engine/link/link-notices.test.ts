import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { createLinkNotices, type TellableBreak } from './link-notices.ts';
import type { LinkHappening } from './link-ports.ts';

function bench() {
  const time = fakeTime();
  const told: string[] = [];
  const notices = createLinkNotices({
    ...time,
    peerName: () => 'Edge',
    waitMs: () => 5000,
    tell: (happening: LinkHappening) =>
      void told.push(
        happening.type === 'peer' ? `${happening.kind} ${happening.params['class'] ?? ''}`.trim() : 'settled',
      ),
  });
  return { time, told, notices };
}
const lost = (change: Partial<TellableBreak> = {}): TellableBreak => ({
  class: 'PEER_UNREACHABLE',
  byeReason: null,
  likely: null,
  startedMs: 0,
  ...change,
});

test('another name while it waits is told in its place, at the time of the first', async () => {
  const { time, told, notices } = bench();
  notices.broke(lost());
  await time.advance(3000);
  notices.broke(lost({ class: 'APP_HUNG' }));
  await time.advance(1900);
  expect(told).toEqual([]);
  await time.advance(200);
  expect(told).toEqual(['peerLost APP_HUNG']);
});

test('a fault of this Mac that turns out to be one of the other waits anew', async () => {
  const { time, told, notices } = bench();
  notices.broke(lost({ class: 'SELF_OFFLINE' }));
  await time.advance(60_000);
  notices.broke(lost());
  await time.advance(4900);
  expect(told).toEqual([]);
  await time.advance(200);
  expect(told).toEqual(['peerLost PEER_UNREACHABLE']);
});

test('one break under one name is told once, however long it lasts', async () => {
  const { time, told, notices } = bench();
  for (let minute = 0; minute < 30; minute += 1) {
    notices.broke(lost());
    await time.advance(60_000);
  }
  expect(told).toEqual(['peerLost PEER_UNREACHABLE']);
});

test('a second break of the class within ten minutes is neither told nor answered', async () => {
  const { time, told, notices } = bench();
  notices.broke(lost());
  await time.advance(6000);
  notices.back(6000);
  notices.broke(lost({ startedMs: 8000 }));
  await time.advance(6000);
  notices.back(6000);
  expect(told.filter((one) => one !== 'settled')).toEqual(['peerLost PEER_UNREACHABLE', 'peerBack']);
});

test('over before it was told: nobody hears of it', async () => {
  const { time, told, notices } = bench();
  notices.broke(lost());
  await time.advance(4000);
  notices.back(4000);
  await time.advance(60_000);
  expect(told).toEqual(['settled']);
  expect(time.pending()).toBe(0);
});

test('low battery is told at once; a stop that a person wanted never', async () => {
  const { time, told, notices } = bench();
  notices.broke(lost({ class: 'LEFT', byeReason: 'userStop' }));
  await time.advance(60_000);
  notices.broke(lost({ class: 'LEFT', byeReason: 'lowBattery', startedMs: 60_000 }));
  await time.advance(0);
  expect(told).toEqual(['peerLeft']);
});
