import type { Cluster } from '../../src-shared/world/clusters.ts';
import type { Problem } from '../../src-shared/world/traffic.ts';
import type { Memory, Vitals } from '../../src-shared/world/vitals.ts';

export interface Fitness {
  /** Null: nobody can tell. */
  readonly fit: boolean | null;
  readonly why: Problem | null;
}

/** Operations after which a workload in the cluster answers no more. */
const ending: readonly string[] = ['stop', 'delete', 'drain'];
/** Of design/limits.md, Stages: what would be stage drain if it were not the core. */
const SHORT_SHARE = 0.08;
const STALLED_PERCENT = 10;
const HOT_LEVEL = 3;

/**
 * Can this core carry all of the traffic (research/handoff.md, R3)? By its memory, its heat and what is being done to
 * its cluster; whether its workload answers is asked by probes, not here. A value that is old decides nothing.
 */
export function coreFitness(vitals: Vitals, clusters: readonly Cluster[], primary: string): Fitness {
  const memory = vitals.memory?.stale === true ? null : vitals.memory;
  const thermal = vitals.thermal?.stale === true ? null : vitals.thermal;
  if (memory !== null && isShort(memory)) return unfit('memory');
  if ((thermal?.level ?? 0) >= HOT_LEVEL) return unfit('heat');
  const verb = clusters.find(({ name }) => name === primary)?.operation?.verb;
  if (verb !== undefined && ending.includes(verb)) return unfit('cluster');
  return memory === null ? { fit: null, why: null } : { fit: true, why: null };
}

/** macOS tells a level; elsewhere it is what is available, and how long everything stood still for memory. */
function isShort({ level, availableBytes, totalBytes, stallFullPercent }: Memory): boolean {
  if (level !== null) return level === 'critical';
  return availableBytes / totalBytes < SHORT_SHARE || (stallFullPercent ?? 0) >= STALLED_PERCENT;
}

function unfit(why: 'memory' | 'heat' | 'cluster'): Fitness {
  return { fit: false, why: { code: 'coreUnfit', params: { why } } };
}
