import type {
  BreakClass,
  ByeReason,
  Evidence,
  Likely,
  LinkState,
  Peer,
} from '../../src-shared/world/peer.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { PairedPeer, PeerStatus } from './ports.ts';

/** What is thought of the link now. */
export interface Verdict {
  readonly link: LinkState;
  /** ISO-8601. */
  readonly since: string;
  readonly class: BreakClass | null;
  readonly likely: Likely | null;
  readonly byeReason: ByeReason | null;
  readonly evidence: readonly Evidence[];
}

/** How the other Mac is heard, at the moment of asking. */
export interface Heard {
  readonly rttMs: number | null;
  readonly quality: Peer['quality'];
  readonly silenceMs: number | null;
}

/** What it told of itself, and when (ISO-8601). */
export interface Told {
  readonly status: PeerStatus;
  readonly at: string;
}

/** The World's `peer`: what is known of the other Mac, from whichever source knows it. */
export function peerSlice(
  paired: PairedPeer,
  ownRole: Role,
  verdict: Verdict,
  heard: Heard,
  told: Told | null,
): Peer {
  return {
    name: told?.status.name ?? paired.name,
    role: paired.role,
    pin: paired.pin,
    link: verdict.link,
    since: verdict.since,
    class: verdict.class,
    likely: verdict.likely,
    byeReason: verdict.byeReason,
    isolated: ownRole === 'edge' && isCutOff(verdict),
    evidence: [...verdict.evidence],
    rttMs: verdict.link === 'up' ? heard.rttMs : null,
    quality: verdict.link === 'up' || verdict.link === 'suspect' ? heard.quality : null,
    lastSeenMs: heard.silenceMs,
    address: paired.address,
    version: told?.status.version ?? null,
    toldAt: told?.at ?? null,
    vitals: told?.status.vitals ?? null,
    clusters: told === null ? null : [...told.status.clusters],
  };
}

/** The core cannot be reached from here at all; a program that crashed on it leaves its traffic alive. */
function isCutOff({ link, class: breakClass }: Verdict): boolean {
  return (
    link === 'down' &&
    (breakClass === 'PEER_UNREACHABLE' ||
      breakClass === 'SELF_OFFLINE' ||
      breakClass === 'SELF_OR_ROUTER_DOWN' ||
      breakClass === 'ONE_WAY' ||
      breakClass === 'LOCAL_NETWORK_DENIED')
  );
}
