import type { Side, Traffic } from '../../src-shared/world/traffic.ts';
import type { FrontTally } from './front-tally.ts';
import type { Places } from './places.ts';
import type { ProbeClient } from './probe-client.ts';
import { isGood, isWrong } from './probe-stats.ts';
import type { FrontKeeper, TrafficPorts } from './room-ports.ts';
import { kept, ratesOf, type Reading } from './traffic-rates.ts';
import { coreTraffic, notLooked, type BackendLook } from './traffic-view.ts';

export interface CoreSamplerParts {
  readonly ports: TrafficPorts;
  readonly keeper: FrontKeeper;
  readonly tally: FrontTally;
  readonly places: Places;
  readonly client: ProbeClient;
}

/** What the core sees of its front and its backends, read now and then. */
export interface CoreSampler {
  /** Reads once; while one reading is under way another is none. */
  sample(): Promise<void>;
  /** One probe of the gate's readiness; null: no gate is known. What it saw is shown. */
  probeGate(): Promise<boolean | null>;
  /** Requests came since the reading before the last, or are in flight. */
  isBusy(): boolean;
  /** Null on another role than core. */
  view(): Traffic | null;
}

export function createCoreSampler({ ports, keeper, tally, places, client }: CoreSamplerParts): CoreSampler {
  let readings: readonly Reading[] = [];
  let inFlight: { readonly core: number; readonly edge: number } | null = null;
  let sampledAt = ports.clock.wall();
  let sampledMs = ports.clock.monotonicMs();
  let running: Promise<void> | null = null;
  const looks: Record<Side, BackendLook> = { core: notLooked, edge: notLooked };

  async function readFront(): Promise<void> {
    const front = keeper.front();
    if (front === null) return;
    const [counters, shares] = await Promise.all([tally.read(front), front.read()]);
    inFlight = counters.ok
      ? { core: counters.value.core.inFlight, edge: counters.value.edge.inFlight }
      : null;
    if (!counters.ok) return;
    sampledAt = ports.clock.wall();
    sampledMs = ports.clock.monotonicMs();
    const { core, edge } = counters.value;
    readings = kept(readings, { atMs: sampledMs, core: core.requests, edge: edge.requests });
    if (shares.ok && keeper.front() === front) await keeper.noteSeen(shares.value);
  }

  async function lookAtCore(): Promise<void> {
    const target = places.side('core');
    const answer = target === null ? null : await client.get(target);
    const healthy = answer !== null && isGood(answer) && !isWrong('core', answer);
    looks.core = {
      healthy: target === null ? null : healthy,
      probeMs: healthy ? (answer?.elapsedMs ?? null) : null,
    };
  }

  return {
    sample: () =>
      (running ??= Promise.all([readFront(), lookAtCore()]).then(() => {
        running = null;
      })),
    async probeGate() {
      const target = places.gateReady();
      const answer = target === null ? null : await client.get(target);
      if (answer === null) {
        looks.edge = notLooked;
        return null;
      }
      const healthy = answer.status === 200;
      looks.edge = { healthy, probeMs: healthy ? answer.elapsedMs : null };
      return healthy;
    },
    isBusy: () => (ratesOf(readings).requestsPerSecond ?? 0) > 0,
    view() {
      const slice = keeper.slice();
      if (slice === null) return null;
      const gate = keeper.gate();
      return coreTraffic({
        slice,
        rates: ratesOf(readings),
        inFlight,
        core: { address: places.side('core'), ...looks.core },
        edge: { address: gate, ...(gate === null ? notLooked : looks.edge) },
        sampledAt,
        ageMs: ports.clock.monotonicMs() - sampledMs,
      });
    },
  };
}
