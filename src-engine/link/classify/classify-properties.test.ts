import { describe, expect, it, vi } from 'vitest';
import type { BreakClass } from '../../../src-shared/world/peer.ts';
import { classify } from './classify.ts';
import type { Looks } from './looks.ts';
import { unknownFacts } from '../beat/beat-body.ts';
import { look, told, well } from './test-looks.ts';

// Hundreds of thousands of cases: on a machine that does other things, more than five seconds.
vi.setConfig({ testTimeout: 60_000 });

/** A small deterministic generator (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function anyLooks(next: () => number): Looks {
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T;
  const port = () =>
    pick(
      null,
      ...(['ok', 'refused', 'timeout', 'unreachable', 'denied', 'error'] as const).map((o) => look(o)),
    );
  const ping = () => pick<Looks['peerPing']>(null, look('ok' as const), look('timeout' as const));
  return {
    ...well,
    platform: pick('darwin', 'linux'),
    silentMs: pick(null, 100, 600, 2500, 60_000),
    freshBeats: pick(true, false, null),
    echoStalledMs: pick(null, 100, 3000),
    ownPauseMs: pick(null, 100, 700, 6000),
    resumedAgoMs: pick(null, 100, 5000),
    bye: pick(null, null, 'sleep' as const),
    sessionUp: pick(true, false, null),
    ownSendError: pick(null, null, 'EHOSTUNREACH', 'ENETUNREACH'),
    neverSeen: pick(true, false, false),
    peerFacts: pick(null, unknownFacts, told({ apiOk: pick(true, false), lidClosed: pick(true, false) })),
    tunnel: pick(null, {
      by: 'peer' as const,
      state: pick('error' as const, 'connected' as const),
      ageMs: 5,
    }),
    ownInterface: pick<Looks['ownInterface']>(null, look('up' as const), look('down' as const)),
    gatewayPresent: pick(true, false, null),
    gatewayPing: ping(),
    gatewaySocket: port(),
    appPort: pick<Looks['appPort']>(port(), look('hung')),
    secondPort: port(),
    peerPing: ping(),
    arp: pick(null, 'fresh' as const, 'incomplete' as const, 'otherMac' as const),
    apiReady: port(),
    neighbours: pick(null, { asked: 3, answered: pick(0, 2) }),
  };
}

describe('whatever is seen', () => {
  const blamesThePeer: readonly (BreakClass | null)[] = [
    'APP_CRASHED',
    'APP_HUNG',
    'PORT_BLOCKED',
    'PEER_UNREACHABLE',
    'ONE_WAY',
    'API_SERVER_DOWN',
    'TUNNEL_DOWN',
  ];
  const next = random(20_260_101);
  const cases = Array.from({ length: 5000 }, () => anyLooks(next));

  it('never blames the peer while the own interface is down', () => {
    const down = cases.map((looks) => classify({ ...looks, ownInterface: look('down') }));
    expect(down.filter((verdict) => blamesThePeer.includes(verdict.class))).toEqual([]);
  });

  it('blames the peer for something in the same cases when the interface is up', () => {
    const up = cases.map((looks) => classify({ ...looks, ownInterface: look('up') }));
    expect(new Set(up.map((verdict) => verdict.class)).size).toBeGreaterThan(10);
  });

  it('calls nothing a denied permission outside macOS', () => {
    const linux = cases.map((looks) => classify({ ...looks, platform: 'linux' }).class);
    expect(linux).not.toContain('LOCAL_NETWORK_DENIED');
  });

  it('finds no break of the host while beats are fresh', () => {
    const fresh = cases.map((looks) => classify({ ...looks, freshBeats: true, silentMs: 100 }).class);
    for (const found of [
      'PEER_UNREACHABLE',
      'APP_CRASHED',
      'APP_HUNG',
      'PORT_BLOCKED',
      'SELF_OR_ROUTER_DOWN',
    ])
      expect(fresh).not.toContain(found);
  });

  it('knows no more with less: a probe taken away never makes the peer guilty of more than silence', () => {
    const specific: readonly (BreakClass | null)[] = ['APP_CRASHED', 'APP_HUNG', 'LOCAL_NETWORK_DENIED'];
    for (const looks of cases) {
      const blind = classify({ ...looks, appPort: null });
      expect(specific).not.toContain(blind.class);
    }
  });

  it('sets a likely cause for an unreachable peer only', () => {
    for (const verdict of cases.map(classify))
      if (verdict.likely !== null) expect(verdict.class).toBe('PEER_UNREACHABLE');
  });
});
