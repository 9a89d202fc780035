import type { Admission } from '../../src-shared/world/clusters.ts';
import type { Memory } from '../../src-shared/world/vitals.ts';
import { GIB, MIB } from '../../src-shared/units.ts';
import type { VmInside } from './provider.ts';

/** What the guard weighs; bytes. */
export interface AdmissionFacts {
  readonly memory: Memory | null;
  readonly freeDiskBytes: number | null;
  /** V: the VM's learned peak, else its configured size. */
  readonly sizeBytes: number;
  /** Of V, what the host surely holds already because the VM is up. */
  readonly touchedBytes: number;
  /** The machine that it runs in, when one is known. */
  readonly inside?: VmInside | undefined;
}

type Rule = Admission['because'][number];
interface Rules {
  readonly refusing: readonly Rule[];
  readonly tight: readonly Rule[];
}

/** Compression ratio of guest RAM when the kernel has not told one; bounds as in the research page. */
const COMPRESSION = { assumed: 2.5, min: 1.5, max: 4 };
const REFUSE_RATIO = 0.5;
const TIGHT_RATIO = 0.65;
/** The host keeps this much for itself whatever happens. */
const KEEP_BYTES = 1.5 * GIB;
const TIGHT_SWAP_BYTES = GIB;
const TIGHT_SWAP_BYTES_PER_MINUTE = 50 * 1024 * 1024;
const STALL_PERCENT = 10;
/** Linux has no predicted ratio: a start that leaves less than this share of the RAM is tight. */
const LINUX_TIGHT_SHARE = 0.15;
/** A guest keeps this much beside what its containers use (research/vitals.md, section 5). */
const GUEST_KEEP_BYTES = 300 * MIB;

/**
 * May a cluster start now? The admission rule of research/vitals.md, section 5: the VM's size counts,
 * not what it uses, since it never gives RAM back; on macOS the compressor's future is predicted, on
 * Linux MemAvailable decides.
 */
export function admission(facts: AdmissionFacts): Admission {
  const { memory } = facts;
  if (memory === null) return unknownMemory(facts);
  const reserve = hostReserve(memory.totalBytes);
  const needBytes = Math.max(0, facts.sizeBytes - facts.touchedBytes) + reserve;
  const predictedRatio = predictRatio(memory, needBytes);
  const inGuest = guestRules(facts.inside);
  const onHost = hostRules(memory, facts, needBytes, predictedRatio);
  const refusing = [...inGuest.refusing, ...onHost.refusing];
  const tight = [...inGuest.tight, ...onHost.tight];
  return {
    ...vmOf(facts),
    verdict: refusing.length > 0 ? 'refuse' : tight.length > 0 ? 'tight' : 'fits',
    because: [...refusing, ...tight],
    needBytes,
    availableBytes: memory.availableBytes,
    totalBytes: memory.totalBytes,
    predictedRatio,
    wouldFitBytes: refusing.some((rule) => whateverSize.has(rule)) ? 0 : largestFit(memory, reserve),
  };
}

/**
 * What this Mac says. While nobody knows what the machine holds already, what it comes to hold yet is only the most
 * that it can be: that much is no ground to refuse.
 */
function hostRules(
  memory: Memory,
  facts: AdmissionFacts,
  needBytes: number,
  predicted: number | null,
): Rules {
  const refusing = refusals(memory, facts, needBytes, predicted);
  const tight = memory.pressureRatio === null ? linuxTight(memory, needBytes) : tightness(memory, predicted);
  const sure = refusing.filter((rule) => whateverNeed.has(rule));
  if (facts.inside?.weighed.touchedBytes !== null || sure.length === refusing.length)
    return { refusing, tight };
  return { refusing: sure, tight: [...tight, 'unknownHeld'] };
}

/** Rules of this Mac that do not ask what is needed. */
const whateverNeed: ReadonlySet<Rule> = new Set(['pressureNow', 'stalled']);
/** Rules that no smaller size would satisfy. */
const whateverSize: ReadonlySet<Rule> = new Set(['guestShort', 'pressureNow', 'stalled', 'diskShort']);

