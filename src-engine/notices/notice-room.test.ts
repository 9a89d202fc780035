import { expect, test } from 'vitest';
import type { Notice } from '../../src-shared/world/notices.ts';
import type { Stage } from '../../src-shared/world/vitals.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import type { Happening } from './notice-policy.ts';
import { openNotices } from './notice-room.ts';

const MINUTE_MS = 60_000;

function open() {
  const time = fakeTime();
  let stage: Stage = 'ok';
  let percent = 20;
  let notices: readonly Notice[] = [];
  const stageNow = (): Happening => ({
    type: 'stage',
    stage,
    metric: 'battery.percent',
    value: percent,
    limit: 25,
  });
  const room = openNotices({
    clock: time.clock,
    scheduler: time.scheduler,
    stageNow,
    publish: (next) => void (notices = next),
  });
  return {
    time,
    room,
    notices: () => notices,
    enter: (next: Stage) => {
      stage = next;
      room.tell(stageNow());
    },
    read: (next: number) => void (percent = next),
  };
}

test('a stage that holds is told again each half hour, with the reading of that time, until it is over', async () => {
  const { time, notices, enter, read } = open();
  enter('drain');
  read(12);
  await time.advance(29 * MINUTE_MS);
  expect(notices()).toHaveLength(1);
  await time.advance(2 * MINUTE_MS);
  expect(notices()).toHaveLength(2);
  expect(notices()[1]).toMatchObject({ open: true, params: { value: 12 } });
  enter('ok');
  expect(time.pending()).toBe(0);
  await time.advance(120 * MINUTE_MS);
  expect(notices().map(({ kind }) => kind)).toEqual(['stageEntered', 'stageEntered', 'stageCleared']);
});

test('dismissing does not stop the repeat, disposing does', async () => {
  const { time, room, notices, enter } = open();
  enter('stop');
  await room.handlers['notices.dismiss'](
    { id: notices()[0]?.id ?? '' },
    { send: () => undefined, onClose: () => undefined },
  );
  expect(notices()[0]?.open).toBe(false);
  await time.advance(30 * MINUTE_MS);
  expect(notices()).toHaveLength(2);
  room.dispose();
  expect(time.pending()).toBe(0);
});
