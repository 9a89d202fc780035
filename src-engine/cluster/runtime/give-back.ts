import type { Settings } from '../../../src-shared/settings.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import type { Runtime } from '../../../src-shared/world/runtime.ts';
import type { Vitals } from '../../../src-shared/world/vitals.ts';

/** Whether the machine may be stopped by itself. */
export interface Leave {
  readonly role: Role;
  readonly policy: Settings['cluster']['runtimeStop'];
  /** Automation is enabled; a pause of it does not hold stage stop (design decision 25). */
  readonly automation: boolean;
}

/** Never on a core, where nothing stops by itself (design/limits.md, Stages), and only when that is wanted. */
export function mayStopUnasked({ role, policy, automation }: Leave): boolean {
  return policy === 'auto' && automation && role !== 'core';
}

/** What decides whether the RAM of the runtime's machine comes back. */
export interface GiveBackFacts extends Leave {
  readonly runtime: Pick<Runtime, 'state' | 'vm' | 'containers' | 'stale'>;
  readonly vitals: Pick<Vitals, 'reasons'>;
  /** Something is being done to a cluster, or its stop is awaited. */
  readonly clustersBusy: boolean;
  /** A cluster of this home stands in it: its machine is any business of ours. */
  readonly hasOwn: boolean;
  /** Tandem knows how to stop it, and may. */
  readonly stoppable: boolean;
}

export interface GiveBack {
  readonly offer: Runtime['offer'];
  /** Stop it now, unasked. */
  readonly act: boolean;
}

const nothing: GiveBack = { offer: null, act: false };

/**
 * Only the stop of its machine gives a runtime's RAM back (research/vitals.md, section 5). It is offered when
 * nothing runs in it, and done without asking only at stage stop by memory, where a cluster of ours stands in it.
 */
export function giveBack(facts: GiveBackFacts): GiveBack {
  const { runtime, vitals, policy, clustersBusy, hasOwn, stoppable } = facts;
  const { state, vm, containers, stale } = runtime;
  if (policy === 'never' || clustersBusy || !stoppable) return nothing;
  if (state !== 'running' || vm === null || stale === true) return nothing;
  if (containers === null || containers.ours + containers.others > 0) return nothing;
  const reasons = vitals.reasons.filter(({ metric }) => metric.startsWith('memory.'));
  if (reasons.length === 0) return { offer: 'idle', act: false };
  return { offer: 'memory', act: hasOwn && memoryAtStop(vitals) && mayStopUnasked(facts) };
}

/** The occasion of a stop that nobody asked for: what a person starts while it lasts is left alone. */
export function memoryAtStop({ reasons }: Pick<Vitals, 'reasons'>): boolean {
  return reasons.some(({ metric, stage }) => stage === 'stop' && metric.startsWith('memory.'));
}
