import { GIB } from '../../src-shared/units.ts';
import {
  noLink,
  type Evidence,
  type LinkBreak,
  type OwnLink,
  type Pairing,
  type Peer,
} from '../../src-shared/world/peer.ts';
import type { World } from '../../src-shared/world/world.ts';
import { battery, cluster, memory, notice, stopped, vitals, world, WORLD_AT } from './worlds.ts';

/** Worlds of two Macs: this one is the edge, the Mac mini its core, unless told otherwise. */
const before = (seconds: number): string => new Date(Date.parse(WORLD_AT) - seconds * 1000).toISOString();
const PIN = '9f2c7a41d0b35e8866a1c4f7e25d90b3187ac6e4f05b92d7314c8ea6b7d1f203';

export const peer = (change: Partial<Peer> = {}): Peer => ({
  name: 'Mac mini',
  role: 'core',
  pin: PIN,
  link: 'up',
  since: before(7200),
  class: null,
  likely: null,
  byeReason: null,
  isolated: false,
  evidence: [],
  rttMs: 3,
  quality: 'good',
  lastSeenMs: 120,
  address: '192.0.2.20',
  version: '0.1.0',
  toldAt: before(1),
  vitals: vitals({
    memory: memory({ usedBytes: 11.2 * GIB, availableBytes: 4.8 * GIB, totalBytes: 16 * GIB }),
    battery: null,
    lid: null,
  }),
  clusters: [cluster()],
  ...change,
});

/** The other Mac as an edge, with a battery. */
export const edgePeer = (change: Partial<Peer> = {}): Peer =>
  peer({
    name: 'MacBook',
    role: 'edge',
    vitals: vitals({ battery: battery({ percent: 58 }) }),
    clusters: [cluster({ nodes: cluster().nodes.slice(0, 1) })],
    ...change,
  });

export const link = (change: Partial<OwnLink> = {}): OwnLink => ({
  ...noLink,
  pin: '11'.repeat(32),
  listening: '192.0.2.7:47321',
  network: 'home',
  router: 'aa:bb:cc:00:11:22',
  ...change,
});

export const evidence = (change: Partial<Evidence> & Pick<Evidence, 'probe' | 'outcome'>): Evidence => ({
  about: 'peer',
  by: 'self',
  ms: null,
  detail: null,
  ...change,
});

export const silentEvidence: readonly Evidence[] = [
  evidence({ about: 'self', probe: 'gateway', outcome: 'ok', ms: 2, detail: '192.0.2.1' }),
  evidence({ probe: 'heartbeat', outcome: 'silent', ms: 2500 }),
  evidence({ probe: 'appPort', outcome: 'timeout', ms: 1000 }),
  evidence({ probe: 'secondPort', outcome: 'timeout', ms: 1000, detail: '22' }),
  evidence({ probe: 'arp', outcome: 'missing' }),
  evidence({ by: 'peer', probe: 'sleep', outcome: 'said', detail: 'lidClosed' }),
];

export const pairing = (change: Partial<Pairing> = {}): Pairing => ({
  side: 'listener',
  stage: 'listening',
  listening: '192.0.2.7:47321',
  digits: null,
  peerName: null,
  peerPin: null,
  role: null,
  expiresAt: new Date(Date.parse(WORLD_AT) + 96_000).toISOString(),
  error: null,
  ...change,
});

const compared = {
  digits: '048213',
  peerName: 'Mac mini',
  peerPin: PIN,
  role: 'edge',
} as const;

/** The same seen from the Mac mini: the core, without a battery and a lid. */
function core(change: Partial<World>): World {
  const own = world({
    role: 'core',
    link: link(),
    vitals: vitals({ battery: null, lid: null }),
    ...change,
  });
  return { ...own, host: { ...own.host, name: 'Mac mini' } };
}

const unreachable = { link: 'down', class: 'PEER_UNREACHABLE', rttMs: null, quality: null } as const;

/** The last breaks, newest first: one that turned out otherwise, one that was short, one said good-bye. */
export function breaks(nowMs = Date.now()): LinkBreak[] {
  const at = (minutes: number): string => new Date(nowMs - minutes * 60_000).toISOString();
  const one = (id: string, change: Partial<LinkBreak>): LinkBreak => ({
    id,
    class: 'PEER_UNREACHABLE',
    finalClass: null,
    likely: null,
    byeReason: null,
    startedAt: at(3),
    decidedAfterMs: 2510,
    endedAt: at(2),
    evidence: [],
    ...change,
  });
  const afterwards: Evidence[] = [
    evidence({ by: 'peer', probe: 'sleep', outcome: 'ok', ms: 41_000 }),
    evidence({ by: 'peer', probe: 'boot', outcome: 'ok' }),
    evidence({ about: 'self', by: 'peer', probe: 'heartbeat', outcome: 'silent', ms: 41_000 }),
  ];
  return [
    one('b3', {
      class: 'APP_HUNG',
      finalClass: 'PEER_UNREACHABLE',
      likely: 'asleep',
      evidence: [...afterwards, ...silentEvidence],
    }),
    one('b2', {
      class: 'APP_CRASHED',
      startedAt: at(58),
      endedAt: at(57.8),
      decidedAfterMs: 430,
      evidence: [
        evidence({ about: 'self', probe: 'gateway', outcome: 'ok', ms: 2 }),
        evidence({ probe: 'session', outcome: 'closed' }),
        evidence({ probe: 'appPort', outcome: 'refused' }),
        evidence({ probe: 'secondPort', outcome: 'ok', detail: '22' }),
      ],
    }),
    one('b1', {
      class: 'LEFT',
      byeReason: 'lowBattery',
      startedAt: at(1500),
      endedAt: at(1400),
      decidedAfterMs: 0,
      evidence: [evidence({ by: 'peer', probe: 'bye', outcome: 'said', detail: 'lowBattery' })],
    }),
  ];
}

