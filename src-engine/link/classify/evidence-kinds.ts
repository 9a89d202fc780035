import type { Evidence } from '../../../src-shared/world/peer.ts';

/**
 * Everything this room can say that it looked at: `ABOUT/BY/PROBE/OUTCOME`. Its words are
 * `evidence.PROBE.OUTCOME` in language/ (who saw what of whom: `about` and `by`). What `ms` and
 * `detail` hold stands behind each; where nothing stands, both are null.
 */
export const evidenceKinds = [
  // This Mac of itself.
  'self/self/interface/ok', // detail: name and address, `en0 192.0.2.7`
  'self/self/interface/missing', // no network at all
  'self/self/interface/unreachable', // its own sends fail; detail: errno
  'self/self/interface/denied', // the system forbids its own sockets; detail: errno
  'self/self/gateway/ok', // ms: answer; detail: router's address
  'self/self/gateway/silent', // detail: router's address
  'self/self/gateway/missing', // this network has no router
  'self/self/gateway/denied', // a ping child reaches the router, this program's own socket does not
  'self/self/ticks/stalled', // ms: own pause
  'self/self/address/changed', // detail: `OLD > NEW`
  'self/self/neighbours/ok', // detail: how many of how many answered, `1/3`
  'self/self/neighbours/silent', // detail: `0/3`
  // This Mac of the other.
  'peer/self/heartbeat/ok', // ms: age of the newest
  'peer/self/heartbeat/silent', // ms: silence; detail: `UDP` when TCP still works
  'peer/self/heartbeat/missing', // never heard since this engine started
  'peer/self/echo/ok', // ms: age of the newest own beat that it heard
  'peer/self/echo/stalled', // ms: for so long nothing of ours arrives there
  'peer/self/session/ok',
  'peer/self/session/closed',
  'peer/self/appPort/ok', // the handshake completes; ms: how long it took
  'peer/self/appPort/refused',
  'peer/self/appPort/timeout', // ms: waited
  'peer/self/appPort/unreachable', // detail: errno
  'peer/self/appPort/denied', // detail: errno
  'peer/self/appPort/hung', // connects, says nothing
  'peer/self/appPort/error', // connects, breaks off
  'peer/self/secondPort/ok', // detail: port
  'peer/self/secondPort/refused', // detail: port; the host lives
  'peer/self/secondPort/timeout', // ms: waited
  'peer/self/secondPort/unreachable', // detail: errno
  'peer/self/secondPort/denied', // detail: errno
  'peer/self/ping/ok', // ms: round trip
  'peer/self/ping/timeout', // ms: waited
  'peer/self/arp/ok', // its hardware address answered just now
  'peer/self/arp/missing', // nobody answers for its address
  'peer/self/arp/changed', // another hardware address answers: a sleep proxy
  'peer/self/api/ok', // ms: answer
  'peer/self/api/refused',
  'peer/self/api/timeout',
  'peer/self/api/unreachable',
  'peer/self/api/error', // answers, not ready; detail: `HTTP 500`
  'peer/self/address/changed', // detail: `OLD > NEW`
  // What the other Mac said of itself, before or in its last words.
  'peer/peer/bye/said', // detail: ByeReason
  'peer/peer/sleep/said', // detail: one of `sleepHints` below
  'peer/peer/api/error', // its heartbeat says that its API server does not answer
  'peer/peer/gateway/silent', // its heartbeat says that its router does not answer
  'peer/peer/tunnel/error', // detail: its state
  // This Mac's own tunnel.
  'self/self/tunnel/error', // detail: its state
  // What the other Mac told afterwards, in its HELLO.
  'peer/peer/boot/changed', // the machine started anew; ms: its uptime
  'peer/peer/boot/ok', // the machine ran on
  'peer/peer/session/changed', // the engine started anew
  'peer/peer/session/ok', // the engine ran on
  'peer/peer/sleep/ok', // it slept; ms: for how long of the break
  'peer/peer/sleep/missing', // it did not sleep
  'peer/peer/ticks/stalled', // its engine stood still; ms: for how long of the break
  'self/peer/heartbeat/silent', // it heard nothing of this Mac either; ms: for how long of the break
  'self/peer/heartbeat/ok', // it heard this Mac all the time
] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** The details of `peer/peer/sleep/said`: words are needed for each. */
export const sleepHints = ['lidClosed', 'sleepSoon', 'batteryEmpty'] as const;
export type SleepHint = (typeof sleepHints)[number];

/** Makes one item; only what stands in the list above can be said. */
export function evidence(
  kind: EvidenceKind,
  ms: number | null = null,
  detail: string | null = null,
): Evidence {
  // The list is the only source of the four words, so that they always fit the schema.
  const [about, by, probe, outcome] = kind.split('/') as [
    Evidence['about'],
    Evidence['by'],
    Evidence['probe'],
    Evidence['outcome'],
  ];
  return {
    about,
    by,
    probe,
    outcome,
    ms: ms === null || !Number.isFinite(ms) ? null : Math.max(0, Math.round(ms)),
    detail: detail === null ? null : detail.slice(0, 200),
  };
}
