import type { Side, Traffic } from '../../src-shared/world/traffic.ts';
import type { FrontTally } from './front-tally.ts';
import type { Places } from './places.ts';
import type { GateLook } from './edge-verdict.ts';
import type { ProbePace } from './edge-watch.ts';
import { notReadyIn } from './gate-answer.ts';
import { patientLimits, probeLimits, type ProbeClient } from './probe-client.ts';
import { isGood, isWrong } from './probe-stats.ts';
import type { FrontKeeper, TrafficPorts } from './room-ports.ts';
import { kept, ratesOf, type Reading } from './traffic-rates.ts';
import { coreTraffic, notLooked, type BackendLook } from './traffic-view.ts';

export interface CoreSamplerParts {
  readonly ports: TrafficPorts;
  readonly keeper: FrontKeeper;
  readonly tally: FrontTally;
  readonly places: Places;
  /** A connection for each question. */
  readonly client: ProbeClient;
  /** Connections that stay. */
  readonly keptClient: ProbeClient;
}

/** What the core sees of its front and its backends, read now and then. */
export interface CoreSampler {
  /** Reads once; while one reading is under way another is none. */
  sample(): Promise<void>;
  /** One probe of the gate's readiness; null: no gate is known. What it saw is shown. */
  probeGate(pace: ProbePace): Promise<GateLook | null>;
  /** Requests came since the reading before the last, or are in flight. */
  isBusy(): boolean;
  /** Null on another role than core. */
  view(): Traffic | null;
}

interface Sampler extends CoreSamplerParts {
  readings: readonly Reading[];
  /** Null: the counters could not be read. */
  inFlight: { readonly core: number; readonly edge: number } | null;
  sampledAt: Date;
  sampledMs: number;
  readonly looks: Record<Side, BackendLook>;
}

export function createCoreSampler(parts: CoreSamplerParts): CoreSampler {
  const { clock } = parts.ports;
  const sampler: Sampler = {
    ...parts,
    readings: [],
    inFlight: null,
    sampledAt: clock.wall(),
    sampledMs: clock.monotonicMs(),
    looks: { core: notLooked, edge: notLooked },
  };
  let running: Promise<void> | null = null;
  return {
    sample: () =>
      (running ??= Promise.all([readFront(sampler), lookAtCore(sampler)])
        .then(() => undefined)
        .finally(() => void (running = null))),
    probeGate: (pace) => probeGate(sampler, pace),
    isBusy: () => (ratesOf(sampler.readings).requestsPerSecond ?? 0) > 0,
    view: () => viewOf(sampler),
  };
}

async function readFront(sampler: Sampler): Promise<void> {
  const { ports, keeper, tally } = sampler;
  const front = keeper.front();
  if (front === null) return;
  const version = keeper.version();
  const [counters, shares] = await Promise.all([tally.read(front), front.read()]);
  sampler.inFlight = null;
  if (!counters.ok) return;
  const { core, edge } = counters.value;
  sampler.inFlight = { core: core.inFlight, edge: edge.inFlight };
  sampler.sampledAt = ports.clock.wall();
  sampler.sampledMs = ports.clock.monotonicMs();
  const reading = { atMs: sampler.sampledMs, core: core.requests, edge: edge.requests };
  sampler.readings = kept(sampler.readings, reading);
  if (shares.ok && keeper.front() === front) await keeper.noteSeen(shares.value, version);
}

async function lookAtCore({ places, client, looks }: Sampler): Promise<void> {
  const target = places.side('core');
  if (target === null) {
    looks.core = notLooked;
    return;
  }
  const answer = await client.get(target);
  const healthy = isGood(answer) && !isWrong('core', answer);
  looks.core = { healthy, probeMs: healthy ? answer.elapsedMs : null };
}

async function probeGate(
  { places, client, keptClient, looks }: Sampler,
  pace: ProbePace,
): Promise<GateLook | null> {
  const target = places.gateReady();
  if (target === null) {
    looks.edge = notLooked;
    return null;
  }
  const asker = pace === 'calm' ? keptClient : client;
  const answer = await asker.get(target, pace === 'hurried' ? probeLimits : patientLimits);
  const ready = answer.status === 200;
  looks.edge = { healthy: ready, probeMs: ready ? answer.elapsedMs : null };
  return { ready, notReady: notReadyIn(answer) };
}

function viewOf({ ports, keeper, places, readings, looks, ...sampler }: Sampler): Traffic | null {
  const slice = keeper.slice();
  if (slice === null) return null;
  const gate = keeper.gate();
  return coreTraffic({
    slice,
    rates: ratesOf(readings),
    inFlight: sampler.inFlight,
    core: { address: places.side('core'), ...looks.core },
    edge: { address: gate, ...(gate === null ? notLooked : looks.edge) },
    sampledAt: sampler.sampledAt,
    ageMs: ports.clock.monotonicMs() - sampler.sampledMs,
  });
}
