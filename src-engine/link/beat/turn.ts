import { openBeatSocket } from './beat-socket.ts';
import { deadlineMs, OWN_PAUSE_MS } from './detector.ts';
import { isOver } from './farewell.ts';
import { beatBody, feed, intervalMs, send, sender, type Heart } from './heart.ts';
import { hear } from './hear.ts';
import { BEHIND_MS, duePackets, nextWakeMs, paceHeard } from './pace.ts';

/** A socket that could not be bound, or whose address went away, is tried again this often. */
const REOPEN_MS = 1000;

/** Starts the wheel, or turns it at once when the phase asks for it. */
export function arm(heart: Heart): void {
  heart.timer?.dispose();
  heart.timer = null;
  if (heart.disposed || heart.channels.length === 0) return;
  const nowMs = heart.ports.clock.monotonicMs();
  const { phase } = heart.detector;
  const wakeMs = nextWakeMs(heart.pace, {
    nowMs,
    phase: heart.farewell === null ? phase : 'left',
    deadlineMs: deadlineMs(heart.detector, heart.ports.limits()),
  });
  // A timer may fire a fraction early: rounded up, so that the deadline has passed.
  const delayMs = Math.max(1, Math.ceil(wakeMs - nowMs));
  heart.timer = heart.ports.scheduler.after(delayMs, () => {
    heart.timer = null;
    if (isCalm(heart)) return turn(heart);
    const afterPoll = heart.ports.afterPoll ?? setImmediate;
    // After a stall timers run before waiting datagrams are read (research/link.md 1.2): judged only after them.
    afterPoll(() => turn(heart));
  });
}

/** Nothing is judged at this moment, whatever waits in the socket: one round of the loop is enough for a beat. */
function isCalm({ detector, farewell, ports }: Heart): boolean {
  if (detector.phase !== 'up' || farewell !== null || detector.tickedAtMs === null) return false;
  const nowMs = ports.clock.monotonicMs();
  const judgedAtMs = deadlineMs(detector, ports.limits()) ?? Infinity;
  return nowMs < judgedAtMs && nowMs - detector.tickedAtMs <= OWN_PAUSE_MS;
}

/** A beat was heard. Who was dialled beats with it, when its own is due about now (pace.ts). */
function follow(heart: Heart): void {
  if (sender(heart)?.incoming !== true || !isCalm(heart)) return;
  const { beat, pace } = paceHeard(heart.pace, heart.ports.clock.monotonicMs());
  heart.pace = pace;
  if (beat) turn(heart, BEHIND_MS);
}

/**
 * One turn: alive, judged, and what is due is sent.
 *
 * @param behindMs how much later than its interval the next beat is due
 */
function turn(heart: Heart, behindMs = 0): void {
  if (heart.disposed) return;
  const nowMs = heart.ports.clock.monotonicMs();
  feed(heart, { kind: 'tick', atMs: nowMs });
  if (heart.channels.length > 1)
    heart.channels = heart.channels.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  if (heart.reopenAtMs !== null && nowMs >= heart.reopenAtMs) openSocket(heart);
  if (heart.farewell !== null && isOver(heart.farewell, nowMs)) stayed(heart, nowMs);
  const interval = intervalMs(heart);
  if (interval !== heart.detector.ownIntervalMs)
    feed(heart, { kind: 'pace', atMs: nowMs, ownIntervalMs: interval });
  const { beat, probe, pace } = duePackets(heart.pace, {
    nowMs,
    phase: heart.detector.phase,
    intervalMs: interval,
  });
  heart.pace = beat ? { ...pace, beatDueMs: pace.beatDueMs + behindMs } : pace;
  if ((beat || probe) && mayBeat(heart)) {
    const channel = sender(heart);
    if (beat) send(heart, { type: 'hb', beat: beatBody(heart, channel) }, channel);
    if (probe) send(heart, { type: 'probe', beat: beatBody(heart, channel) }, channel);
  }
  arm(heart);
}

/** A link that is down and has no session either is not beaten at: its keys are gone, or its address is. */
function mayBeat({ farewell, detector }: Heart): boolean {
  if (farewell !== null) return false;
  return detector.sessionUp || detector.phase === 'up' || detector.phase === 'suspect';
}

/** The good-bye is over: nothing old is believed, and beats go out again. */
export function stayed(heart: Heart, nowMs: number): void {
  heart.farewell = null;
  feed(heart, { kind: 'resumed', atMs: nowMs });
}

export function openSocket(heart: Heart): void {
  heart.socket?.dispose();
  heart.socket = null;
  heart.reopenAtMs = null;
  if (heart.route === null) return;
  const { own, peer } = heart.route;
  heart.socket = (heart.ports.openSocket ?? openBeatSocket)(own, peer, {
    onDatagram(datagram) {
      const { phase } = heart.detector;
      const type = hear(heart, datagram);
      if (heart.detector.phase !== phase) arm(heart);
      else if (type === 'hb') follow(heart);
    },
    onRefused() {
      const before = heart.detector;
      feed(heart, { kind: 'hint', atMs: heart.ports.clock.monotonicMs() });
      // Anybody can send many of these: those that change nothing cost nothing.
      if (heart.detector !== before) arm(heart);
    },
    // A connected socket may keep a route that is gone: a new one asks for a new route.
    onSendError: (code) => failed(heart, code),
    onBroken: (code) => failed(heart, code),
    onBound: () => tellUnbound(heart, null),
    onUnbound(code) {
      failed(heart, code);
      tellUnbound(heart, code);
    },
  });
}

function failed(heart: Heart, code: string): void {
  heart.reopenAtMs ??= heart.ports.clock.monotonicMs() + REOPEN_MS;
  heart.ports.events.onSendError(code);
}

/** Each change once. */
export function tellUnbound(heart: Heart, code: string | null): void {
  if (heart.unboundCode === code) return;
  heart.unboundCode = code;
  heart.ports.events.onUnbound(code);
}
