import type { GateView, Traffic } from '../../src-shared/world/traffic.ts';
import { textOf } from './addresses.ts';
import type { Address } from './ports.ts';
import type { FrontSlice } from './room-ports.ts';
import type { Rates } from './traffic-rates.ts';

/** How often the front is looked at: while somebody looks or requests flow, and otherwise. Milliseconds. */
export const BUSY_PERIOD_MS = 1000;
export const IDLE_PERIOD_MS = 5000;

/** What the engine's own probes saw of a backend last. */
export interface BackendLook {
  readonly healthy: boolean | null;
  readonly probeMs: number | null;
}
export const notLooked: BackendLook = { healthy: null, probeMs: null };

export interface CoreLook {
  readonly slice: FrontSlice;
  readonly rates: Rates;
  /** Null: the front's counters could not be read. */
  readonly inFlight: { readonly core: number; readonly edge: number } | null;
  readonly core: BackendLook & { readonly address: Address | null };
  readonly edge: BackendLook & { readonly address: Address | null };
  readonly sampledAt: Date;
  readonly ageMs: number;
}

/** A front that is down deals to nobody: what its counters said before is not what is seen now. */
export function coreTraffic(look: CoreLook): Traffic {
  const { slice, rates, inFlight } = look;
  const isUp = slice.state === 'up';
  return {
    ...slice,
    seen: isUp && inFlight !== null ? rates.seen : null,
    requestsPerSecond: isUp && inFlight !== null ? rates.requestsPerSecond : null,
    perSecond: isUp && inFlight !== null ? rates.perSecond : null,
    inFlight: isUp ? inFlight : null,
    backends: { core: backendOf(look.core), edge: backendOf(look.edge) },
    gate: null,
    source: slice.front,
    sampledAt: look.sampledAt.toISOString(),
    ...staleMark(look.ageMs),
  };
}

function backendOf({ address, healthy, probeMs }: CoreLook['core']): Traffic['backends']['core'] {
  return { address: address === null ? null : textOf(address), healthy, probeMs };
}

/** On the edge: the core's last word and this Mac's own gate. Null: the core has said nothing yet. */
export function edgeTraffic(told: Traffic | null, toldAgoMs: number, gate: GateView | null): Traffic | null {
  if (told === null) return null;
  const { stale: _stale, ...rest } = told;
  return { ...rest, gate, ...(told.stale === true ? { stale: true } : staleMark(toldAgoMs)) };
}

/** Older than three periods (design/interface.md): the core says its word every 5 s, and looks at least as often. */
function staleMark(ageMs: number): { stale?: true } {
  return ageMs > 3 * IDLE_PERIOD_MS ? { stale: true } : {};
}
