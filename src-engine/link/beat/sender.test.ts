import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beatListener, sessionEnds } from '../../../test/doubles/beats.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { defaultSettings } from '../../../src-shared/settings.ts';
import { createBeat } from './beat.ts';
import type { Beat } from './beat-ports.ts';
import type { BeatSocketEvents } from './beat-socket.ts';
import { unknownFacts } from './beat-body.ts';
import { readHeader } from './datagram.ts';

const [here, there] = [
  { address: '192.0.2.1', port: 1 },
  { address: '192.0.2.2', port: 1 },
];
const DIALLER = 0;
const LISTENER = 1;

let time: ReturnType<typeof fakeTime>;
let sockets: (BeatSocketEvents | undefined)[];
/** Whether what this side says is lost. */
let mute: [boolean, boolean];
let sent: { readonly side: number; readonly id: bigint | undefined; readonly atMs: number }[];
/** What the dialler says, while somebody keeps it. */
let kept: Buffer[] | null = null;
let beats: { beat: Beat; phases: string[] }[];

beforeEach(() => {
  time = fakeTime();
  sockets = [];
  mute = [false, false];
  sent = [];
  beats = [DIALLER, LISTENER].map((side) => make(side));
});
afterEach(() => beats.forEach(({ beat }) => beat.dispose()));

function make(side: number) {
  const { events } = beatListener();
  const phases: string[] = [];
  const beat = createBeat({
    clock: time.clock,
    scheduler: time.scheduler,
    facts: () => unknownFacts,
    limits: () => defaultSettings.link,
    onBattery: () => false,
    events: { ...events, onPhase: ({ phase }) => void phases.push(phase) },
    openSocket(_own, _peer, socketEvents) {
      sockets[side] = socketEvents;
      const send = (datagram: Buffer) => {
        sent.push({ side, id: readHeader(datagram)?.sessionId, atMs: time.clock.monotonicMs() });
        if (side === DIALLER) kept?.push(datagram);
        if (mute[side] === true) return;
        time.scheduler.after(1, () => sockets[1 - side]?.onDatagram(datagram));
      };
      return { send, dropped: () => 0, dispose: () => undefined };
    },
    afterPoll: (task) => task(),
  });
  return { beat, phases };
}

/** The ids by which a side spoke after that moment. */
const spokenBy = (side: number, fromMs: number) => [
  ...new Set(sent.filter((one) => one.side === side && one.atMs > fromMs).map(({ id }) => id)),
];
const dial = (id: bigint) => {
  const [dialled, incoming] = sessionEnds(id);
  return {
    dialler: () => beats[DIALLER]?.beat.setSession(dialled, here, there),
    listener: () => beats[LISTENER]?.beat.setSession(incoming, there, here),
  };
};
const both = (id: bigint) => {
  const { dialler, listener } = dial(id);
  dialler();
  listener();
};
const allPhases = () => beats.map(({ phases }) => phases);

describe('the keys of a new session', () => {
  it('of the first are used at once, by both', () => {
    both(1n);
    return time.advance(1000).then(() => {
      expect([spokenBy(DIALLER, 0), spokenBy(LISTENER, 0)]).toEqual([[1n], [1n]]);
      expect(allPhases()).toEqual([['up'], ['up']]);
    });
  });

  it.each([1500, 4000, 9000])('WELCOME that is %i ms late makes nobody doubt', async (lateMs) => {
    both(1n);
    await time.advance(5000);
    const second = dial(2n);
    second.listener();
    await time.advance(lateMs);
    expect(spokenBy(LISTENER, 5000)).toEqual([1n]);
    second.dialler();
    const hadAtMs = time.clock.monotonicMs();
    await time.advance(5000);
    expect(allPhases()).toEqual([['up'], ['up']]);
    expect(spokenBy(DIALLER, hadAtMs)).toEqual([2n]);
    expect(spokenBy(LISTENER, hadAtMs + 260)).toEqual([2n]);
  });

  it('who dialled speaks by them at once', async () => {
    both(1n);
    await time.advance(5000);
    const second = dial(2n);
    second.listener();
    second.dialler();
    const atMs = time.clock.monotonicMs();
    await time.advance(300);
    expect(spokenBy(DIALLER, atMs)).toEqual([2n]);
  });

  it('WELCOME that is lost: the old ones end after 10 s', async () => {
    both(1n);
    await time.advance(5000);
    dial(2n).listener();
    await time.advance(9900);
    expect(allPhases()).toEqual([['up'], ['up']]);
    await time.advance(1500);
    expect(spokenBy(LISTENER, 15_100)).toEqual([2n]);
    expect(beats[LISTENER]?.beat.now().silenceMs).toBeGreaterThan(1000);
  });

  it('a second WELCOME that is lost: spoken to by the newest that was heard', async () => {
    both(1n);
    await time.advance(5000);
    both(2n);
    await time.advance(1000);
    dial(3n).listener();
    const atMs = time.clock.monotonicMs();
    await time.advance(1000);
    expect(spokenBy(LISTENER, atMs)).toEqual([2n]);
  });

  it('once they were heard, the old ones end after 5 s', async () => {
    both(1n);
    await time.advance(5000);
    const second = dial(2n);
    second.listener();
    const old: Buffer[] = [];
    await time.advance(1000);
    // Words by the old keys that are under way for long.
    for (let one = 0; one < 2; one += 1) {
      mute[DIALLER] = true;
      kept = old;
      await time.advance(250);
    }
    mute[DIALLER] = false;
    kept = null;
    second.dialler();
    await time.advance(20);
    const silence = () => beats[LISTENER]?.beat.now().silenceMs ?? 0;
    mute[DIALLER] = true;
    await time.advance(4800);
    expect(silence()).toBeGreaterThan(4000);
    sockets[LISTENER]?.onDatagram(old[0] ?? Buffer.alloc(0));
    expect(silence()).toBe(0);
    await time.advance(300);
    sockets[LISTENER]?.onDatagram(old[1] ?? Buffer.alloc(0));
    expect(silence()).toBe(300);
  });

  it('LEAVE_NOW between the two is understood and acknowledged', async () => {
    both(1n);
    await time.advance(5000);
    dial(2n).listener();
    const leaving = beats[LISTENER]?.beat.leaveNow(Buffer.from('go'));
    await time.advance(1100);
    expect(await leaving).toBe(true);
  });
});
