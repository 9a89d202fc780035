import { createHash, randomBytes } from 'node:crypto';
import {
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  property,
  record,
  uint8Array,
  type Arbitrary,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitsOfLink } from '../../../test/doubles/link-sim.ts';
import { randomOf } from '../../../test/doubles/link-month.ts';
import type { Session } from '../ports.ts';
import { unknownFacts } from './beat-body.ts';
import { openChannel } from './channel.ts';
import {
  MAX_DATAGRAM_BYTES,
  MAX_LEAVE_BYTES,
  openDatagram,
  readHeader,
  sealDatagram,
  type Message,
} from './datagram.ts';
import { detect, startDetector } from './detector.ts';
import { beatKeys } from './keys.ts';

const key = randomBytes(32);
const header = { sessionId: 0xfedc_ba98_7654_3210n, seq: 2 ** 48 - 1 };

const yesNo = constantFrom(true, false, null);
const percent = option(integer({ min: 0, max: 100 }));
const facts = record({
  onAC: yesNo,
  lidClosed: yesNo,
  sleepSoon: yesNo,
  draining: yesNo,
  clusterUp: yesNo,
  apiOk: yesNo,
  gatewayOk: yesNo,
  tunnelOk: yesNo,
  batteryPercent: percent,
  thermalLevel: option(integer({ min: 0, max: 4 })),
  memoryFreePercent: percent,
  loopLagMs: option(integer({ min: 0, max: 65_534 })),
});
const seqs = integer({ min: 0, max: 2 ** 48 - 1 });
const messages: Arbitrary<Message> = oneof(
  record({
    type: constantFrom('hb' as const, 'probe' as const, 'probeAck' as const),
    beat: record({
      intervalMs: integer({ min: 0, max: 65_535 }),
      echoSeq: seqs,
      echoAgeMs: integer({ min: 0, max: 65_535 }),
      facts,
    }),
  }),
  record({
    type: constant('bye' as const),
    reason: constantFrom('sleep' as const, 'lowBattery' as const, 'otherNetwork' as const),
    drainDone: boolean(),
    expectReturnSeconds: option(integer({ min: 0, max: 2 ** 31 })),
  }),
  record({
    type: constant('leaveNow' as const),
    id: integer({ min: 0, max: 2 ** 32 - 1 }),
    payload: uint8Array({ maxLength: MAX_LEAVE_BYTES }).map((bytes) => Buffer.from(bytes)),
  }),
  record({ type: constant('ack' as const), ackedSeq: seqs }),
);

describe('datagrams', () => {
  it('say on the other side what was said here, in 80 bytes at most', () => {
    assert(
      property(messages, (message) => {
        const datagram = sealDatagram(message, header, key);
        expect(datagram.length).toBeLessThanOrEqual(MAX_DATAGRAM_BYTES);
        expect(readHeader(datagram)).toEqual(header);
        expect(openDatagram(datagram, key)).toEqual(message);
      }),
    );
  });

  it('keep to 4 kbit/s each way with IP and UDP headers, at four a second', () => {
    const beat = { intervalMs: 250, echoSeq: 1, echoAgeMs: 1, facts: unknownFacts };
    expect((sealDatagram({ type: 'hb', beat }, header, key).length + 28) * 8 * 4).toBeLessThanOrEqual(4000);
  });

  it('link 20: are refused when any bit was changed, the header included', () => {
    const datagram = sealDatagram({ type: 'ack', ackedSeq: 7 }, header, key);
    for (let bit = 0; bit < datagram.length * 8; bit += 1) {
      const changed = Buffer.from(datagram);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openDatagram(changed, key)).toBeNull();
    }
    expect(openDatagram(datagram, randomBytes(32))).toBeNull();
  });

  it('clamp what does not fit, so that unknown stays unknown', () => {
    const wild = {
      type: 'hb',
      beat: {
        intervalMs: 1e9,
        echoSeq: 0,
        echoAgeMs: -5,
        facts: { ...unknownFacts, batteryPercent: 101.7, loopLagMs: 1e9, thermalLevel: NaN },
      },
    } as const;
    const read = openDatagram(sealDatagram(wild, header, key), key);
    expect(read).toMatchObject({
      beat: {
        intervalMs: 65_535,
        echoAgeMs: 0,
        facts: { batteryPercent: null, loopLagMs: 65_534, thermalLevel: null, onAC: null },
      },
    });
  });

  it('never take a sequence number that would repeat or that does not exist', () => {
    for (const seq of [0, -1, 1.5, 2 ** 48])
      expect(() => sealDatagram({ type: 'ack', ackedSeq: 1 }, { sessionId: 1n, seq }, key)).toThrow(
        RangeError,
      );
  });
});

const exported = randomBytes(64);
function sessionOf(incoming: boolean, id = 5n): Session {
  // What the contract's session does, for both ends of one TLS connection.
  return { id, incoming, exportKey: () => exported } as unknown as Session;
}

