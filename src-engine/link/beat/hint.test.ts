import { afterEach, describe, expect, it } from 'vitest';
import { beatListener, sessionEnds } from '../../../test/doubles/beats.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { defaultSettings } from '../../../src-shared/settings.ts';
import { createBeat } from './beat.ts';
import type { Beat } from './beat-ports.ts';
import type { BeatSocketEvents } from './beat-socket.ts';
import { unknownFacts } from './beat-body.ts';
import type { DetectorInput } from './detector.ts';

const { beatMs, beatOnBatteryMs } = defaultSettings.link;
const ends = [
  { address: '192.0.2.1', port: 1 },
  { address: '192.0.2.2', port: 1 },
] as const;

const beats: Beat[] = [];
afterEach(() => beats.splice(0).forEach((beat) => beat.dispose()));

/** Two heartbeats on a cable of 1 ms; whose word is lost, `lost` says. The first Mac is looked at. */
async function standing({ battery = false } = {}) {
  const time = fakeTime();
  const sockets: (BeatSocketEvents | undefined)[] = [];
  const lost = { theirs: (): boolean => false };
  const recorded: DetectorInput[] = [];
  const made = ([0, 1] as const).map((side) => {
    const { told, events } = beatListener();
    const beat = createBeat({
      clock: time.clock,
      scheduler: time.scheduler,
      facts: () => unknownFacts,
      limits: () => defaultSettings.link,
      onBattery: () => battery,
      events,
      record: (input) => void (side === 0 && recorded.push(input)),
      openSocket(_own, _peer, socketEvents) {
        sockets[side] = socketEvents;
        const send = (datagram: Buffer) => {
          if (side === 1 && lost.theirs()) return;
          time.scheduler.after(1, () => sockets[1 - side]?.onDatagram(datagram));
        };
        return { send, dropped: () => 0, dispose: () => undefined };
      },
      afterPoll: (task) => task(),
    });
    beats.push(beat);
    return { beat, told };
  });
  const [a, b] = made as [(typeof made)[0], (typeof made)[0]];
  const [dialled, incoming] = sessionEnds(1n);
  a.beat.setSession(dialled, ...ends);
  b.beat.setSession(incoming, ends[1], ends[0]);
  await time.advance(5000);
  expect(a.beat.now().phase).toBe('up');
  const phases = () => a.told.phases.map(({ phase }) => phase);
  return { time, a, lost, phases, recorded, refuse: () => sockets[0]?.onRefused() };
}

describe('forged refusals', () => {
  it.each([false, true])('a flood never doubts a Mac that is heard (battery: %s)', async (battery) => {
    const { time, phases, refuse, recorded } = await standing({ battery });
    for (let count = 0; count < 1000; count += 1) {
      refuse();
      await time.advance(7);
    }
    expect(phases()).toEqual(['up']);
    // One after each beat at most; the trace is no place to fill.
    expect(recorded.filter(({ kind }) => kind === 'hint').length).toBeLessThan(60);
  });

  it('while beats get lost, a flood doubts at most once a second', async () => {
    const { time, a, lost, phases, refuse } = await standing();
    // Every other stretch of 450 ms of theirs is lost: silent for longer than a hint needs, not for a second.
    lost.theirs = () => Math.floor(time.clock.monotonicMs() / 450) % 2 === 0;
    for (let atMs = 0; atMs < 20_000; atMs += 10) {
      refuse();
      await time.advance(10);
    }
    const doubtedAtMs = a.told.phases.flatMap(({ phase, atMs }) => (phase === 'suspect' ? [atMs] : []));
    expect(doubtedAtMs.length).toBeGreaterThan(5);
    for (const [index, atMs] of doubtedAtMs.slice(1).entries())
      expect(atMs - (doubtedAtMs[index] ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(phases()).not.toContain('down');
  });

  it('an answer in time takes the hint back', async () => {
    const { time, lost, phases, refuse } = await standing();
    refuse();
    await time.advance(300);
    // Another 450 ms of silence, of which nobody says anything.
    lost.theirs = () => true;
    await time.advance(450);
    lost.theirs = () => false;
    await time.advance(300);
    expect(phases()).toEqual(['up']);
  });
});

describe('a program that was killed', () => {
  const offsets = [0, 30, 60, 90, 120, 150, 180, 210, 240];

  it.each(offsets)('link 9: is down within 0.6 s, its hint early (killed at +%i ms)', async (offsetMs) => {
    const { time, a, lost, phases, refuse } = await standing();
    await time.advance(offsetMs);
    const killedAtMs = time.clock.monotonicMs();
    lost.theirs = () => true;
    // One that was under way.
    await time.advance(2);
    refuse();
    for (let atMs = 2; atMs < 600; atMs += 10) {
      await time.advance(10);
      // The room says so from its probes, which run only while suspect.
      if (phases().at(-1) === 'suspect') a.beat.crashed();
    }
    const last = a.told.phases.at(-1);
    expect(last).toMatchObject({ phase: 'down', cause: 'crashed' });
    expect((last?.atMs ?? Infinity) - killedAtMs).toBeLessThanOrEqual(600);
    expect(last?.silenceMs).toBeGreaterThanOrEqual(500);
  });

  it.each([
    [false, beatMs],
    [true, beatOnBatteryMs],
  ])('is suspect a beat and 100 ms after it was last heard (battery: %s)', async (battery, intervalMs) => {
    const { time, a, lost, phases, refuse } = await standing({ battery });
    lost.theirs = () => true;
    await time.advance(5);
    refuse();
    await time.advance(intervalMs + 110);
    expect(phases()).toEqual(['up', 'suspect']);
    expect(a.told.phases.at(-1)?.silenceMs).toBeGreaterThanOrEqual(intervalMs + 100);
    expect(a.told.phases.at(-1)?.silenceMs).toBeLessThanOrEqual(intervalMs + 105);
  });
});
