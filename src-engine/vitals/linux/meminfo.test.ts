import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLinuxMemory } from './meminfo.ts';

/** The layout of an Intel machine of today; `MemTotal` with its odd amount of blanks. */
const meminfo = `MemTotal:       16502300 kB
MemFree:        11357020 kB
MemAvailable:   12489624 kB
Buffers:          163660 kB
Cached:          1509168 kB
SwapCached:            0 kB
Active:          3272744 kB
Shmem:            402044 kB
SwapTotal:      16778236 kB
SwapFree:       16700000 kB
HugePages_Total:       0
`;
const pressure = `some avg10=2.32 avg60=3.51 avg300=4.44 total=1234567
full avg10=1.05 avg60=0.50 avg300=0.10 total=345678
`;

describe('vitals 13: Linux memory', () => {
  test('vitals 13: meminfo and PSI', () => {
    expect(parseLinuxMemory(meminfo, pressure)).toMatchObject({
      totalBytes: 16_502_300 * 1024,
      availableBytes: 12_489_624 * 1024,
      usedBytes: (16_502_300 - 12_489_624) * 1024,
      fileCacheBytes: (1_509_168 + 163_660 - 402_044) * 1024,
      swapTotalBytes: 16_778_236 * 1024,
      swapUsedBytes: 78_236 * 1024,
      stallSomePercent: 2.32,
      stallFullPercent: 1.05,
      basis: 'available',
      level: null,
      wiredBytes: null,
    });
  });

  test('vitals 13: PSI may be switched off, or of an older kernel', () => {
    expect(parseLinuxMemory(meminfo, null)).toMatchObject({ stallSomePercent: null, stallFullPercent: null });
    expect(parseLinuxMemory(meminfo, '')).toMatchObject({ stallSomePercent: null });
    expect(parseLinuxMemory(meminfo, pressure.split('\n')[0] ?? '')).toMatchObject({
      stallSomePercent: 2.32,
      stallFullPercent: null,
    });
    expect(parseLinuxMemory(meminfo, 'some avg10=-1.00 avg60=0\n')).toMatchObject({ stallSomePercent: null });
  });

  test.each(['MemTotal', 'MemAvailable'])('vitals 13: without %s there is no reading', (name) => {
    expect(parseLinuxMemory(meminfo.replace(new RegExp(`^${name}:.*\n`, 'm'), ''), pressure)).toBeNull();
  });

  test('vitals 13: a machine without swap values', () => {
    const text = meminfo.replace(/^Swap.*\n/gm, '');
    expect(parseLinuxMemory(text, null)).toMatchObject({ swapUsedBytes: null, swapTotalBytes: null });
  });

  test('half a file, or junk, yields no number out of range', () => {
    fc.assert(
      fc.property(fc.nat(meminfo.length), fc.string(), fc.string(), (cut, tail, stall) => {
        const reading = parseLinuxMemory(meminfo.slice(0, cut) + tail, `some avg10=${stall}`);
        for (const value of Object.values(reading ?? {}))
          if (typeof value === 'number') expect(Number.isFinite(value) && value >= 0).toBe(true);
      }),
    );
  });
});
