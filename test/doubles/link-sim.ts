import {
  deadlineMs,
  detect,
  startDetector,
  type DetectorInput,
  type DetectorLimits,
  type DetectorState,
} from '../../src-engine/link/beat/detector.ts';
import { BEHIND_MS, duePackets, nextWakeMs, paceHeard, type Pace } from '../../src-engine/link/beat/pace.ts';

/** Two Macs and the path between them, without sockets or waiting: the detector and the pace are the engine's own. */

export const limitsOfLink: DetectorLimits = {
  beatMs: 250,
  suspectMs: 1250,
  suspectOnBatteryMs: 1500,
  decideMs: 2500,
};

export type Side = 0 | 1;
/** Who was dialled (src-engine/link/beat/pace.ts). */
const FOLLOWER: Side = 1;

/** When a packet that leaves `from` at `atMs` arrives; null: lost. */
export type Path = (atMs: number, from: Side) => number | null;

/** A process that stands still: what comes meanwhile waits in the socket, or is lost when the machine sleeps. */
export interface Standstill {
  readonly fromMs: number;
  readonly toMs: number;
  readonly asleep: boolean;
}

export interface SimPlan {
  readonly untilMs: number;
  readonly path: Path;
  /** In order, not overlapping. */
  readonly standstills?: readonly [readonly Standstill[], readonly Standstill[]];
  readonly intervalMs?: readonly [number, number];
  /** Start of the beats of each side. */
  readonly phaseMs?: readonly [number, number];
  readonly limits?: DetectorLimits;
  /** Things that happen to a side besides packets. */
  readonly inputs?: readonly { readonly side: Side; readonly input: DetectorInput }[];
  onPhase(side: Side, state: DetectorState, atMs: number): void;
}

interface Packet {
  readonly type: 'hb' | 'probe' | 'probeAck';
  readonly seq: number;
  readonly echoSeq: number;
  readonly echoAgeMs: number;
}

interface Happening {
  readonly atMs: number;
  /** Of the same moment, what arrives comes before what is due. */
  readonly order: number;
  readonly side: Side;
  readonly packet: Packet | null;
  readonly input: DetectorInput | null;
  readonly wake: number;
}

interface Host {
  detector: DetectorState;
  pace: Pace;
  readonly intervalMs: number;
  readonly standstills: readonly Standstill[];
  nextStandstill: number;
  seq: number;
  newestSeq: number;
  newestAtMs: number;
  echoedSeq: number;
  wake: number;
}

