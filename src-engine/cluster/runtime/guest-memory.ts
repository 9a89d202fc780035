/** The machine's RAM as its own kernel tells it, from inside a node of ours. */
export interface GuestMemory {
  /** Of this run of the machine. */
  readonly bootId: string;
  readonly totalBytes: number;
  /** Not free, the file cache among it: pages that the host has to hold. */
  readonly touchedBytes: number;
}

/** What is run inside a node: neither file is a container's own, both tell of the machine. */
export const GUEST_SCRIPT = 'cat /proc/sys/kernel/random/boot_id /proc/meminfo';

/** Reads what the script prints; null when it is not that. */
export function parseGuest(text: string): GuestMemory | null {
  const bootId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/m.exec(text)?.[0];
  const total = kibibytes(text, 'MemTotal');
  const free = kibibytes(text, 'MemFree');
  if (bootId === undefined || total === null || free === null || free > total) return null;
  return { bootId, totalBytes: total, touchedBytes: total - free };
}

function kibibytes(text: string, key: string): number | null {
  const value = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return value === undefined ? null : Number(value) * 1024;
}

/** One run of the machine: the most that it was seen to hold. */
export interface VmRun {
  readonly bootId: string;
  readonly peakBytes: number;
}

const KEEP = 20;
/** Fewer runs than this say little about what it usually comes to hold. */
const LEARNED_AFTER = 3;

/** The runs with this reading: a machine never gives a page back, so the most it held is what it holds. */
export function withReading(runs: readonly VmRun[], { bootId, touchedBytes }: GuestMemory): VmRun[] {
  const before = runs.find((run) => run.bootId === bootId);
  const peakBytes = Math.max(before?.peakBytes ?? 0, touchedBytes);
  return [...runs.filter((run) => run.bootId !== bootId), { bootId, peakBytes }].slice(-KEEP);
}

/**
 * What the machine comes to hold: the 95th percentile of its runs here, by nearest rank, so that one odd run in
 * twenty does not decide (research/vitals.md, section 5). Null before three runs.
 */
export function learnedPeak(runs: readonly VmRun[]): number | null {
  if (runs.length < LEARNED_AFTER) return null;
  const sorted = runs.map(({ peakBytes }) => peakBytes).sort((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? null;
}
