import type { Tunnel } from '../../src-shared/world/tunnel.ts';

export type HopTone = 'ok' | 'warn' | 'bad' | 'dim';

/** One hop of the path between the clusters: where it is, how it is, and when that was seen. */
export interface Hop {
  readonly id: 'own' | 'way' | 'peer';
  readonly tone: HopTone;
  /** `HOST:PORT`; null where there is none to show. */
  readonly address: string | null;
  /** Of the question that was answered last, on the way alone. */
  readonly rttMs: number | null;
  readonly seenAt: string | null;
}

/** Own relay, the way, the other relay; empty while there is nothing to carry. */
export function hopsOf({ relay, problem }: Tunnel): readonly Hop[] {
  if (relay === null) return [];
  const { listen, peer, rttMs, answeredAt } = relay;
  const answers = rttMs !== null;
  const isOwnBroken = problem?.code === 'relayDown' || problem?.code === 'relayPortTaken';
  const there: HopTone = peer === null ? 'dim' : answers ? 'ok' : 'bad';
  return [
    {
      id: 'own',
      tone: isOwnBroken ? 'bad' : listen === null ? 'warn' : 'ok',
      address: listen,
      rttMs: null,
      seenAt: null,
    },
    { id: 'way', tone: there, address: null, rttMs, seenAt: answeredAt },
    { id: 'peer', tone: there, address: peer, rttMs: null, seenAt: answeredAt },
  ];
}
