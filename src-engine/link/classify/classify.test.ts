import { describe, expect, it } from 'vitest';
import { evidenceSchema, type BreakClass, type Likely } from '../../../src-shared/world/peer.ts';
import { classify } from './classify.ts';
import { evidenceKinds } from './evidence-kinds.ts';
import { noLooks, type Looks } from './looks.ts';
import { black, look, routerless, routerSilent, told, well } from './test-looks.ts';

const table: readonly [string, Looks, BreakClass | null, Likely | null][] = [
  ['nothing wrong', well, null, null],
  ['nothing known', { ...well, ...noLooks, freshBeats: null, silentMs: null, sessionUp: null }, null, null],
  ['1: interface down', { ...black, ownInterface: look('down') }, 'SELF_OFFLINE', null],
  ['1: own sends find no network', { ...black, ownSendError: 'ENETUNREACH' }, 'SELF_OFFLINE', null],
  [
    '1: own dial finds no network',
    { ...black, appPort: look('unreachable', 'ENETUNREACH') },
    'SELF_OFFLINE',
    null,
  ],
  ['not 1: one host is unreachable', { ...black, ownSendError: 'EHOSTUNREACH' }, 'PEER_UNREACHABLE', null],
  ['2: router silent too', routerSilent, 'SELF_OR_ROUTER_DOWN', null],
  ['2 needs a router', routerless, 'PEER_UNREACHABLE', null],
  [
    '2 needs a router that was asked',
    { ...black, gatewayPing: null, gatewaySocket: null },
    'PEER_UNREACHABLE',
    null,
  ],
  [
    'not 2: a neighbour answers',
    { ...routerSilent, neighbours: { asked: 2, answered: 1 } },
    'PEER_UNREACHABLE',
    null,
  ],
  [
    'not 2: this router never answers',
    { ...routerSilent, gatewayUsuallyAnswers: false },
    'PEER_UNREACHABLE',
    null,
  ],
  [
    'not 2: the peer answers',
    { ...routerSilent, appPort: look('refused'), sessionUp: false },
    'APP_CRASHED',
    null,
  ],
  [
    '3: ping child reaches router and peer, own sockets do not',
    {
      ...black,
      platform: 'darwin',
      appPort: look('unreachable', 'EHOSTUNREACH'),
      gatewaySocket: look('unreachable', 'EHOSTUNREACH'),
    },
    'LOCAL_NETWORK_DENIED',
    null,
  ],
  [
    'not 3: the own socket reaches the router',
    { ...black, platform: 'darwin', appPort: look('unreachable', 'EHOSTUNREACH') },
    'PEER_UNREACHABLE',
    null,
  ],
  [
    'not 3: one time-out',
    { ...black, platform: 'darwin', gatewaySocket: look('timeout'), peerPing: look('ok') },
    'PORT_BLOCKED',
    null,
  ],
  [
    'not 3 on Linux',
    {
      ...black,
      appPort: look('denied', 'EPERM'),
      gatewaySocket: look('denied', 'EPERM'),
      peerPing: look('ok'),
    },
    'PORT_BLOCKED',
    null,
  ],
  ['4: good-bye', { ...black, bye: 'sleep' }, 'LEFT', null],
  ['4 before 5', { ...black, bye: 'quit', appPort: look('refused'), sessionUp: false }, 'LEFT', null],
  ['1 before 4', { ...black, bye: 'sleep', ownInterface: look('down') }, 'SELF_OFFLINE', null],
  [
    'link 9: refused, second port answers',
    { ...black, appPort: look('refused'), secondPort: look('ok', '22'), sessionUp: false },
    'APP_CRASHED',
    null,
  ],
  [
    'link 9: half a second after the kill is enough',
    { ...well, silentMs: 520, sessionUp: false, appPort: look('refused'), secondPort: look('refused', '7') },
    'APP_CRASHED',
    null,
  ],
  [
    'not 5: beats go on after a reset of TLS alone',
    { ...well, sessionUp: false, appPort: look('refused') },
    null,
    null,
  ],
  [
    'link 11: refused while the session stands is a firewall',
    { ...black, appPort: look('refused'), secondPort: look('ok', '22'), peerPing: look('ok') },
    'PORT_BLOCKED',
    null,
  ],
  ['link 10: connects, says nothing', { ...black, appPort: look('hung') }, 'APP_HUNG', null],
  ['6: connects, breaks off', { ...black, appPort: look('error') }, 'APP_HUNG', null],
  ['link 11: dropped, ping answers', { ...black, peerPing: look('ok') }, 'PORT_BLOCKED', null],
  ['7: dropped, hardware address is fresh', { ...black, arp: 'fresh' }, 'PORT_BLOCKED', null],
  ['7: dropped, second port resets', { ...black, secondPort: look('refused', '7') }, 'PORT_BLOCKED', null],
  ['7: UDP is silent, the handshake completes', { ...black, appPort: look('ok') }, 'PORT_BLOCKED', null],
  ['link 6: black hole', black, 'PEER_UNREACHABLE', null],
  ['8a: sleep proxy', { ...black, arp: 'otherMac' }, 'PEER_UNREACHABLE', 'asleep'],
  ['8a: lid', { ...black, peerFacts: told({ lidClosed: true }) }, 'PEER_UNREACHABLE', 'asleep'],
  ['8a: sleep timer', { ...black, peerFacts: told({ sleepSoon: true }) }, 'PEER_UNREACHABLE', 'asleep'],
  [
    '8a: battery',
    { ...black, peerFacts: told({ batteryPercent: 5, onAC: false, lidClosed: true }) },
    'PEER_UNREACHABLE',
    'batteryEmpty',
  ],
  [
    '8a: 5 % on AC',
    { ...black, peerFacts: told({ batteryPercent: 5, onAC: true }) },
    'PEER_UNREACHABLE',
    null,
  ],
  ['8b', { ...black, neighbours: { asked: 3, answered: 0 } }, 'PEER_UNREACHABLE', 'clientIsolation'],
  [
    '8b: one silent neighbour says nothing',
    { ...black, neighbours: { asked: 1, answered: 0 } },
    'PEER_UNREACHABLE',
    null,
  ],
  [
    '8b: nothing outside answers',
    { ...routerless, neighbours: { asked: 3, answered: 0 }, internet: false },
    'PEER_UNREACHABLE',
    null,
  ],
  ['link 8: echo stalls', { ...well, echoStalledMs: 1300 }, 'ONE_WAY', null],
  ['9: not at the limit', { ...well, echoStalledMs: 1250 }, null, null],
  ['9 needs beats', { ...black, echoStalledMs: 2500 }, 'PEER_UNREACHABLE', null],
  ['link 17: flag says API down', { ...well, peerFacts: told({ apiOk: false }) }, 'API_SERVER_DOWN', null],
  ['10: own probe refused', { ...well, apiReady: look('refused') }, 'API_SERVER_DOWN', null],
  ['10: a stopped cluster', { ...well, peerFacts: told({ apiOk: false, clusterUp: false }) }, null, null],
  ['10 before 11', { ...well, peerFacts: told({ apiOk: false, tunnelOk: false }) }, 'API_SERVER_DOWN', null],
  ['11: flag', { ...well, peerFacts: told({ tunnelOk: false }) }, 'TUNNEL_DOWN', null],
  ['11: error', { ...well, tunnel: { by: 'peer', state: 'error', ageMs: 10 } }, 'TUNNEL_DOWN', null],
  ['11: stale', { ...well, tunnel: { by: 'self', state: 'connected', ageMs: 15_001 } }, 'TUNNEL_DOWN', null],
  ['11: none', { ...well, tunnel: { by: 'self', state: 'none', ageMs: 99_000 } }, null, null],
  ['link 13: own stall', { ...black, silentMs: 600, ownPauseMs: 2000 }, 'SELF_PAUSED', null],
  [
    '12 before 1',
    { ...black, silentMs: 600, ownPauseMs: 2000, ownInterface: look('down') },
    'SELF_PAUSED',
    null,
  ],
  [
    '12: a small stall does not explain 3 s',
    { ...black, silentMs: 2700, ownPauseMs: 700 },
    'PEER_UNREACHABLE',
    null,
  ],
  [
    'link 14: three seconds of grace after a long sleep',
    { ...black, silentMs: 2900, ownPauseMs: 3_600_000, resumedAgoMs: 2900 },
    'SELF_PAUSED',
    null,
  ],
  [
    'link 14: and no longer',
    { ...black, silentMs: 3100, ownPauseMs: 3_600_000, resumedAgoMs: 3100 },
    'PEER_UNREACHABLE',
    null,
  ],
  [
    'link 16: new address',
    {
      ...well,
      addressChanged: { who: 'peer', from: '192.0.2.8', to: '192.0.2.9', agoMs: 500 },
      echoStalledMs: 1400,
    },
    'ROAMED',
    null,
  ],
  [
    '13: an old change explains no stalled echo',
    {
      ...well,
      addressChanged: { who: 'self', from: '192.0.2.7', to: '192.0.2.9', agoMs: 9000 },
      echoStalledMs: 1400,
    },
    'ONE_WAY',
    null,
  ],
  ['14: never seen', { ...black, neverSeen: true, sessionUp: false }, 'NEVER_SEEN', null],
  [
    '14 before 5',
    { ...black, neverSeen: true, sessionUp: false, appPort: look('refused') },
    'NEVER_SEEN',
    null,
  ],
  ['1 before 14', { ...black, neverSeen: true, ownInterface: look('down') }, 'SELF_OFFLINE', null],
];

describe('the 14 rows', () => {
  it.each(table)('%s', (_name, looks, expected, likely) => {
    const verdict = classify(looks);
    expect([verdict.class, verdict.likely]).toEqual([expected, likely]);
  });

  it('has a case for every class', () => {
    expect(new Set(table.map(([, , found]) => found)).size).toBe(15);
  });
});

it('what is said of every row fits the schema and the published list', () => {
  for (const [, looks] of table)
    for (const item of classify(looks).evidence) {
      expect(evidenceSchema.safeParse(item).success).toBe(true);
      expect(evidenceKinds).toContain(`${item.about}/${item.by}/${item.probe}/${item.outcome}`);
    }
});
