import { MIB } from '../../../src-shared/units.ts';
import type { VmWeighed } from '../../../src-shared/world/clusters.ts';
import type { ClusterRecord, MemoryNeed } from '../provider.ts';

/** What is known of the machine that a cluster will run in. */
export interface VmFacts {
  /** Of the runtime, as people call it. */
  readonly runtime: string;
  /** Null: it does not say. */
  readonly up: boolean | null;
  readonly configuredBytes: number | null;
  readonly guestTotalBytes: number | null;
  /** What its containers use now. */
  readonly guestUsedBytes: number | null;
  /** The most that this run of it has come to hold. */
  readonly touchedBytes: number | null;
  readonly learnedBytes: number | null;
}

/** What nodes hold when nothing else runs on them (research/measured.md, kind 7): nobody needs less. */
const CONTROL_PLANE_BYTES = 555 * MIB;
const WORKER_BYTES = 140 * MIB;

/**
 * What a start will come to hold on this Mac, on the truth: the machine's learned peak, or more when what is in it
 * now and the cluster need more; else its configured size, since it gives nothing back. Less what it holds already
 * (research/vitals.md, section 5).
 *
 * @param own what the provider knows by itself; it stands when nothing is known of the machine
 */
export function needInVm(own: MemoryNeed, { nodes }: Pick<ClusterRecord, 'nodes'>, vm: VmFacts): MemoryNeed {
  const isIn = own.touchedBytes >= own.needBytes;
  const size = sizeOf(vm, isIn ? 0 : own.needBytes);
  if (size === null) return own;
  const touchedBytes = heldOf(vm, size.bytes);
  const used = vm.up === true ? vm.guestUsedBytes : null;
  const weighed: VmWeighed = {
    runtime: vm.runtime,
    basis: size.basis,
    sizeBytes: size.bytes,
    touchedBytes,
    // What the guest saw in its last run is old when somebody has given it another size since.
    guestTotalBytes: vm.up === true ? vm.guestTotalBytes : (vm.configuredBytes ?? vm.guestTotalBytes),
    guestUsedBytes: used,
  };
  return {
    needBytes: size.bytes,
    // So much of it surely: what containers use is held.
    touchedBytes: touchedBytes ?? Math.min(size.bytes, used ?? 0),
    inside: {
      weighed,
      leastBytes: isIn ? 0 : CONTROL_PLANE_BYTES + (nodes - 1) * WORKER_BYTES,
      wantedBytes: isIn ? 0 : own.needBytes,
    },
  };
}

/** What this run of the machine holds; null when it may be up and nobody has seen that from inside. */
function heldOf({ up, touchedBytes, guestUsedBytes }: VmFacts, sizeBytes: number): number | null {
  if (up === false) return 0;
  if (up === null || touchedBytes === null) return null;
  return Math.min(sizeBytes, Math.max(touchedBytes, guestUsedBytes ?? 0));
}

/** @param addedBytes what comes into it with this start */
function sizeOf(vm: VmFacts, addedBytes: number): { bytes: number; basis: VmWeighed['basis'] } | null {
  const { learnedBytes, configuredBytes, guestTotalBytes } = vm;
  const most = configuredBytes ?? guestTotalBytes;
  const whole = configuredBytes === null ? 'guest' : 'configured';
  if (learnedBytes === null) return most === null ? null : { bytes: most, basis: whole };
  const inIt = vm.up === false ? 0 : (vm.guestUsedBytes ?? vm.touchedBytes ?? 0);
  const together = addedBytes === 0 ? 0 : inIt + addedBytes;
  const comesTo = Math.max(learnedBytes, together);
  if (most !== null && comesTo > most) return { bytes: most, basis: whole };
  return { bytes: comesTo, basis: together > learnedBytes ? 'together' : 'learned' };
}
