import { wholeNumber, within, type MemoryLevel, type MemoryReading } from '../readings.ts';

/**
 * Every name of one sample, asked in one call (research/vitals.md, section 2; readable without root).
 * A name that a later kernel lacks costs that value only: sysctl answers the rest.
 */
export const SYSCTL_NAMES = [
  'kern.memorystatus_vm_pressure_level',
  'hw.memsize',
  'vm.pagesize',
  'vm.page_free_count',
  'vm.page_purgeable_count',
  'vm.page_pageable_internal_count',
  'vm.page_pageable_external_count',
  'vm.compressor_bytes_used',
  'vm.compressor_input_bytes',
  'vm.swapusage',
] as const;

const LEVELS: Readonly<Record<string, MemoryLevel>> = { '1': 'normal', '2': 'warn', '4': 'critical' };

/**
 * Reads the output of `sysctl NAMES` (lines `name: value`).
 *
 * Used and available are approximations from page counters: N = free + internal + external pages is
 * what is not compressed; the ratio N / (N + compressor) is what the kernel's own thresholds look at
 * (xnu osfmk/vm/vm_pageout.c). `compressor_bytes_used` can be a little below the resident pages, so
 * the ratio reads a little high; the level is the kernel's own.
 *
 * @returns null when the page counters are missing: an incomplete sum would be a wrong number
 */
export function parseSysctlMemory(output: string): MemoryReading | null {
  const values = new Map(
    output.split('\n').flatMap((line) => {
      const at = line.indexOf(':');
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
    }),
  );
  const count = (name: (typeof SYSCTL_NAMES)[number]): number | null =>
    within(wholeNumber(values.get(name)), 0, Number.MAX_SAFE_INTEGER);
  const total = count('hw.memsize');
  const page = count('vm.pagesize');
  const free = count('vm.page_free_count');
  const purgeable = count('vm.page_purgeable_count');
  const external = count('vm.page_pageable_external_count');
  if (!total || !page || free === null || purgeable === null || external === null) return null;
  const compressed = count('vm.compressor_bytes_used');
  const available = Math.min(total, (free + external + purgeable) * page);
  return {
    usedBytes: total - available,
    availableBytes: available,
    totalBytes: total,
    wiredBytes: null,
    compressedBytes: compressed,
    compressorInputBytes: count('vm.compressor_input_bytes'),
    fileCacheBytes: external * page,
    ...swapOf(values.get('vm.swapusage') ?? ''),
    basis: 'pressureLevel',
    level: LEVELS[values.get('kern.memorystatus_vm_pressure_level') ?? ''] ?? null,
    pressureRatio: ratioOf(free, count('vm.page_pageable_internal_count'), external, page, compressed),
    stallSomePercent: null,
    stallFullPercent: null,
  };
}

/** Non-compressed share of (non-compressed + compressor), 0..1; null when a part is unknown. */
function ratioOf(
  free: number,
  internal: number | null,
  external: number,
  page: number,
  compressed: number | null,
): number | null {
  if (internal === null || compressed === null) return null;
  const plain = (free + internal + external) * page;
  return plain + compressed === 0 ? null : plain / (plain + compressed);
}

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** `total = 2048.00M  used = 1,50M  free = …  (encrypted)`: some locales print a decimal comma. */
function swapOf(text: string): Pick<MemoryReading, 'swapUsedBytes' | 'swapTotalBytes'> {
  const part = (name: string): number | null => {
    const match = new RegExp(`${name} = (\\d+)(?:[.,](\\d+))?([KMG])`).exec(text);
    if (!match) return null;
    const bytes = Number(`${match[1]}.${match[2] ?? '0'}`) * (UNITS[match[3] ?? ''] ?? NaN);
    return within(Math.round(bytes), 0, Number.MAX_SAFE_INTEGER);
  };
  return { swapUsedBytes: part('used'), swapTotalBytes: part('total') };
}