const pair = (change: Partial<World> = {}): World =>
  world({ role: 'edge', link: link(), peer: peer(), ...change });

/** The states of a pair that screens are drawn and tested in. */
export const pairWorlds = {
  unpaired: world({ link: link({ network: 'unpaired' }) }),
  up: pair(),
  weakLink: pair({ peer: peer({ rttMs: 46, quality: 'poor' }) }),
  suspect: pair({ peer: peer({ link: 'suspect', rttMs: null, quality: 'fair', lastSeenMs: 1420 }) }),
  partition: core({
    peer: edgePeer({
      ...unreachable,
      since: before(42),
      likely: 'asleep',
      lastSeenMs: 42_000,
      toldAt: before(44),
      evidence: [...silentEvidence],
    }),
    notices: [
      notice({
        id: 'link-1',
        category: 'link',
        kind: 'peerLost',
        params: { name: 'MacBook', class: 'PEER_UNREACHABLE', likely: 'asleep', silenceMs: 2510 },
      }),
    ],
  }),
  leftAsleep: core({
    peer: edgePeer({
      link: 'left',
      class: 'LEFT',
      byeReason: 'sleep',
      since: before(1260),
      rttMs: null,
      quality: null,
      lastSeenMs: 1_260_000,
      toldAt: before(1261),
      clusters: [stopped({ nodes: cluster().nodes.slice(0, 1) })],
      evidence: [evidence({ by: 'peer', probe: 'bye', outcome: 'said', detail: 'sleep' })],
    }),
  }),
  isolated: pair({
    peer: peer({
      ...unreachable,
      isolated: true,
      since: before(65),
      lastSeenMs: 65_000,
      toldAt: before(66),
      evidence: silentEvidence.filter(({ probe }) => probe !== 'sleep'),
    }),
  }),
  offline: pair({
    link: link({ listening: null, network: 'none', router: null }),
    peer: peer({
      ...unreachable,
      class: 'SELF_OFFLINE',
      isolated: true,
      since: before(12),
      lastSeenMs: 12_000,
      toldAt: before(13),
      evidence: [evidence({ about: 'self', probe: 'interface', outcome: 'missing' })],
    }),
  }),
  apiDown: pair({
    peer: peer({
      class: 'API_SERVER_DOWN',
      since: before(30),
      evidence: [evidence({ probe: 'api', outcome: 'timeout' })],
    }),
  }),
  neverSeen: pair({
    peer: peer({
      link: 'never',
      class: 'NEVER_SEEN',
      rttMs: null,
      quality: null,
      lastSeenMs: null,
      toldAt: null,
      vitals: null,
      clusters: null,
      version: null,
    }),
  }),
  otherNetwork: pair({
    link: link({ listening: null, network: 'other', router: '3c:22:fb:10:20:30' }),
    peer: peer({
      link: 'left',
      class: 'LEFT',
      byeReason: 'otherNetwork',
      since: before(300),
      rttMs: null,
      quality: null,
      lastSeenMs: 300_000,
      toldAt: before(301),
    }),
    notices: [
      notice({
        id: 'link-2',
        category: 'link',
        kind: 'networkAsked',
        severity: 'info',
        params: { router: '3c:22:fb:10:20:30' },
      }),
    ],
  }),
} as const satisfies Record<string, World>;

const pairingWorld = (change: Partial<Pairing>): World =>
  world({ link: link({ network: 'unpaired', pairing: pairing(change) }) });

/** Each stage of a pairing, for the page of pairing. */
export const pairingWorlds = {
  listening: pairingWorld({}),
  dialling: pairingWorld({ side: 'dialler', stage: 'dialling', listening: null }),
  compare: pairingWorld({ ...compared, stage: 'compare' }),
  waiting: pairingWorld({ ...compared, stage: 'waiting' }),
  done: pair({ link: link({ pairing: pairing({ ...compared, stage: 'done' }) }) }),
  expired: pairingWorld({ stage: 'failed', error: { code: 'pairingExpired', params: {} } }),
  keyChanged: pair({
    link: link({
      pairing: pairing({
        stage: 'failed',
        peerName: 'Mac mini',
        error: { code: 'peerKeyChanged', params: { name: 'Mac mini' } },
      }),
    }),
  }),
} as const satisfies Record<string, World>;
