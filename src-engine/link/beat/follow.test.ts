import { afterEach, describe, expect, it } from 'vitest';
import { beatListener, sessionEnds } from '../../../test/doubles/beats.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { randomOf } from '../../../test/doubles/link-month.ts';
import { defaultSettings } from '../../../src-shared/settings.ts';
import { unknownFacts } from './beat-body.ts';
import { createBeat } from './beat.ts';
import type { Beat } from './beat-ports.ts';
import type { BeatSocketEvents } from './beat-socket.ts';
import { paceHeard } from './pace.ts';

const ends = [
  { address: '192.0.2.1', port: 1 },
  { address: '192.0.2.2', port: 1 },
] as const;
const DIALLER = 0;
const LISTENER = 1;
type Side = typeof DIALLER | typeof LISTENER;
/** The second byte of a datagram. */
const HEARTBEAT = 1;

const beats: Beat[] = [];
afterEach(() => beats.splice(0).forEach((beat) => beat.dispose()));

/** Two heartbeats on a path: when each spoke and was heard, and how often each woke up. `delayMs` null: lost. */
function onPath(delayMs: (from: Side, atMs: number) => number | null, battery = [false, false]) {
  const time = fakeTime();
  const sockets: (BeatSocketEvents | undefined)[] = [];
  const sides = [DIALLER, LISTENER].map(() => ({
    sent: [] as number[],
    heard: [] as number[],
    wakes: new Set<number>(),
    phases: [] as string[],
  }));
  const make = (side: Side): Beat => {
    const own = sides[side];
    const { events } = beatListener();
    const beat = createBeat({
      clock: time.clock,
      scheduler: {
        ...time.scheduler,
        after: (ms, task) =>
          time.scheduler.after(ms, () => {
            own?.wakes.add(time.clock.monotonicMs());
            task();
          }),
      },
      facts: () => unknownFacts,
      limits: () => defaultSettings.link,
      onBattery: () => battery[side] === true,
      events: { ...events, onPhase: ({ phase }) => void own?.phases.push(phase) },
      openSocket(_own, _peer, socketEvents) {
        sockets[side] = socketEvents;
        const send = (datagram: Buffer): void => {
          const atMs = time.clock.monotonicMs();
          if (datagram[1] === HEARTBEAT) own?.sent.push(atMs);
          const takesMs = delayMs(side, atMs);
          if (takesMs === null) return;
          time.scheduler.after(takesMs, () => {
            sides[1 - side]?.heard.push(time.clock.monotonicMs());
            sides[1 - side]?.wakes.add(time.clock.monotonicMs());
            sockets[1 - side]?.onDatagram(datagram);
          });
        };
        return { send, dropped: () => 0, dispose: () => undefined };
      },
      afterPoll: (task) => task(),
    });
    beats.push(beat);
    return beat;
  };
  const [dialler, listener] = [make(DIALLER), make(LISTENER)];
  const [dialled, incoming] = sessionEnds(1n);
  dialler.setSession(dialled, ends[0], ends[1]);
  listener.setSession(incoming, ends[1], ends[0]);
  const since = (times: Iterable<number>, fromMs: number) => [...times].filter((atMs) => atMs >= fromMs);
  return { time, sides, since };
}

const gapsOf = (times: readonly number[]) => times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));

describe('who was dialled', () => {
  it('beats with what it hears, as often as before, and wakes up half as often', async () => {
    const { time, sides, since } = onPath(() => 3);
    await time.advance(75_000);
    const [dialler, listener] = [sides[DIALLER], sides[LISTENER]];
    const heard = new Set(listener?.heard);
    const sent = since(listener?.sent ?? [], 15_000);
    expect(sent.filter((atMs) => !heard.has(atMs))).toEqual([]);
    expect(sent.length).toBeGreaterThanOrEqual(239);
    expect(sent.length).toBeLessThanOrEqual(241);
    expect(since(listener?.wakes ?? [], 15_000).length).toBeLessThanOrEqual(242);
    // Who dialled keeps its own time.
    expect(new Set(gapsOf(dialler?.sent ?? []).slice(4))).toEqual(new Set([250]));
  });

  it('comes near in steps that nobody notices', async () => {
    const { time, sides } = onPath(() => 3);
    await time.advance(15_000);
    for (const gapMs of gapsOf(sides[LISTENER]?.sent ?? []).slice(4)) {
      expect(gapMs).toBeGreaterThanOrEqual(205);
      expect(gapMs).toBeLessThanOrEqual(275);
    }
  });

  it.each([
    ['30 % are lost', 0.3, 2],
    ['the path shakes by 60 ms', 0, 60],
    ['both', 0.14, 150],
  ])('keeps to 250 ms although %s', async (_what, loss, spreadMs) => {
    const random = randomOf(11);
    const { time, sides, since } = onPath(() => (random() < loss ? null : 1 + random() * spreadMs));
    await time.advance(120_000);
    const sent = since(sides[LISTENER]?.sent ?? [], 5000);
    const gaps = gapsOf(sent);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(275);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(190);
    // 2 % at the most, which limits.md has room for.
    expect(115_000 / sent.length).toBeGreaterThan(243);
    expect(115_000 / sent.length).toBeLessThan(257);
    for (const { phases } of sides) expect(phases).not.toContain('down');
  });

  it('beats by its own clock where it hears nothing', async () => {
    let cut = false;
    const { time, sides, since } = onPath((from) => (cut && from === DIALLER ? null : 3));
    await time.advance(20_000);
    cut = true;
    await time.advance(1200);
    expect(since(sides[LISTENER]?.sent ?? [], 20_000).length).toBeGreaterThanOrEqual(4);
    await time.advance(1400);
    expect(sides.map(({ phases }) => phases)).toEqual([
      ['up', 'suspect', 'down'],
      ['up', 'suspect', 'down'],
    ]);
  });

  it.each([
    ['on battery, where it hears twice as many', [false, true], 500],
    ['on AC, where it hears half as many', [true, false], 250],
  ])('keeps its own interval %s', async (_what, battery, intervalMs) => {
    const { time, sides, since } = onPath(() => 3, battery);
    await time.advance(75_000);
    const count = since(sides[LISTENER]?.sent ?? [], 15_000).length;
    expect(60_000 / count).toBeGreaterThan(intervalMs * 0.97);
    expect(60_000 / count).toBeLessThan(intervalMs * 1.04);
  });

  it('leaves a beat that is late to the turn that judges why', () => {
    const pace = { beatDueMs: 1000, probeDueMs: 0 };
    expect(paceHeard(pace, 1001)).toEqual({ beat: false, pace });
    expect(paceHeard(pace, 1000).beat).toBe(true);
  });
});
