import { afterEach, describe, expect, it } from 'vitest';
import { beatListener, sessionEnds, type ToldByBeat } from '../../../test/doubles/beats.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { defaultSettings } from '../../../src-shared/settings.ts';
import { createBeat } from './beat.ts';
import type { Beat } from './beat-ports.ts';
import type { BeatSocketEvents, Endpoint, OpenBeatSocket } from './beat-socket.ts';
import { unknownFacts } from './beat-body.ts';

const ends: [Endpoint, Endpoint] = [
  { address: '192.0.2.1', port: 1 },
  { address: '192.0.2.2', port: 1 },
];

/** A cable: what one socket sends, the other gets 1 ms later, unless it is cut. */
function cable(time: ReturnType<typeof fakeTime>) {
  const sockets = new Map<string, BeatSocketEvents>();
  const cut = new Set<string>();
  const sent: { readonly from: string; readonly datagram: Buffer }[] = [];
  const open: OpenBeatSocket = (own, peer, events) => {
    sockets.set(own.address, events);
    return {
      send(datagram) {
        sent.push({ from: own.address, datagram });
        time.scheduler.after(1, () => {
          if (!cut.has(own.address)) sockets.get(peer.address)?.onDatagram(datagram);
        });
      },
      dropped: () => 0,
      dispose: () => void (sockets.get(own.address) === events && sockets.delete(own.address)),
    };
  };
  return { open, cut, sent, sockets };
}

const beats: Beat[] = [];
afterEach(() => beats.splice(0).forEach((beat) => beat.dispose()));

function pair(options: { battery?: () => boolean } = {}) {
  const time = fakeTime();
  const wire = cable(time);
  const make = () => {
    const { told, events } = beatListener();
    const beat = createBeat({
      clock: time.clock,
      scheduler: time.scheduler,
      facts: () => ({ ...unknownFacts, batteryPercent: 80 }),
      limits: () => defaultSettings.link,
      onBattery: options.battery ?? (() => false),
      events,
      openSocket: wire.open,
      afterPoll: (task) => task(),
    });
    beats.push(beat);
    return { beat, told };
  };
  const [a, b] = [make(), make()];
  const connect = (id: bigint) => {
    const [dialled, incoming] = sessionEnds(id);
    a.beat.setSession(dialled, ends[0], ends[1]);
    b.beat.setSession(incoming, ends[1], ends[0]);
    return { dialled, incoming };
  };
  const phases = ({ told }: { told: ToldByBeat }) => told.phases.map(({ phase }) => phase);
  return { time, wire, a, b, connect, phases };
}

