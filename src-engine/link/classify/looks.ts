import type { ByeReason } from '../../../src-shared/world/peer.ts';
import type { BeatFacts } from '../ports.ts';

/** How a TCP connect ended. `ok` is a SYN-ACK, `refused` an RST: both prove that the host lives. */
export type PortOutcome = 'ok' | 'refused' | 'timeout' | 'unreachable' | 'denied' | 'error';
/** `hung`: TCP connects, no HELLO. `error`: connects and breaks off. `timeout`: TCP does not connect. */
export type HandshakeOutcome = PortOutcome | 'hung';

/** One answer. `detail`: a port, an address or an errno, for people. */
export interface Look<O> {
  readonly outcome: O;
  /** From its start, milliseconds. */
  readonly ms: number;
  readonly detail: string | null;
}

/** What the probes saw; null: not looked at, or not known (yet). Null never counts against anybody. */
export interface ProbeLooks {
  readonly ownInterface: Look<'up' | 'down'> | null;
  /** Is there a default gateway on this Mac's network? */
  readonly gatewayPresent: boolean | null;
  readonly gatewayAddress: string | null;
  /** By a ping child. */
  readonly gatewayPing: Look<'ok' | 'timeout'> | null;
  /** By a socket of this program. */
  readonly gatewaySocket: Look<PortOutcome> | null;
  readonly appPort: Look<HandshakeOutcome> | null;
  readonly secondPort: Look<PortOutcome> | null;
  /** By a ping child. */
  readonly peerPing: Look<'ok' | 'timeout'> | null;
  /**
   * `fresh` only when the entry was confirmed after the silence began: a cached one outlives its host
   * by 20 s (Linux) to 20 min (macOS) and is null.
   */
  readonly arp: 'fresh' | 'incomplete' | 'otherMac' | null;
  readonly apiReady: Look<PortOutcome> | null;
  /** Hosts other than the peer and the router. */
  readonly neighbours: { readonly asked: number; readonly answered: number } | null;
  /** Does anything beyond the router answer? Nobody is asked on purpose: null unless the caller knows. */
  readonly internet: boolean | null;
}

export const noLooks: ProbeLooks = {
  ownInterface: null,
  gatewayPresent: null,
  gatewayAddress: null,
  gatewayPing: null,
  gatewaySocket: null,
  appPort: null,
  secondPort: null,
  peerPing: null,
  arp: null,
  apiReady: null,
  neighbours: null,
  internet: null,
};

export interface TunnelWord {
  readonly by: 'self' | 'peer';
  readonly state: 'connected' | 'connecting' | 'error' | 'none' | 'unknown';
  /** Age of this word; over 15 s it is not one any more (submariner cableengine/syncer.go:55). */
  readonly ageMs: number;
}

/** What the link itself knows, without looking anywhere. */
export interface LinkFacts {
  /** `process.platform`: a denied Local Network permission exists on darwin alone. */
  readonly platform: string;
  /** Silence at which a break is decided, and at which the link is suspect (design/limits.md, Link). */
  readonly decideMs: number;
  readonly suspectMs: number;
  /** Since the newest datagram, own pauses taken off. */
  readonly silentMs: number | null;
  /** False once the link is suspect; null before anything is known. */
  readonly freshBeats: boolean | null;
  /** For how long the other side's echo of our newest sequence number has not moved; own pauses subtracted. */
  readonly echoStalledMs: number | null;
  /** The sum of own pauses since the newest datagram; null: none. */
  readonly ownPauseMs: number | null;
  /** Since the end of the last own pause; null: none. */
  readonly resumedAgoMs: number | null;
  /** Its newest good-bye, until it is back. */
  readonly bye: ByeReason | null;
  readonly sessionUp: boolean | null;
  /** Of the newest datagram send of ours, an errno as `ENETUNREACH`; null: it went out. */
  readonly ownSendError: string | null;
  readonly addressChanged: {
    readonly who: 'self' | 'peer';
    readonly from: string;
    readonly to: string;
    readonly agoMs: number;
  } | null;
  /** True while the peer was not heard since this engine started. */
  readonly neverSeen: boolean;
  /** From its newest heartbeat, however old. */
  readonly peerFacts: BeatFacts | null;
  readonly tunnel: TunnelWord | null;
  /** False: this router never answered while all was well, so that its silence says nothing. */
  readonly gatewayUsuallyAnswers: boolean | null;
}

export type Looks = ProbeLooks & LinkFacts;

/** Does a socket outcome prove that the host lives? Null: it proves nothing either way. */
export function provesLife(look: Look<HandshakeOutcome> | null): boolean | null {
  if (look === null || look.outcome === 'denied') return null;
  return ['ok', 'refused', 'hung', 'error'].includes(look.outcome);
}

/** Ping or TCP answer of the router; null while neither is known. */
export function gatewayAlive(looks: ProbeLooks): boolean | null {
  if (looks.gatewayPing?.outcome === 'ok' || provesLife(looks.gatewaySocket) === true) return true;
  return looks.gatewayPing === null && provesLife(looks.gatewaySocket) === null ? null : false;
}

/** Whether anything at all answered in the peer's name, besides its heartbeat. */
export function hostAlive(looks: ProbeLooks): boolean {
  return (
    provesLife(looks.appPort) === true ||
    provesLife(looks.secondPort) === true ||
    provesLife(looks.apiReady) === true ||
    looks.peerPing?.outcome === 'ok' ||
    looks.arp === 'fresh'
  );
}

/**
 * A ping child reaches what this program's own socket may not: the sign of a denied Local Network
 * permission. A peer that is off looks as unreachable to the socket, therefore the same target
 * is asked by both, and a socket that reaches the router acquits the system.
 */
export function pingChildOk(looks: ProbeLooks): boolean {
  const barred = (look: Look<HandshakeOutcome> | null) =>
    look !== null && (look.outcome === 'unreachable' || look.outcome === 'denied');
  if (!barred(looks.appPort)) return false;
  if (looks.gatewaySocket !== null && !barred(looks.gatewaySocket)) return false;
  return (
    looks.peerPing?.outcome === 'ok' || (barred(looks.gatewaySocket) && looks.gatewayPing?.outcome === 'ok')
  );
}