describe('channels', () => {
  it('have one key for each direction, which differ, and other ones in another session', () => {
    const [dialler, listener] = [beatKeys(exported, 5n, false), beatKeys(exported, 5n, true)];
    expect(dialler.send).toEqual(listener.receive);
    expect(dialler.receive).toEqual(listener.send);
    expect(dialler.send).not.toEqual(dialler.receive);
    expect(beatKeys(exported, 6n, false).send).not.toEqual(dialler.send);
    expect(dialler.send).toHaveLength(32);
  });

  it('link 20: a reflected or replayed heartbeat is refused', () => {
    const [dialler, listener] = [openChannel(sessionOf(false)), openChannel(sessionOf(true))];
    const { datagram } = dialler.seal({ type: 'ack', ackedSeq: 1 }, 0);
    expect(dialler.open(datagram, 0)).toBeNull();
    expect(listener.open(datagram, 0)?.message).toEqual({ type: 'ack', ackedSeq: 1 });
    expect(listener.open(datagram, 0)).toBeNull();
    expect(openChannel(sessionOf(true, 6n)).open(datagram, 0)).toBeNull();
  });

  it('take late datagrams of the last 64 once, older ones never', () => {
    const [dialler, listener] = [openChannel(sessionOf(false)), openChannel(sessionOf(true))];
    const sent = Array.from({ length: 100 }, () => dialler.seal({ type: 'ack', ackedSeq: 1 }, 0).datagram);
    const take = (seq: number) => listener.open(sent[seq - 1] ?? Buffer.alloc(0), 0)?.seq ?? null;
    expect([take(10), take(9), take(9), take(10)]).toEqual([10, 9, null, null]);
    expect([take(100), take(37), take(36), take(37), take(99)]).toEqual([100, 37, null, null, 99]);
  });

  it('count an echo once, and never one of what was not sent', () => {
    const dialler = openChannel(sessionOf(false));
    dialler.seal({ type: 'ack', ackedSeq: 1 }, 42);
    expect(dialler.echoed(2)).toBeNull();
    expect(dialler.echoed(0)).toBeNull();
    expect(dialler.echoed(1)).toEqual({ sentAtMs: 42 });
    expect(dialler.echoed(1)).toBeNull();
  });
});

describe('fuzz', () => {
  it('link 20: 100,000 mutated datagrams change nothing, crash nothing and leave nothing behind', () => {
    const random = randomOf(7);
    const below = (limit: number) => Math.floor(random() * limit);
    const [dialler, listener] = [openChannel(sessionOf(false)), openChannel(sessionOf(true))];
    const real = Array.from({ length: 32 }, (_, index) =>
      dialler.seal(
        index % 2
          ? { type: 'hb', beat: { intervalMs: 250, echoSeq: 0, echoAgeMs: 0, facts: unknownFacts } }
          : { type: 'bye', reason: 'sleep', drainDone: false, expectReturnSeconds: null },
        0,
      ),
    );
    const genuine = new Set(real.map(({ datagram }) => createHash('sha1').update(datagram).digest('hex')));
    let state = startDetector(0, limitsOfLink);
    const before = JSON.stringify([state, listener.newest()]);
    globalThis.gc?.();
    let rssAfterWarmUp = 0;
    for (let round = 0; round < 100_000; round += 1) {
      if (round === 20_000) rssAfterWarmUp = process.memoryUsage().heapUsed;
      const mutated = mutate(real[below(real.length)]?.datagram ?? Buffer.alloc(0), below);
      if (genuine.has(createHash('sha1').update(mutated).digest('hex'))) continue;
      const opened = listener.open(mutated, round);
      if (opened !== null) state = detect(state, { kind: 'bye', atMs: round, reason: 'sleep' }, limitsOfLink);
    }
    globalThis.gc?.();
    expect(JSON.stringify([state, listener.newest()])).toBe(before);
    // Without --expose-gc the heap still holds what was not collected yet; the rig measures RSS of a whole engine.
    if (globalThis.gc) expect(process.memoryUsage().heapUsed - rssAfterWarmUp).toBeLessThan(5 * 1024 ** 2);
    expect(listener.open(real[3]?.datagram ?? Buffer.alloc(0), 0)?.message).toMatchObject({ type: 'hb' });
  }, 30_000);
});

function mutate(datagram: Buffer, below: (limit: number) => number): Buffer {
  const copy = Buffer.from(datagram);
  switch (below(5)) {
    case 0:
      return copy.subarray(0, below(copy.length));
    case 1:
      return Buffer.concat([copy, randomBytes(1 + below(2000))]);
    case 2:
      return randomBytes(below(100));
    case 3:
      copy.writeUIntBE(1 + below(2 ** 31), 10, 6);
      return copy;
    default:
      for (let count = 1 + below(4); count > 0; count -= 1) copy[below(copy.length)] = below(256);
      return copy;
  }
}