describe('two heartbeats on a cable', () => {
  it('hear each other, and know the round trip and what the other says of itself', async () => {
    const { time, a, b, connect, phases } = pair();
    connect(1n);
    await time.advance(10_000);
    expect([phases(a), phases(b)]).toEqual([['up'], ['up']]);
    expect(a.beat.now()).toMatchObject({ phase: 'up', quality: 'good', gaps: [], pauses: [] });
    expect(a.beat.now().rttMs).toBeGreaterThan(0.9);
    expect(a.beat.now().rttMs).toBeLessThan(3);
    expect(a.beat.now().lastSeqSeen).toBeGreaterThan(35);
    expect(a.told.facts).toEqual([{ ...unknownFacts, batteryPercent: 80 }]);
  });

  it('link 6: cut, both decide within 2.6 s, once; whole again, both return after 3 s', async () => {
    const { time, wire, a, b, connect, phases } = pair();
    connect(1n);
    await time.advance(10_100);
    for (const { address } of ends) wire.cut.add(address);
    await time.advance(2600);
    expect([phases(a), phases(b)]).toEqual([
      ['up', 'suspect', 'down'],
      ['up', 'suspect', 'down'],
    ]);
    const { silenceMs, cause } = a.told.phases.at(-1) ?? {};
    expect({ silenceMs, cause }).toEqual({ silenceMs: 2500, cause: 'silence' });
    expect(a.beat.now().gaps.at(-1)).toMatchObject({ agoMs: 0 });
    await time.advance(10_000);
    wire.cut.clear();
    await time.advance(2900);
    expect(a.beat.now().phase).toBe('down');
    await time.advance(700);
    expect([a.beat.now().phase, b.beat.now().phase]).toEqual(['up', 'up']);
  });

  it('probe each 100 ms while suspect, and only then', async () => {
    const { time, wire, a, connect } = pair();
    connect(1n);
    await time.advance(5000);
    const calm = wire.sent.filter(({ from }) => from === ends[0].address).length;
    expect(calm).toBeGreaterThanOrEqual(19);
    expect(calm).toBeLessThanOrEqual(22);
    wire.cut.add(ends[1].address);
    await time.advance(1300);
    expect(a.beat.now().phase).toBe('suspect');
    const before = wire.sent.filter(({ from }) => from === ends[0].address).length;
    await time.advance(1000);
    const during = wire.sent.filter(({ from }) => from === ends[0].address).length - before;
    // 10 probes, 4 beats, and answers to the other's probes.
    expect(during).toBeGreaterThanOrEqual(14);
  });

  it('on battery beat half as often', async () => {
    const { time, wire, a, connect } = pair({ battery: () => true });
    connect(1n);
    await time.advance(10_000);
    expect(a.beat.now().phase).toBe('up');
    expect(wire.sent.filter(({ from }) => from === ends[0].address).length).toBeLessThanOrEqual(23);
  });

  it('link 16: go on with the keys of the session before for 5 s, then no more', async () => {
    const { time, a, b, connect, phases } = pair();
    connect(1n);
    await time.advance(5000);
    const [dialled] = sessionEnds(2n);
    // Only one side has the new session yet: the other still beats with the old keys.
    a.beat.setSession(dialled, ends[0], ends[1]);
    const heardBefore = a.beat.now().silenceMs;
    await time.advance(1000);
    expect(heardBefore).not.toBeNull();
    expect(a.beat.now().silenceMs).toBeLessThan(300);
    await time.advance(9000);
    expect(a.beat.now().silenceMs).toBeGreaterThan(4000);
    expect(phases(b)).toContain('suspect');
  });

  it('never use a sequence number twice, whoever sets the same session again', async () => {
    const { time, wire, a, connect } = pair();
    const { dialled } = connect(1n);
    await time.advance(2000);
    a.beat.clearSession();
    await time.advance(1000);
    a.beat.setSession(dialled, ends[0], ends[1]);
    a.beat.forget();
    a.beat.setSession(dialled, ends[0], ends[1]);
    await time.advance(2000);
    const heads = wire.sent
      .filter(({ from }) => from === ends[0].address)
      .map(({ datagram }) => datagram.subarray(2, 16).toString('hex'));
    expect(new Set(heads).size).toBe(heads.length);
  });

  it('link 15: a good-bye is left at once and told once; the one who said it is silent until it resumes', async () => {
    const { time, wire, a, b, connect, phases } = pair();
    connect(1n);
    await time.advance(5000);
    const bye = { reason: 'sleep', drainDone: true, expectReturnSeconds: 60 } as const;
    a.beat.bye(bye);
    const spoken = wire.sent.length;
    await time.advance(300);
    expect(phases(b)).toEqual(['up', 'left']);
    expect(b.told.byes).toEqual([bye]);
    b.beat.heardBye(bye);
    expect(b.told.byes).toHaveLength(1);
    await time.advance(20_000);
    expect(wire.sent.slice(spoken).filter(({ from }) => from === ends[0].address)).toEqual([]);
    expect([phases(a), phases(b)]).toEqual([['up'], ['up', 'left']]);
    a.beat.resumed();
    await time.advance(4000);
    expect([a.beat.now().phase, b.beat.now().phase]).toEqual(['up', 'up']);
    expect(b.beat.now().gaps).toEqual([]);
  });

  it('carry LEAVE_NOW until it is acknowledged, and tell it once', async () => {
    const { time, wire, a, b, connect } = pair();
    connect(1n);
    await time.advance(3000);
    wire.cut.add(ends[0].address);
    const leaving = a.beat.leaveNow(Buffer.from('step 1'));
    await time.advance(450);
    expect(b.told.leaves).toEqual([]);
    wire.cut.clear();
    wire.cut.add(ends[1].address);
    await time.advance(250);
    wire.cut.clear();
    await time.advance(250);
    expect(await leaving).toBe(true);
    expect(b.told.leaves.map(String)).toEqual(['step 1']);
    wire.cut.add(ends[0].address);
    const lost = a.beat.leaveNow(Buffer.from('step 2'));
    await time.advance(1100);
    expect(await lost).toBe(false);
  });

  it('forgotten, are silent and never seen', async () => {
    const { time, wire, a, connect } = pair();
    connect(1n);
    await time.advance(3000);
    a.beat.forget();
    const spoken = wire.sent.filter(({ from }) => from === ends[0].address).length;
    await time.advance(3000);
    expect(wire.sent.filter(({ from }) => from === ends[0].address).length).toBe(spoken);
    expect(a.beat.now()).toMatchObject({ phase: 'never', peerFacts: null, lastSeqSeen: null });
  });
});