/** Room inside the machine: without the least no node comes up, whatever this Mac has free. */
function guestRules(inside: VmInside | undefined): Rules {
  const total = inside?.weighed.guestTotalBytes ?? null;
  if (inside === undefined || total === null || inside.wantedBytes === 0) return { refusing: [], tight: [] };
  const free = total - (inside.weighed.guestUsedBytes ?? 0) - GUEST_KEEP_BYTES;
  if (free < inside.leastBytes) return { refusing: ['guestShort'], tight: [] };
  return { refusing: [], tight: free < inside.wantedBytes ? ['guestTight'] : [] };
}

function vmOf({ inside }: AdmissionFacts): Pick<Admission, 'vm'> {
  return inside === undefined ? {} : { vm: inside.weighed };
}

function largestFit(memory: Memory, reserve: number): number {
  return Math.max(0, Math.min(memory.availableBytes, memory.totalBytes - KEEP_BYTES) - reserve);
}

/** R: 0.5 GB on a Mac of up to 8 GB, 1 GB above. */
function hostReserve(totalBytes: number): number {
  return totalBytes <= 8 * GIB ? 0.5 * GIB : GIB;
}

/** (A - compressor') / A, where what does not fit is squeezed into the compressor. Null off macOS. */
function predictRatio(memory: Memory, needBytes: number): number | null {
  const { pressureRatio, compressedBytes, compressorInputBytes } = memory;
  if (pressureRatio === null || compressedBytes === null || pressureRatio >= 1) return pressureRatio;
  // pressureRatio = N / A and A = N + compressor, so A follows from the two that are known.
  const all = compressedBytes / (1 - pressureRatio);
  const deficit = Math.max(0, needBytes - memory.availableBytes);
  const told =
    compressorInputBytes !== null && compressedBytes > 0
      ? compressorInputBytes / compressedBytes
      : COMPRESSION.assumed;
  const ratio = Math.min(COMPRESSION.max, Math.max(COMPRESSION.min, told));
  return Math.max(0, (all - (compressedBytes + deficit / (ratio - 1))) / all);
}

function refusals(
  memory: Memory,
  facts: AdmissionFacts,
  needBytes: number,
  predicted: number | null,
): Rule[] {
  const rules: Rule[] = [];
  const onLinux = memory.pressureRatio === null;
  if (!onLinux && memory.level !== null && memory.level !== 'normal') rules.push('pressureNow');
  if (predicted !== null && predicted < REFUSE_RATIO) rules.push('ratioLow');
  if (needBytes > memory.totalBytes - KEEP_BYTES) rules.push('needOverTotal');
  if (onLinux && needBytes > memory.availableBytes) rules.push('availableShort');
  if ((memory.stallSomePercent ?? 0) >= STALL_PERCENT) rules.push('stalled');
  if (facts.freeDiskBytes !== null && facts.freeDiskBytes < needBytes) rules.push('diskShort');
  return rules;
}

function tightness(memory: Memory, predicted: number | null): Rule[] {
  const rules: Rule[] = [];
  if (predicted !== null && predicted < TIGHT_RATIO && predicted >= REFUSE_RATIO) rules.push('ratioTight');
  return [...rules, ...swapRules(memory)];
}

function linuxTight(memory: Memory, needBytes: number): Rule[] {
  const left = memory.availableBytes - needBytes;
  const tight = left >= 0 && left < memory.totalBytes * LINUX_TIGHT_SHARE;
  return [...(tight ? (['availableTight'] as const) : []), ...swapRules(memory)];
}

function swapRules(memory: Memory): Rule[] {
  const rules: Rule[] = [];
  if ((memory.swapUsedBytes ?? 0) > TIGHT_SWAP_BYTES) rules.push('swapUsed');
  if ((memory.swapBytesPerMinute ?? 0) > TIGHT_SWAP_BYTES_PER_MINUTE) rules.push('swapRising');
  return rules;
}

/** Nothing was measured yet: the start is allowed and the screen says that nobody could check. */
function unknownMemory(facts: AdmissionFacts): Admission {
  const { refusing } = guestRules(facts.inside);
  return {
    ...vmOf(facts),
    verdict: refusing.length > 0 ? 'refuse' : 'tight',
    because: [...refusing, 'unknownMemory'],
    needBytes: facts.sizeBytes,
    availableBytes: null,
    totalBytes: null,
    predictedRatio: null,
    wouldFitBytes: null,
  };
}
