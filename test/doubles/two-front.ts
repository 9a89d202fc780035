import { fail, ok } from '../../src-shared/errors/result.ts';
import type { Shares, Side } from '../../src-shared/world/traffic.ts';
import type {
  Counters,
  GateControl,
  GateState,
  ProbeOutcome,
  TrafficSwitch,
} from '../../src-engine/handoff/ports.ts';
import { pause, type Scheduler } from '../../src-engine/platform/clock.ts';

/** Requests that clients send each second, and how often they are dealt. */
const RATE = 50;
const DEAL_MS = 100;
/** What a proof and a round of probes take. */
const PROOF_MS = 300;
const PROBE_MS = 50;
/** Two failed checks of the gate, as the traffic room tells them. */
const WATCH_MS = 600;

/** The edge's own machine, as far as the front meets it. */
export interface EdgeMachine {
  /** Power, network and gate process. */
  alive: boolean;
  ready: boolean;
  notReady: 'leaving' | 'stayOut' | null;
  /** The workload answers. */
  cluster: 'running' | 'stopped';
  /** A request of somebody else that does not end. */
  held: number;
}

/** A front that deals by its weights, a gate that counts, and what went wrong: by the ledger, not by anybody's word. */
export function twoFront(scheduler: Scheduler) {
  const edge: EdgeMachine = { alive: true, ready: true, notReady: null, cluster: 'running', held: 0 };
  const ledger = { total: 0, lost: 0, rises: [] as string[], gateRequests: 0 };
  const front: { shares: Shares; out: boolean } = { shares: { core: 20, edge: 80 }, out: false };
  const counts = { core: 0, edge: 0, failures: 0, retried: 0 };
  const watchers = new Set<(alive: boolean, notReady: GateState['notReady']) => void>();
  let debt = 0;
  scheduler.every(DEAL_MS, () => {
    for (let request = 0; request < (RATE * DEAL_MS) / 1000; request += 1) deal();
  });
  /** To whom a request goes; one that reaches a workload that is not there is lost. */
  function deal(): void {
    ledger.total += 1;
    debt += front.shares.edge;
    const toEdge = debt >= 100 && !front.out;
    if (debt >= 100) debt -= 100;
    if (!toEdge) return void (counts.core += 1);
    if (edge.alive && !edge.ready) {
      counts.retried += 1;
      return void (counts.core += 1);
    }
    counts.edge += 1;
    if (edge.alive) ledger.gateRequests += 1;
    if (!edge.alive || edge.cluster === 'stopped') {
      ledger.lost += 1;
      counts.failures += 1;
    }
  }
  const write = (shares: Shares, by: string): void => {
    if (shares.edge > front.shares.edge) ledger.rises.push(`${by} ${front.shares.edge}->${shares.edge}`);
    front.shares = shares;
  };
  /** A gate that stays out answers our probes all the same (traffic/gate/gate.ts). */
  const sideAnswers = (side: Side): boolean => side === 'core' || (edge.alive && edge.cluster === 'running');
  const traffic: TrafficSwitch = {
    read: async () => ok(front.shares),
    async set(shares, expectOld) {
      if (front.shares.edge !== expectOld.edge) return fail('weightConflict', { who: 'somebody' });
      write(shares, 'set');
      return ok(front.shares);
    },
    async verifyLive() {
      const before = counts.edge;
      await pause(scheduler, PROOF_MS);
      const newOnEdge = counts.edge - before;
      if (front.shares.edge > 0 || newOnEdge > 0) return fail('weightNotLive', { newOnEdge });
      return ok({ probes: 40, rounds: 2, onEdge: 0, newOnEdge, elapsedMs: PROOF_MS });
    },
    counters: async () => ok(countersNow()),
    async probe(side, count) {
      await pause(scheduler, PROBE_MS);
      return probed(count, sideAnswers(side));
    },
    async topUp(count, overMs) {
      await pause(scheduler, overMs);
      for (let probe = 0; probe < count; probe += 1) deal();
    },
    async dead() {
      write({ core: 100, edge: 0 }, 'dead');
      front.out = true;
      const cutCount = edge.held;
      edge.held = 0;
      return ok({ resent: 0, cut: [], cutCount, elapsedMs: 5 });
    },
    async revive() {
      write({ core: 100, edge: 0 }, 'revive');
      front.out = false;
      return ok(undefined);
    },
    useGate: async () => ok(undefined),
    watchEdge(onChange) {
      watchers.add(onChange);
      return { dispose: () => void watchers.delete(onChange) };
    },
    hurry: () => undefined,
  };
  function countersNow(): Counters {
    const { core, edge: toEdge, failures, retried } = counts;
    return {
      core: { requests: core, failures: 0, retried: 0, inFlight: 1 },
      edge: { requests: toEdge, failures, retried, inFlight: edge.held },
    };
  }
  const gate: GateControl = {
    state: async () =>
      ok({
        ready: edge.ready,
        notReady: edge.notReady,
        requests: ledger.gateRequests,
        inFlight: edge.held,
        open: Array.from({ length: edge.held }, () => ({ method: 'GET', path: '/stream', ageMs: 9000 })),
        upstreamUp: true,
      }),
    async setReady(ready, why) {
      const isNews = edge.ready !== ready;
      edge.ready = ready;
      edge.notReady = ready ? null : why;
      if (isNews) tellWatchers();
      return ok(undefined);
    },
    async cut() {
      const open = Array.from({ length: edge.held }, () => ({ method: 'GET', path: '/stream', ageMs: 9000 }));
      edge.held = 0;
      return ok(open);
    },
    address: async () => ok({ address: '192.0.2.8', port: 47_381, certificatePem: 'pem' }),
  };
  function tellWatchers(): void {
    scheduler.after(WATCH_MS, () => {
      const alive = edge.ready && sideAnswers('edge');
      // A machine that is off is silent; a gate that lives says why it is not ready.
      const notReady = alive || !edge.alive ? null : (edge.notReady ?? 'upstreamDown');
      for (const watcher of watchers) watcher(alive, notReady);
    });
  }
  return {
    traffic,
    gate,
    edge,
    front,
    ledger,
    /** The edge's machine dies, or is there again. */
    power(on: boolean): void {
      edge.alive = on;
      tellWatchers();
    },
    tellWatchers,
  };
}

function probed(count: number, answers: boolean): ProbeOutcome {
  const ms = answers ? 4 : null;
  return { sent: count, ok: answers ? count : 0, wrong: 0, p50Ms: ms, p95Ms: ms };
}
