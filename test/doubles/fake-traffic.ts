import type { GateAddress } from '../../src-shared/handoff-messages.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Shares, Side } from '../../src-shared/world/traffic.ts';
import type {
  Counters,
  DeadOutcome,
  GateState,
  LiveProof,
  ProbeOutcome,
  SideCounters,
  TrafficSwitch,
} from '../../src-engine/handoff/ports.ts';
import type { Clock } from '../../src-engine/platform/clock.ts';

/** What a test moves: the front, both backends, and who else writes weights. */
export interface FakeFront {
  shares: Shares;
  /** The front cannot be asked: every question fails with `frontDown`. */
  isAway: boolean;
  /** What probes of each side see, and how long they take. */
  healthy: Record<Side, boolean>;
  p95Ms: Record<Side, number>;
  /** Load on the front. */
  perSecond: number;
  /** Part of the requests of a side that fail, 0..1. */
  failing: Record<Side, number>;
  inFlight: Record<Side, number>;
  /** Weight 0 is written but requests go on to the edge; so many proofs fail. */
  notLive: number;
  /** Somebody else's weights, found by the next write. */
  foreign: Shares | null;
  dead: DeadOutcome;
  gate: GateAddress | null;
  /** The gate is refused (its key is not the pin). */
  isGateRefused: boolean;
  isHurried: boolean;
  /** Taken out by `dead`, until `revive`. */
  isOut: boolean;
  /** Every call, in order, with what it was told. */
  readonly calls: string[];
  /** Weights of the edge as they were written, in order. */
  readonly written: number[];
}

/**
 * A front that deals in turn, on a clock that a test moves. Nothing in it waits, except what `hold` holds back.
 */
export function fakeTraffic(clock: Clock, edgeShare = 80) {
  const front: FakeFront = {
    shares: { core: 100 - edgeShare, edge: edgeShare },
    isAway: false,
    healthy: { core: true, edge: true },
    p95Ms: { core: 10, edge: 12 },
    perSecond: 100,
    failing: { core: 0, edge: 0 },
    inFlight: { core: 0, edge: 0 },
    notLive: 0,
    foreign: null,
    dead: { resent: 0, cut: [], cutCount: 0, elapsedMs: 400 },
    gate: null,
    isGateRefused: false,
    isHurried: false,
    isOut: false,
    calls: [],
    written: [],
  };
  const counts = counting(clock, front);
  const watchers = new Set<(alive: boolean, notReady: GateState['notReady']) => void>();
  const held = new Map<string, Promise<void>>();
  const asked = async <T>(what: string, answer: () => Result<T>): Promise<Result<T>> => {
    front.calls.push(what);
    await held.get(what.split(' ')[0] ?? '');
    return front.isAway ? fail('frontDown', {}) : answer();
  };
  const write = (shares: Shares): Shares => {
    counts.accrue();
    front.shares = shares;
    front.written.push(shares.edge);
    return shares;
  };
  const traffic: TrafficSwitch = {
    read: () => asked('read', () => ok(front.shares)),
    set: (shares, expectOld) =>
      asked(`set ${shares.edge}`, () => {
        if (front.foreign !== null) front.shares = front.foreign;
        front.foreign = null;
        const { core, edge } = front.shares;
        return edge === expectOld.edge ? ok(write(shares)) : fail('weightConflict', { core, edge });
      }),
    verifyLive: (oldShares) => asked(`verify ${oldShares.edge}`, () => verified(front)),
    counters: () => asked('counters', () => ok(counts.now())),
    async probe(side, count) {
      front.calls.push(`probe ${side} ${count}`);
      await held.get('probe');
      return probed(front, side, count);
    },
    async topUp(count) {
      front.calls.push(`topUp ${count}`);
      counts.add(count);
    },
    dead: () =>
      asked('dead', () => {
        write({ core: 100, edge: 0 });
        front.isOut = true;
        front.inFlight.edge = 0;
        return ok(front.dead);
      }),
    revive: () => asked('revive', () => ((front.isOut = false), ok(undefined))),
    useGate: (gate) =>
      asked('useGate', () => {
        if (front.isGateRefused) return fail('backendWrong', {});
        front.gate = gate;
        return ok(undefined);
      }),
    watchEdge(onChange) {
      watchers.add(onChange);
      return { dispose: () => void watchers.delete(onChange) };
    },
    hurry: (on) => void (front.isHurried = on),
  };
  return {
    traffic,
    front,
    /** Two probes of the edge's gate in a row said so; of one that is not ready, its own word. */
    sayEdge: (alive: boolean, notReady: GateState['notReady'] = null) =>
      watchers.forEach((tell) => tell(alive, notReady)),
    watchers: () => watchers.size,
    /** Calls of this name (`verify`, `dead`, …) wait until the returned function is called. */
    hold(what: string): () => void {
      let release: () => void = () => undefined;
      held.set(what, new Promise((resolve) => (release = resolve)));
      return () => {
        held.delete(what);
        release();
      };
    },
  };
}
export type FakeTraffic = ReturnType<typeof fakeTraffic>;

function verified(front: FakeFront): Result<LiveProof> {
  if (front.shares.edge > 0) return fail('weightNotLive', {});
  if (front.notLive > 0) {
    front.notLive -= 1;
    return fail('weightNotLive', {});
  }
  return ok({ probes: 20, rounds: 2, onEdge: 0, newOnEdge: 0, elapsedMs: 120 });
}

function probed(front: FakeFront, side: Side, count: number): ProbeOutcome {
  const p95Ms = front.healthy[side] ? front.p95Ms[side] : null;
  return { sent: count, ok: front.healthy[side] ? count : 0, wrong: 0, p50Ms: p95Ms, p95Ms };
}

/** Requests by share and time; an edge that is not healthy fails all of its own. */
function counting(clock: Clock, front: FakeFront) {
  const zero = { requests: 0, failures: 0, retried: 0 };
  const sums: Record<Side, typeof zero> = { core: { ...zero }, edge: { ...zero } };
  let atMs = clock.monotonicMs();
  const add = (count: number): void => {
    for (const side of ['core', 'edge'] as const) {
      const requests = (count * front.shares[side]) / 100;
      sums[side].requests += requests;
      sums[side].failures += requests * (front.healthy[side] ? front.failing[side] : 1);
    }
  };
  const accrue = (): void => {
    const nowMs = clock.monotonicMs();
    add(((nowMs - atMs) / 1000) * front.perSecond);
    atMs = nowMs;
  };
  const side = (name: Side): SideCounters => ({
    requests: Math.round(sums[name].requests),
    failures: Math.round(sums[name].failures),
    retried: sums[name].retried,
    inFlight: front.inFlight[name],
  });
  return {
    add,
    accrue,
    now(): Counters {
      accrue();
      return { core: side('core'), edge: side('edge') };
    },
  };
}