export function simulate(plan: SimPlan): void {
  const limits = plan.limits ?? limitsOfLink;
  const queue = heap();
  const hosts = [hostOf(plan, 0, limits), hostOf(plan, 1, limits)] as const;
  const feed = (side: Side, input: DetectorInput) => {
    const host = hosts[side];
    const before = host.detector.phase;
    host.detector = detect(host.detector, input, limits);
    if (host.detector.phase === before) return;
    host.pace = { ...host.pace, probeDueMs: input.atMs };
    plan.onPhase(side, host.detector, input.atMs);
  };
  const send = (side: Side, type: Packet['type'], atMs: number) => {
    const host = hosts[side];
    host.seq += 1;
    const arrivesAtMs = plan.path(atMs, side);
    if (arrivesAtMs === null) return;
    const echoAgeMs = Math.round(atMs - host.newestAtMs);
    const packet = { type, seq: host.seq, echoSeq: host.newestSeq, echoAgeMs };
    queue.push({ atMs: arrivesAtMs, order: 0, side: side === 0 ? 1 : 0, packet, input: null, wake: 0 });
  };
  const arm = (side: Side, atMs: number) => {
    const host = hosts[side];
    host.wake += 1;
    const wakeMs = nextWakeMs(host.pace, {
      nowMs: atMs,
      phase: host.detector.phase,
      deadlineMs: deadlineMs(host.detector, limits),
    });
    queue.push({
      atMs: Math.max(atMs + 1, wakeMs),
      order: 1,
      side,
      packet: null,
      input: null,
      wake: host.wake,
    });
  };
  const arrive = (side: Side, packet: Packet, atMs: number) => {
    const host = hosts[side];
    if (packet.seq > host.newestSeq) {
      host.newestSeq = packet.seq;
      host.newestAtMs = atMs;
    }
    const echoSeqAdvanced = packet.echoSeq > host.echoedSeq;
    if (echoSeqAdvanced) host.echoedSeq = packet.echoSeq;
    if (packet.type === 'probe') send(side, 'probeAck', atMs);
    const before = host.detector.phase;
    const peerIntervalMs = hosts[side === 0 ? 1 : 0].intervalMs;
    const { echoAgeMs, type } = packet;
    feed(side, {
      kind: 'arrival',
      atMs,
      echoSeqAdvanced,
      echoAgeMs,
      beat: type === 'hb',
      peerIntervalMs,
    });
    if (host.detector.phase !== before) arm(side, atMs);
    else if (side === FOLLOWER && type === 'hb') follow(side, atMs);
  };
  const follow = (side: Side, atMs: number) => {
    const host = hosts[side];
    const isJudged = atMs >= (deadlineMs(host.detector, limits) ?? Infinity);
    if (host.detector.phase !== 'up' || isJudged) return;
    const { beat, pace } = paceHeard(host.pace, atMs);
    host.pace = pace;
    if (beat) turn(side, atMs, BEHIND_MS);
  };
  const turn = (side: Side, atMs: number, behindMs = 0) => {
    const host = hosts[side];
    feed(side, { kind: 'tick', atMs });
    const { phase } = host.detector;
    const due = duePackets(host.pace, { nowMs: atMs, phase, intervalMs: host.intervalMs });
    host.pace = due.beat ? { ...due.pace, beatDueMs: due.pace.beatDueMs + behindMs } : due.pace;
    if (due.beat) send(side, 'hb', atMs);
    if (due.probe) send(side, 'probe', atMs);
    arm(side, atMs);
  };
  for (const side of [0, 1] as const) {
    feed(side, { kind: 'session', atMs: 0, up: true });
    feed(side, { kind: 'pace', atMs: 0, ownIntervalMs: hosts[side].intervalMs });
    arm(side, 0);
  }
  for (const { side, input } of plan.inputs ?? [])
    queue.push({ atMs: input.atMs, order: 2, side, packet: null, input, wake: 0 });
  for (let next = queue.pop(); next && next.atMs <= plan.untilMs; next = queue.pop()) {
    const host = hosts[next.side];
    const standstill = standstillAt(host, next.atMs);
    if (standstill) {
      if (next.packet === null || !standstill.asleep) queue.push({ ...next, atMs: standstill.toMs });
    } else if (next.packet) arrive(next.side, next.packet, next.atMs);
    else if (next.input) {
      feed(next.side, next.input);
      arm(next.side, next.atMs);
    } else if (next.wake === host.wake) turn(next.side, next.atMs);
  }
}

function hostOf(plan: SimPlan, side: Side, limits: DetectorLimits): Host {
  const dueMs = plan.phaseMs?.[side] ?? side * 100;
  return {
    detector: startDetector(0, limits),
    pace: { beatDueMs: dueMs, probeDueMs: dueMs },
    intervalMs: plan.intervalMs?.[side] ?? limits.beatMs,
    standstills: plan.standstills?.[side] ?? [],
    nextStandstill: 0,
    seq: 0,
    newestSeq: 0,
    newestAtMs: 0,
    echoedSeq: 0,
    wake: 0,
  };
}

function standstillAt(host: Host, atMs: number): Standstill | undefined {
  let next = host.standstills[host.nextStandstill];
  while (next && next.toMs <= atMs) {
    host.nextStandstill += 1;
    next = host.standstills[host.nextStandstill];
  }
  return next && next.fromMs <= atMs ? next : undefined;
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function heap() {
  const items: Happening[] = [];
  const at = (index: number): Happening => items[index] as Happening;
  const sift = (start: number, item: Happening) => {
    let index = start;
    for (let child = 2 * index + 1; child < items.length; child = 2 * index + 1) {
      if (child + 1 < items.length && isBefore(at(child + 1), at(child))) child += 1;
      if (!isBefore(at(child), item)) break;
      items[index] = at(child);
      index = child;
    }
    items[index] = item;
  };
  return {
    push(item: Happening) {
      let index = items.length;
      items.push(item);
      for (
        let parent = (index - 1) >> 1;
        index > 0 && isBefore(item, at(parent));
        parent = (index - 1) >> 1
      ) {
        items[index] = at(parent);
        index = parent;
      }
      items[index] = item;
    },
    pop(): Happening | undefined {
      const top = items[0];
      const last = items.pop();
      if (last && items.length > 0) sift(0, last);
      return top;
    },
  };
}
