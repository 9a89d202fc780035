import { describe, expect, test } from 'vitest';
import { unknownVitals } from '../../../src-shared/world/vitals.ts';
import { helloData } from '../../../test/rig/link-security/mac.ts';
import type { Frame, HelloData, PeerStatus } from '../ports.ts';
import { helloSchema, MOST_CLUSTERS, readFrame, trimFrame, trimHello } from './frames.ts';
import { CAP_AFTER_WELCOME_BYTES, CAP_BEFORE_WELCOME_BYTES, encodeFrame } from './framing.ts';

const ID = '7f3d2a10-1111-4222-8333-944455556666';
const cluster = (name: string): PeerStatus['clusters'][number] => ({
  source: 'docker',
  sampledAt: '2026-01-01T00:00:00.000Z',
  name,
  provider: 'kind',
  state: 'running',
  why: null,
  nodes: [],
  operation: null,
  lastFailure: null,
  admission: null,
});
const status = (clusters: number): Frame => ({
  type: 'STATUS',
  status: {
    name: 'M2',
    role: 'edge',
    version: '0.1.0',
    vitals: unknownVitals,
    clusters: Array.from({ length: clusters }, (_, index) => cluster(`c${index}`)),
    api: null,
  },
});

describe('a frame', () => {
  const good: readonly Frame[] = [
    status(2),
    { type: 'EVENT', class: 'ONE_WAY', sinceMs: 1300, evidence: [{ any: 1 }] },
    { type: 'BYE', reason: 'sleep', drainDone: false, expectReturnSeconds: null },
    { type: 'UNPAIR' },
    { type: 'HANDOFF', payload: { opaque: [1] } },
    { type: 'SECRET', name: 'broker', value: 's' },
    { type: 'CMD', id: ID, command: 'cluster.start', name: 'lab' },
    { type: 'CMD_RESULT', id: ID, ok: false, error: { code: 'clusterBusy', params: { name: 'lab' } } },
  ];
  test.each(good)('of type $type passes as it is, without what nobody names', (frame) => {
    expect(readFrame({ ...frame, of_tomorrow: true })).toEqual({ kind: 'frame', frame });
  });

  test.each([
    ['no object', 7],
    ['null', null],
    ['an array', [1]],
    ['no type', {}],
    ['a type that is no text', { type: { toString: 'CMD' } }],
    [
      'a STATUS with junk vitals',
      { ...status(0), status: { ...(status(0) as { status: object }).status, vitals: 1 } },
    ],
    ['a STATUS of 21 clusters', status(MOST_CLUSTERS + 1)],
    [
      'a BYE without a known reason',
      { type: 'BYE', reason: 'boredom', drainDone: true, expectReturnSeconds: null },
    ],
    ['an id that is no uuid', { type: 'CMD', id: '../1', command: 'leave', name: null }],
    [
      'an error of no known code',
      { type: 'CMD_RESULT', id: ID, ok: false, error: { code: 'x', params: {} } },
    ],
  ])('that is %s is malformed', (_what, junk) => {
    expect(readFrame(junk).kind).toBe('malformed');
  });

  test.each(['rm', 'LEAVE', 'cluster.delete', '__proto__', ' leave', 7, null])(
    'link 20: CMD %j is not on the list',
    (command) => {
      expect(readFrame({ type: 'CMD', id: ID, command, name: null })).toEqual({
        kind: 'refusedCommand',
        id: ID,
      });
    },
  );

  test.each([
    ['toString', {}, false],
    ['PREDICTION', { critical: false }, false],
    ['PREDICTION', { critical: true }, true],
  ])(
    'of the unknown type %s with %j is passed over, or asked about when critical',
    (type, more, critical) => {
      expect(readFrame({ type, ...more })).toEqual({ kind: 'unknown', type, critical });
    },
  );

  test('STATUS leaves with 20 clusters at most', () => {
    const sent = trimFrame(status(50));
    expect(readFrame(sent).kind).toBe('frame');
    expect(sent.type === 'STATUS' && sent.status.clusters.map(({ name }) => name)).toHaveLength(20);
  });

  const told = (over: Partial<PeerStatus>): PeerStatus => {
    const sent = trimFrame({ ...(status(0) as Extract<Frame, { type: 'STATUS' }>), status: statusOf(over) });
    // What leaves is what the other side takes.
    expect(encodeFrame(sent, CAP_AFTER_WELCOME_BYTES)).not.toBeNull();
    expect(readFrame(sent)).toEqual({ kind: 'frame', frame: sent });
    return (sent as Extract<Frame, { type: 'STATUS' }>).status;
  };
  const statusOf = (over: Partial<PeerStatus>): PeerStatus => ({
    ...(status(0) as Extract<Frame, { type: 'STATUS' }>).status,
    ...over,
  });

  test('STATUS leaves with a name and a version that the other side takes', () => {
    const long = told({ name: '한'.repeat(65), version: '1'.repeat(65), api: `https://${'x'.repeat(300)}` });
    expect(long).toMatchObject({ name: '한'.repeat(64), version: '1'.repeat(64), api: null });
    const short = statusOf({ name: 'M2', api: 'https://192.0.2.1:6443', clusters: [cluster('lab')] });
    expect(told(short)).toEqual(short);
  });

  test('STATUS leaves without its last clusters when they do not fit 64 KiB', () => {
    const fat = Array.from({ length: 20 }, (_, index) => cluster(`c${index} ${'한'.repeat(2000)}`));
    const kept = told({ clusters: fat }).clusters;
    expect(kept).toEqual(fat.slice(0, kept.length));
    // One more would not fit.
    const more = { type: 'STATUS', status: statusOf({ clusters: fat.slice(0, kept.length + 1) }) };
    expect(encodeFrame(more, CAP_AFTER_WELCOME_BYTES)).toBeNull();
    expect(told({ clusters: [cluster('x'.repeat(70_000)), cluster('lab')] }).clusters).toEqual([]);
  });

  test('STATUS fills 64 KiB to the last byte', () => {
    const sized = (letters: number) => [cluster('a'), cluster('b'), cluster('x'.repeat(letters))];
    const bytesOf = (letters: number) =>
      JSON.stringify({ type: 'STATUS', status: statusOf({ clusters: sized(letters) }) }).length;
    const exact = CAP_AFTER_WELCOME_BYTES - bytesOf(0);
    expect(bytesOf(exact)).toBe(CAP_AFTER_WELCOME_BYTES);
    expect(told({ clusters: sized(exact) }).clusters).toHaveLength(3);
    expect(told({ clusters: sized(exact + 1) }).clusters).toHaveLength(2);
  });
});

describe('HELLO', () => {
  test('fits 4 KiB whatever this Mac went through, and keeps the newest', () => {
    const long = '한'.repeat(200);
    const many = Array.from({ length: 500 }, (_, index) => 900_000_000.5 - index);
    const worst: HelloData = helloData({
      app: long,
      name: long,
      pauses: many.map((agoMs) => ({ agoMs, lastedMs: 123_456.75, slept: false })),
      gaps: many.map((agoMs) => ({ agoMs, lastedMs: 123_456.75 })),
      features: many.map(() => 'f'.repeat(32)),
    });
    const hello = trimHello(worst);
    const frame = { type: 'HELLO', port: 47_321, hello };
    expect(encodeFrame(frame, CAP_BEFORE_WELCOME_BYTES)).not.toBeNull();
    expect(helloSchema.safeParse(frame).success).toBe(true);
    expect(hello.pauses[0]?.agoMs).toBe(900_000_000.5 - 499);
  });
});
