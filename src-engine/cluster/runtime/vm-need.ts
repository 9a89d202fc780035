import { MIB } from '../../../src-shared/units.ts';
import type { VmWeighed } from '../../../src-shared/world/clusters.ts';
import type { ClusterRecord, MemoryNeed } from '../provider.ts';

/** What is known of the machine that a cluster will run in. */
export interface VmFacts {
  /** Of the runtime, as people call it. */
  readonly runtime: string;
  readonly up: boolean;
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
 * What a start will come to hold on this Mac, on the truth: the machine's learned peak, else its configured
 * size, since it gives nothing back; less what it holds already (research/vitals.md, section 5).
 *
 * @param own what the provider knows by itself; it stands when nothing is known of the machine
 */
export function needInVm(own: MemoryNeed, { nodes }: Pick<ClusterRecord, 'nodes'>, vm: VmFacts): MemoryNeed {
  const size = sizeOf(vm);
  if (size === null) return own;
  const held = vm.up ? Math.max(vm.touchedBytes ?? 0, vm.guestUsedBytes ?? 0) : 0;
  const touchedBytes = Math.min(size.bytes, held);
  const isIn = own.touchedBytes >= own.needBytes;
  const weighed: VmWeighed = {
    runtime: vm.runtime,
    basis: size.basis,
    sizeBytes: size.bytes,
    touchedBytes,
    // What the guest saw in its last run is old when somebody has given it another size since.
    guestTotalBytes: vm.up ? vm.guestTotalBytes : (vm.configuredBytes ?? vm.guestTotalBytes),
    guestUsedBytes: vm.up ? vm.guestUsedBytes : null,
  };
  return {
    needBytes: size.bytes,
    touchedBytes,
    inside: {
      weighed,
      leastBytes: isIn ? 0 : CONTROL_PLANE_BYTES + (nodes - 1) * WORKER_BYTES,
      wantedBytes: isIn ? 0 : own.needBytes,
    },
  };
}

function sizeOf(vm: VmFacts): { bytes: number; basis: VmWeighed['basis'] } | null {
  const { learnedBytes, configuredBytes, guestTotalBytes } = vm;
  const most = configuredBytes ?? guestTotalBytes;
  if (learnedBytes !== null) return { bytes: Math.min(learnedBytes, most ?? Infinity), basis: 'learned' };
  if (configuredBytes !== null) return { bytes: configuredBytes, basis: 'configured' };
  return guestTotalBytes === null ? null : { bytes: guestTotalBytes, basis: 'guest' };
}
