import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { backOffMs, failuresAfter } from './back-off.ts';
import { Dialler } from './dialler.ts';

test('a delay doubles from 0.25 s to 5 s, and chance takes up to three tenths of it', () => {
  const full = [0, 1, 2, 3, 4, 5, 50].map((failures) => backOffMs(failures, 0));
  expect(full).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  expect(backOffMs(0, 1)).toBe(175);
  expect(backOffMs(9, 0.5)).toBe(4250);
});

test('only a session that stood for five seconds starts the delays anew', () => {
  expect([failuresAfter(4999, 3), failuresAfter(5000, 3)]).toEqual([4, 0]);
});

function rig() {
  const time = fakeTime();
  const dials: number[] = [];
  const state = { wanted: true, made: false, takesMs: 0 };
  const dialler = new Dialler({
    ...time,
    random: () => 0,
    wanted: () => state.wanted,
    attempt: (signal) => {
      dials.push(time.clock.monotonicMs());
      if (state.made) state.wanted = false;
      if (state.takesMs === 0) return Promise.resolve(state.made);
      return new Promise((resolve) => {
        time.scheduler.after(state.takesMs, () => resolve(state.made));
        signal.addEventListener('abort', () => resolve(false));
      });
    },
  });
  return { time, dials, state, dialler };
}

test('it dials at once, then after 0.25, 0.5, 1, 2, 4 and 5 s for ever', async () => {
  const { time, dials, dialler } = rig();
  dialler.dialNow();
  await time.advance(0);
  await time.advance(20_000);
  expect(dials).toEqual([0, 250, 750, 1750, 3750, 7750, 12_750, 17_750]);
});

test('a session ends the dialling, its loss begins it again after 0.25 s', async () => {
  const { time, dials, state, dialler } = rig();
  dialler.dialNow();
  await time.advance(0);
  await time.advance(1000);
  state.wanted = false;
  await time.advance(60_000);
  const dialled = dials.length;
  expect(dials.slice(0, 3)).toEqual([0, 250, 750]);
  await time.advance(60_000);
  expect(dials).toHaveLength(dialled);
  const before = time.clock.monotonicMs();
  state.wanted = true;
  dialler.sessionEnded(60_000);
  await time.advance(300);
  expect(dials.at(-1)).toBe(before + 250);
});

test('sessions that end at once come slower and slower', async () => {
  const { time, dials, state, dialler } = rig();
  state.made = true;
  dialler.dialNow();
  for (let turn = 0; turn < 5; turn += 1) {
    await time.advance(0);
    state.wanted = true;
    dialler.sessionEnded(10);
    // Until it dialled again, whenever that is.
    const before = dials.length;
    while (dials.length === before) await time.advance(250);
  }
  const gaps = dials.slice(1).map((at, index) => at - (dials[index] ?? 0));
  expect(gaps).toEqual([500, 1000, 2000, 4000, 5000]);
});

test('dialNow dials also while a session stands, and cuts the delay', async () => {
  const { time, dials, state, dialler } = rig();
  dialler.dialNow();
  await time.advance(5000);
  const before = dials.length;
  dialler.dialNow();
  await time.advance(0);
  expect(dials.slice(before)).toEqual([5000]);
  state.wanted = false;
  await time.advance(10_000);
  const calm = dials.length;
  dialler.dialNow();
  await time.advance(10_000);
  expect(dials.slice(calm)).toEqual([15_000]);
});

test('dialNow leaves a young round alone and breaks an old one', async () => {
  const { time, dials, state, dialler } = rig();
  state.takesMs = 4000;
  dialler.dialNow();
  await time.advance(500);
  dialler.dialNow();
  await time.advance(1000);
  expect(dials).toEqual([0]);
  dialler.dialNow();
  await time.advance(0);
  expect(dials).toEqual([0, 1500]);
});

test('after stop nothing is dialled', async () => {
  const { time, dials, state, dialler } = rig();
  state.takesMs = 100;
  dialler.dialNow();
  await time.advance(50);
  dialler.stop();
  await time.advance(60_000);
  expect(dials).toEqual([0]);
  // The round's own end remains in this rig's clock.
  expect(time.pending()).toBe(0);
});
