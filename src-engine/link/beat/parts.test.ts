import { describe, expect, it } from 'vitest';
import { lossy, offChannel, cleanPath, randomOf } from '../../../test/doubles/link-month.ts';
import type { Path } from '../../../test/doubles/link-sim.ts';
import { isOver } from './farewell.ts';
import { markSlept, pausesAt, withPause } from './own-pauses.ts';
import { duePackets, nextWakeMs } from './pace.ts';
import { noteHeard, qualityOf, type Heard } from './quality.ts';
import { smoothedRtt } from './rtt.ts';
import { gapsAt, gapSeries, noGaps, withGap } from './seen-gaps.ts';

describe('quality', () => {
  const judge = (path: Path, seconds = 60) => {
    const arrivals = Array.from({ length: seconds * 4 }, (_, index) => ({
      seq: index + 1,
      atMs: path(index * 250 + 77, 0),
    }))
      .flatMap(({ seq, atMs }) => (atMs === null ? [] : [{ seq, atMs }]))
      .sort((a, b) => a.atMs - b.atMs);
    const heard: Heard[] = [];
    arrivals.forEach(({ atMs, seq }, index) => {
      const before = arrivals[index - 1];
      noteHeard(heard, { atMs, seq, gapMs: before ? atMs - before.atMs : null });
    });
    return qualityOf(heard, { intervalMs: 250, suspectMs: 1250 });
  };

  it('link 4: is fair when the radio is off channel a quarter of the time', () => {
    for (let seed = 1; seed <= 20; seed += 1)
      expect(judge(offChannel(lossy(randomOf(seed), cleanPath(randomOf(seed + 99)), 0.05)))).toBe('fair');
  });

  it('is good on a clean link, fair at 14 % loss, poor at 40 % or after a silence that was suspect', () => {
    expect(judge(cleanPath(randomOf(1)))).toBe('good');
    expect(judge(lossy(randomOf(1), cleanPath(randomOf(2)), 0.14))).toBe('fair');
    expect(judge(lossy(randomOf(1), cleanPath(randomOf(2)), 0.4))).toBe('poor');
    expect(judge((atMs) => (atMs > 20_000 && atMs < 21_500 ? null : atMs + 2))).toBe('poor');
  });

  it('is unknown before there is enough to tell', () => {
    expect(judge(cleanPath(randomOf(1)), 2)).toBeNull();
  });
});

describe('gaps', () => {
  it('are told as ages when longer than a second, and the one that lasts comes last', () => {
    let history = withGap(noGaps, 10_000, 250);
    history = withGap(history, 13_000, 3000);
    expect(gapsAt(history, 20_000, null)).toEqual([{ agoMs: 7000, lastedMs: 3000 }]);
    expect(gapsAt(history, 20_000, 4000).at(-1)).toEqual({ agoMs: 0, lastedMs: 4000 });
    expect(gapsAt(history, 20_000, 900)).toHaveLength(1);
  });

  it('make a picture of ten minutes in steps of 5 s, with holes where nothing came', () => {
    let history = noGaps;
    for (let atMs = 0; atMs < 700_000; atMs += 250)
      if (atMs < 640_000 || atMs >= 660_000) history = withGap(history, atMs, atMs === 650_250 ? 9 : 250);
    const series = gapSeries(history, 699_900);
    expect(series).toHaveLength(120);
    expect(series[0]).toBe(250);
    expect(series.filter((value) => value === null)).toHaveLength(4);
    expect(history.buckets.length).toBeLessThanOrEqual(121);
  });
});

describe('own pauses', () => {
  it('are told as ages, at most 20, and marked as sleep when the system says so close to their end', () => {
    let pauses = withPause([], { endedAtMs: 1000, lastedMs: 700, slept: false });
    pauses = withPause(pauses, { endedAtMs: 100_000, lastedMs: 60_000, slept: false });
    expect(pausesAt(markSlept(pauses, 101_000), 110_000)).toEqual([
      { agoMs: 109_000, lastedMs: 700, slept: false },
      { agoMs: 10_000, lastedMs: 60_000, slept: true },
    ]);
    expect(markSlept(pauses, 200_000)).toBe(pauses);
    for (let index = 0; index < 50; index += 1)
      pauses = withPause(pauses, { endedAtMs: index, lastedMs: 700, slept: false });
    expect(pauses).toHaveLength(20);
  });
});

describe('farewell', () => {
  it('of a sleep ends when the Mac stayed awake for 15 s after it, or did not sleep within a minute', () => {
    const said = { reason: 'sleep', saidAtMs: 0, wokeAtMs: null } as const;
    expect(isOver(said, 59_000)).toBe(false);
    expect(isOver(said, 60_000)).toBe(true);
    const woke = { ...said, wokeAtMs: 3_600_000 };
    expect(isOver(woke, 3_614_000)).toBe(false);
    expect(isOver(woke, 3_615_000)).toBe(true);
  });

  it('of a person ends only by a session', () => {
    expect(isOver({ reason: 'userStop', saidAtMs: 0, wokeAtMs: 5 }, 1e9)).toBe(false);
  });
});

describe('pace', () => {
  it('wakes up once for what is due together, and does not make up for beats that were missed', () => {
    const due = duePackets({ beatDueMs: 1003, probeDueMs: 0 }, { nowMs: 1000, phase: 'up', intervalMs: 250 });
    expect(due).toEqual({ beat: true, probe: false, pace: { beatDueMs: 1253, probeDueMs: 0 } });
    const late = duePackets(
      { beatDueMs: 1000, probeDueMs: 0 },
      { nowMs: 9000, phase: 'up', intervalMs: 250 },
    );
    expect(late.pace.beatDueMs).toBe(9250);
  });

  it('wakes exactly at the decision, every 250 ms while up and every 100 ms while suspect', () => {
    const pace = { beatDueMs: 5000, probeDueMs: 1040 };
    expect(nextWakeMs(pace, { nowMs: 1000, phase: 'up', deadlineMs: 3000 })).toBe(1250);
    expect(nextWakeMs(pace, { nowMs: 1000, phase: 'up', deadlineMs: 1111 })).toBe(1111);
    expect(nextWakeMs(pace, { nowMs: 1000, phase: 'suspect', deadlineMs: null })).toBe(1040);
    expect(
      nextWakeMs({ ...pace, probeDueMs: 9000 }, { nowMs: 1000, phase: 'suspect', deadlineMs: null }),
    ).toBe(1100);
  });
});

describe('round trip', () => {
  it('leaves out what the other side held it for, and follows slowly', () => {
    const first = smoothedRtt(null, { sentAtMs: 100, heardAtMs: 307, heldMs: 200 });
    expect(first).toBe(7);
    expect(smoothedRtt(first, { sentAtMs: 0, heardAtMs: 15, heldMs: 0 })).toBe(8);
    expect(smoothedRtt(null, { sentAtMs: 100, heardAtMs: 101, heldMs: 5 })).toBe(0);
  });
});
