import { wholeNumber, within } from '../readings.ts';

/** Page counters of `vm_stat`, in bytes. The fallback where sysctl lacks the page counters. */
export interface VmStat {
  readonly freeBytes: number;
  readonly wiredBytes: number;
  readonly purgeableBytes: number;
  readonly fileBackedBytes: number;
  /** RAM that the compressor occupies, and the original size of what is in it. */
  readonly compressedBytes: number;
  readonly compressorInputBytes: number;
  /** N / (N + compressor) with N = active + inactive + free + speculative; what the kernel looks at. */
  readonly pressureRatio: number;
}

/**
 * Reads one `vm_stat` table. The page size comes from the header only: 4096 is four times wrong on
 * Apple silicon. "Pages free" excludes the speculative pages already.
 *
 * @returns null when any counter is missing, never a partial sum
 */
export function parseVmStat(output: string): VmStat | null {
  const page = wholeNumber(/page size of (\d+) bytes/.exec(output)?.[1]);
  if (!page) return null;
  const bytes = (label: string): number => {
    const match = new RegExp(`^"?${label}"?:\\s+(\\d+)\\.?\\s*$`, 'm').exec(output);
    return (within(wholeNumber(match?.[1]), 0, 2 ** 40) ?? NaN) * page;
  };
  const free = bytes('Pages free');
  const plain = free + bytes('Pages active') + bytes('Pages inactive') + bytes('Pages speculative');
  const compressed = bytes('Pages occupied by compressor');
  const stat: VmStat = {
    freeBytes: free,
    wiredBytes: bytes('Pages wired down'),
    purgeableBytes: bytes('Pages purgeable'),
    fileBackedBytes: bytes('File-backed pages'),
    compressedBytes: compressed,
    compressorInputBytes: bytes('Pages stored in compressor'),
    pressureRatio: plain / (plain + compressed),
  };
  return Object.values(stat).every((value: number) => Number.isFinite(value)) ? stat : null;
}
