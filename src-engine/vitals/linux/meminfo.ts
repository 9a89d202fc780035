import { wholeNumber, within, type MemoryReading } from '../readings.ts';

/**
 * Reads `/proc/meminfo` (kibibytes) and `/proc/pressure/memory` (per cent of the last 10 s in which
 * some or all tasks stalled). Pressure may be absent or refused when PSI is off: then it is null.
 *
 * @returns null without MemTotal and MemAvailable
 */
export function parseLinuxMemory(meminfo: string, pressure: string | null): MemoryReading | null {
  const total = kibibytes(meminfo, 'MemTotal');
  const available = kibibytes(meminfo, 'MemAvailable');
  if (!total || available === null || available > total) return null;
  const swapTotal = kibibytes(meminfo, 'SwapTotal');
  const swapFree = kibibytes(meminfo, 'SwapFree');
  return {
    usedBytes: total - available,
    availableBytes: available,
    totalBytes: total,
    wiredBytes: null,
    compressedBytes: kibibytes(meminfo, 'Zswap'),
    compressorInputBytes: kibibytes(meminfo, 'Zswapped'),
    fileCacheBytes: fileCache(meminfo),
    swapUsedBytes: swapTotal === null || swapFree === null ? null : Math.max(0, swapTotal - swapFree),
    swapTotalBytes: swapTotal,
    basis: 'available',
    level: null,
    pressureRatio: null,
    stallSomePercent: stall(pressure, 'some'),
    stallFullPercent: stall(pressure, 'full'),
  };
}

function kibibytes(meminfo: string, name: string): number | null {
  const digits = new RegExp(`^${name}:\\s+(\\d+) kB\\s*$`, 'm').exec(meminfo)?.[1];
  const value = within(wholeNumber(digits), 0, 2 ** 42);
  return value === null ? null : value * 1024;
}

/** Shared memory is counted as cached, but it cannot be dropped. */
function fileCache(meminfo: string): number | null {
  const cached = kibibytes(meminfo, 'Cached');
  if (cached === null) return null;
  const buffers = kibibytes(meminfo, 'Buffers') ?? 0;
  return Math.max(0, cached + buffers - (kibibytes(meminfo, 'Shmem') ?? 0));
}

function stall(pressure: string | null, who: 'some' | 'full'): number | null {
  const text = new RegExp(`^${who} avg10=(\\d{1,3}(?:\\.\\d+)?)\\b`, 'm').exec(pressure ?? '')?.[1];
  return text === undefined ? null : within(Number(text), 0, 100);
}
