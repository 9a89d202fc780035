import type { BreakClass, Evidence, Likely } from '../../../src-shared/world/peer.ts';
import { gatherEvidence, leadWith } from './gather-evidence.ts';
import { gatewayAlive, hostAlive, pingChildOk, type Looks } from './looks.ts';

/** `class` is null when nothing is wrong, or when too little is known to say anything. */
export interface Verdict {
  readonly class: BreakClass | null;
  readonly likely: Likely | null;
  /** The most telling first. */
  readonly evidence: readonly Evidence[];
}

/** An own pause from here on is taken off the silence (research/link.md, section 5, Timers). */
const PAUSE_MS = 600;
/** After a longer one, or a resume, nothing old is believed for this long. */
const LONG_PAUSE_MS = 5000;
const GRACE_MS = 3000;
/** Rows 5 and 6 have a positive sign and need not await the silence (ditto). */
const EARLY_MS = 500;
/** An address that changed explains a stalled echo for this long. */
const ROAM_MS = 3000;
/** A tunnel's word that is older is none (submariner cableengine/syncer.go:55). */
const TUNNEL_STALE_MS = 15_000;
const EMPTY_BATTERY_PERCENT = 5;
/** Errors that name this Mac's own network. EHOSTUNREACH does not: it may be the peer's doing. */
const OWN_ERRNOS = ['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'ENODEV'];

/**
 * What kind of break this is: the rows of research/link.md section 2, in its order. Own faults come
 * first, the peer last; what is not known (null) is held against nobody.
 */
export function classify(looks: Looks): Verdict {
  const found = rows.find((row) => row.holds(looks)) ?? null;
  const seen = gatherEvidence(looks);
  if (found === null) return { class: null, likely: null, evidence: seen };
  const likely = found.class === 'PEER_UNREACHABLE' ? likelyCause(looks) : null;
  return { class: found.class, likely, evidence: leadWith(seen, found.class, likely) };
}

interface Row {
  readonly class: BreakClass;
  holds(looks: Looks): boolean;
}

/** Rows 12, 1-3, 14, 4, 5-7, 13, 9-11, 8. */
const rows: readonly Row[] = [
  { class: 'SELF_PAUSED', holds: ownPauseExplains },
  { class: 'SELF_OFFLINE', holds: ownNetworkDown },
  { class: 'SELF_OR_ROUTER_DOWN', holds: routerSilentToo },
  { class: 'LOCAL_NETWORK_DENIED', holds: permissionDenied },
  // Who was never heard is not missed (corosync's wait_for_all), whatever its ports say.
  { class: 'NEVER_SEEN', holds: (looks) => looks.neverSeen && looks.freshBeats !== true },
  { class: 'LEFT', holds: (looks) => looks.bye !== null },
  { class: 'APP_CRASHED', holds: (looks) => silent(looks, true) && refusedByKernel(looks) },
  { class: 'APP_HUNG', holds: (looks) => silent(looks, true) && connectsOnly(looks) },
  { class: 'PORT_BLOCKED', holds: (looks) => silent(looks, false) && hostAlive(looks) },
  { class: 'ROAMED', holds: (looks) => looks.freshBeats === true && roamed(looks) },
  { class: 'ONE_WAY', holds: (looks) => looks.freshBeats === true && echoStalled(looks) },
  { class: 'API_SERVER_DOWN', holds: (looks) => looks.freshBeats === true && apiDown(looks) },
  { class: 'TUNNEL_DOWN', holds: (looks) => looks.freshBeats === true && tunnelDown(looks) },
  { class: 'PEER_UNREACHABLE', holds: (looks) => silent(looks, false) },
];

/** Row 12: an own pause, and too little silence besides it to speak of the peer. */
function ownPauseExplains(looks: Looks): boolean {
  const { ownPauseMs, silentMs, resumedAgoMs, decideMs } = looks;
  if (ownPauseMs === null || ownPauseMs <= PAUSE_MS || looks.freshBeats === true) return false;
  if (ownPauseMs > LONG_PAUSE_MS && resumedAgoMs !== null && resumedAgoMs < GRACE_MS) return true;
  return silentMs !== null && silentMs < decideMs;
}

/** Row 1. */
function ownNetworkDown(looks: Looks): boolean {
  if (looks.ownInterface?.outcome === 'down') return true;
  const errnos = [looks.ownSendError, looks.appPort?.detail, looks.secondPort?.detail];
  return looks.freshBeats !== true && errnos.some((errno) => OWN_ERRNOS.includes(errno ?? ''));
}

/** Row 3; never from one time-out: a socket must be barred where a ping child gets through. */
function permissionDenied(looks: Looks): boolean {
  return looks.platform === 'darwin' && looks.freshBeats !== true && pingChildOk(looks);
}

/** Row 2: needs a router to exist that used to answer, and nobody else who does. */
function routerSilentToo(looks: Looks): boolean {
  return (
    silent(looks, false) &&
    looks.gatewayPresent === true &&
    gatewayAlive(looks) === false &&
    looks.gatewayUsuallyAnswers !== false &&
    !hostAlive(looks) &&
    (looks.neighbours?.answered ?? 0) === 0
  );
}

/**
 * @param early also a peer that is gone by a positive sign: its kernel closed the session, and no
 *   beat came for half a second
 */
function silent(looks: Looks, early: boolean): boolean {
  if (looks.freshBeats === false) return true;
  return early && looks.sessionUp === false && looks.silentMs !== null && looks.silentMs >= EARLY_MS;
}

/**
 * Row 5. A program that dies takes its session with it within milliseconds (FIN, measured); where
 * the port refuses but the session stands, a firewall speaks and the program lives: row 7.
 */
function refusedByKernel(looks: Looks): boolean {
  return looks.appPort?.outcome === 'refused' && looks.sessionUp !== true;
}

/** Row 6. */
function connectsOnly(looks: Looks): boolean {
  return looks.appPort?.outcome === 'hung' || looks.appPort?.outcome === 'error';
}

/** Row 13. */
function roamed(looks: Looks): boolean {
  if (looks.addressChanged === null) return false;
  return looks.addressChanged.agoMs < ROAM_MS || !echoStalled(looks);
}

/** Row 9. */
function echoStalled(looks: Looks): boolean {
  return looks.echoStalledMs !== null && looks.echoStalledMs > looks.suspectMs;
}

/** Row 10: a cluster that is meant to be down has no API server to miss. */
function apiDown(looks: Looks): boolean {
  if (looks.peerFacts?.clusterUp === false) return false;
  const own = looks.apiReady?.outcome;
  return looks.peerFacts?.apiOk === false || own === 'refused' || own === 'timeout' || own === 'error';
}

/** Row 11. */
function tunnelDown(looks: Looks): boolean {
  const { tunnel } = looks;
  if (looks.peerFacts?.tunnelOk === false) return true;
  if (tunnel === null || tunnel.state === 'none' || tunnel.state === 'unknown') return false;
  return tunnel.state !== 'connected' || tunnel.ageMs > TUNNEL_STALE_MS;
}

/** Rows 8a and 8b; null where host down, asleep and partition cannot be told apart. */
export function likelyCause(looks: Looks): Likely | null {
  const told = looks.peerFacts;
  const low = told?.batteryPercent ?? null;
  if (low !== null && low <= EMPTY_BATTERY_PERCENT && told?.onAC !== true) return 'batteryEmpty';
  if (looks.arp === 'otherMac' || told?.lidClosed === true || told?.sleepSoon === true) return 'asleep';
  return clientsIsolated(looks) ? 'clientIsolation' : null;
}

/** Two silent neighbours at least: one may be a telephone that sleeps. */
function clientsIsolated(looks: Looks): boolean {
  const outside = looks.internet ?? gatewayAlive(looks);
  return (
    outside === true &&
    looks.neighbours !== null &&
    looks.neighbours.asked >= 2 &&
    looks.neighbours.answered === 0
  );
}
