import type { Settings } from '../../../src-shared/settings.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import type { Runtime } from '../../../src-shared/world/runtime.ts';
import type { Vitals } from '../../../src-shared/world/vitals.ts';

/** What decides whether the RAM of the runtime's machine comes back. */
export interface GiveBackFacts {
  readonly runtime: Pick<Runtime, 'state' | 'vm' | 'containers'>;
  readonly vitals: Pick<Vitals, 'reasons'>;
  readonly role: Role;
  readonly policy: Settings['cluster']['runtimeStop'];
  /** Automation is enabled; a pause of it does not hold stage stop (design decision 25). */
  readonly automation: boolean;
  /** Something is being done to a cluster, or its stop is awaited. */
  readonly clustersBusy: boolean;
}

export interface GiveBack {
  readonly offer: Runtime['offer'];
  /** Stop it now, unasked. */
  readonly act: boolean;
}

const nothing: GiveBack = { offer: null, act: false };

/**
 * Only the stop of its machine gives a runtime's RAM back (research/vitals.md, section 5). It is offered when
 * nothing runs in it, and done without asking only at stage stop by memory, never on a core, where nothing
 * stops by itself (design/limits.md, Stages).
 */
export function giveBack({
  runtime,
  vitals,
  role,
  policy,
  automation,
  clustersBusy,
}: GiveBackFacts): GiveBack {
  const { state, vm, containers } = runtime;
  if (policy === 'never' || clustersBusy || state !== 'running' || vm === null) return nothing;
  if (containers === null || containers.ours + containers.others > 0) return nothing;
  const reasons = vitals.reasons.filter(({ metric }) => metric.startsWith('memory.'));
  if (reasons.length === 0) return { offer: 'idle', act: false };
  return { offer: 'memory', act: memoryAtStop(vitals) && policy === 'auto' && automation && role !== 'core' };
}

/** The occasion of a stop that nobody asked for: what a person starts while it lasts is left alone. */
export function memoryAtStop({ reasons }: Pick<Vitals, 'reasons'>): boolean {
  return reasons.some(({ metric, stage }) => stage === 'stop' && metric.startsWith('memory.'));
}
