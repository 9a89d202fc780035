import type { Session } from '../ports.ts';
import type { Beat, BeatNow, BeatPorts } from './beat-ports.ts';
import type { Endpoint } from './beat-socket.ts';
import { openChannel, type Channel } from './channel.ts';
import type { ByeBody } from './datagram.ts';
import { echoStallMs, silenceMs, type DetectorInput } from './detector.ts';
import { feed, isShared, noPeer, OLD_KEYS_MS, send, startHeart, type Heart } from './heart.ts';
import { heardBye } from './hear.ts';
import { leaveNow } from './leave-now.ts';
import { markSlept, pausesAt } from './own-pauses.ts';
import { qualityOf } from './quality.ts';
import { gapsAt, gapSeries } from './seen-gaps.ts';
import { arm, openSocket, stayed, tellUnbound } from './turn.ts';

/** The same while nothing shows that the other side has the new ones. */
const UNSURE_KEYS_MS = 10_000;
const BYE_TIMES = 3;

/** The heartbeat of one link: says it, hears it, judges it (detector.ts), and tells of changes. */
export function createBeat(ports: BeatPorts): Beat {
  const heart = startHeart(ports);
  // By session object: the same session never starts its sequence numbers again.
  const channels = new WeakMap<Session, Channel>();
  const tell = (kind: 'hint' | 'crashed') => {
    feed(heart, { kind, atMs: ports.clock.monotonicMs() } satisfies DetectorInput);
    arm(heart);
  };
  return {
    setSession(session, own, peer) {
      const known = heart.channels.find(({ channel }) => channel.sessionId === session.id)?.channel;
      const channel = channels.get(session) ?? known ?? openChannel(session);
      channels.set(session, channel);
      use(heart, channel, { own, peer });
    },
    clearSession: () => feed(heart, { kind: 'session', atMs: ports.clock.monotonicMs(), up: false }),
    forget: () => forget(heart),
    bye: (bye) => sayBye(heart, bye),
    heardBye(bye) {
      heardBye(heart, bye);
      arm(heart);
    },
    leaveNow: (payload) => leaveNow(heart, payload),
    resumed: () => resumed(heart),
    hint: () => tell('hint'),
    crashed: () => tell('crashed'),
    now: () => snapshot(heart),
    dispose() {
      heart.disposed = true;
      heart.timer?.dispose();
      heart.socket?.dispose();
      heart.socket = null;
    },
  };
}

function use(heart: Heart, channel: Channel, route: { own: Endpoint; peer: Endpoint }): void {
  const nowMs = heart.ports.clock.monotonicMs();
  if (heart.channels[0]?.channel !== channel) {
    const keptMs = isShared(channel) ? OLD_KEYS_MS : UNSURE_KEYS_MS;
    const old = heart.channels
      .filter((kept) => kept.channel !== channel)
      .map((kept) => ({ ...kept, expiresAtMs: Math.min(kept.expiresAtMs, nowMs + keptMs) }));
    heart.channels = [{ channel, expiresAtMs: Infinity }, ...old];
    heart.heard = [];
  }
  if (!sameRoute(heart.route, route) || heart.socket === null) {
    heart.route = route;
    openSocket(heart);
  }
  // A session after a good-bye is a return.
  if (heart.farewell !== null) stayed(heart, nowMs);
  feed(heart, { kind: 'session', atMs: nowMs, up: true });
  heart.pace = { beatDueMs: nowMs, probeDueMs: nowMs };
  arm(heart);
}

function sameRoute(a: Heart['route'], b: NonNullable<Heart['route']>): boolean {
  const same = (x: Endpoint, y: Endpoint) => x.address === y.address && x.port === y.port;
  return a !== null && same(a.own, b.own) && same(a.peer, b.peer);
}

function forget(heart: Heart): void {
  heart.timer?.dispose();
  heart.timer = null;
  heart.socket?.dispose();
  Object.assign(heart, noPeer(heart.ports));
  tellUnbound(heart, null);
}

function sayBye(heart: Heart, bye: ByeBody): void {
  for (let time = 0; time < BYE_TIMES; time += 1) send(heart, { type: 'bye', ...bye });
  heart.farewell = { reason: bye.reason, saidAtMs: heart.ports.clock.monotonicMs(), wokeAtMs: null };
  arm(heart);
}

function resumed(heart: Heart): void {
  const nowMs = heart.ports.clock.monotonicMs();
  heart.resumedAtMs = nowMs;
  heart.pauses = markSlept(heart.pauses, nowMs);
  stayed(heart, nowMs);
  heart.pace = { beatDueMs: nowMs, probeDueMs: nowMs };
  arm(heart);
}

function snapshot(heart: Heart): BeatNow {
  const nowMs = heart.ports.clock.monotonicMs();
  const { detector } = heart;
  const silence = silenceMs(detector, nowMs);
  const limits = heart.ports.limits();
  return {
    phase: detector.phase,
    phaseSinceMs: detector.sinceMs,
    cause: detector.cause,
    silenceMs: silence,
    echoStallMs: echoStallMs(detector, nowMs),
    rttMs: heart.rttMs,
    quality:
      detector.phase === 'up' || detector.phase === 'suspect'
        ? qualityOf(heart.heard, { intervalMs: detector.peerIntervalMs, suspectMs: limits.suspectMs })
        : null,
    lastSeqSeen: lastSeqSeen(heart),
    peerFacts: heart.peerFacts,
    pauses: pausesAt(heart.pauses, nowMs),
    gaps: gapsAt(heart.gaps, nowMs, silence),
    gapSeries: gapSeries(heart.gaps, nowMs),
    droppedSends: heart.socket?.dropped() ?? 0,
  };
}

function lastSeqSeen({ channels }: Heart): number | null {
  return channels.map(({ channel }) => channel.newest().seq).find((seq) => seq > 0) ?? null;
}
