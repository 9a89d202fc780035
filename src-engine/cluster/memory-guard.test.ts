import { describe, expect, test } from 'vitest';
import { GIB } from '../../src-shared/units.ts';
import type { Memory } from '../../src-shared/world/vitals.ts';
import { admission, type AdmissionFacts } from './memory-guard.ts';

const base: Memory = {
  source: 'test',
  sampledAt: '2026-01-01T00:00:00.000Z',
  usedBytes: 4 * GIB,
  availableBytes: 3.5 * GIB,
  totalBytes: 8 * GIB,
  wiredBytes: 1.5 * GIB,
  compressedBytes: 0.5 * GIB,
  compressorInputBytes: null,
  fileCacheBytes: null,
  swapUsedBytes: 0,
  swapTotalBytes: 0,
  swapBytesPerMinute: 0,
  level: 'normal',
  pressureRatio: null,
  stallSomePercent: null,
  stallFullPercent: null,
  minutesToWarn: null,
};
/** The worked Mac of the research page: 8 GB, wired 1.5, V = 4, R = 0.5, c = 2.5; A = 8 - 1.5. */
function mac(availableGb: number, compressorGb: number, over: Partial<Memory> = {}): AdmissionFacts {
  const all = 6.5;
  const memory = {
    ...base,
    availableBytes: availableGb * GIB,
    compressedBytes: compressorGb * GIB,
    compressorInputBytes: compressorGb * 2.5 * GIB,
    pressureRatio: (all - compressorGb) / all,
    ...over,
  };
  return { memory, freeDiskBytes: 100 * GIB, sizeBytes: 4 * GIB, touchedBytes: 0 };
}
function linux(availableGb: number, over: Partial<Memory> = {}): AdmissionFacts {
  const memory = {
    ...base,
    totalBytes: 16 * GIB,
    availableBytes: availableGb * GIB,
    compressedBytes: null,
    ...over,
  };
  return { memory, freeDiskBytes: 100 * GIB, sizeBytes: 4 * GIB, touchedBytes: 0 };
}

describe('vitals 14: admission', () => {
  test.each([
    [3.5, 0.5, 'fits', 0.82],
    [3.0, 1.0, 'fits', 0.69],
    [2.0, 1.5, 'tight', 0.51],
    [1.0, 2.0, 'refuse', 0.33],
  ])('worked case: %d GB free, %d GB compressed: %s at %d', (available, compressor, verdict, ratio) => {
    const result = admission(mac(available, compressor));
    expect(result.verdict).toBe(verdict);
    expect(result.predictedRatio).toBeCloseTo(ratio, 1);
  });

  test('the kernel warns now: refused, whatever the sums say', () => {
    expect(admission(mac(3.5, 0.5, { level: 'warn' }))).toMatchObject({
      verdict: 'refuse',
      because: ['pressureNow'],
    });
  });

  test('a VM that is up at its peak needs the host reserve only', () => {
    const result = admission({ ...mac(1, 1), touchedBytes: 4 * GIB });
    expect(result).toMatchObject({ verdict: 'fits', needBytes: 0.5 * GIB });
  });

  test('swap in use or rising is tight', () => {
    expect(admission(mac(3.5, 0.5, { swapUsedBytes: 2 * GIB })).because).toEqual(['swapUsed']);
    expect(admission(mac(3.5, 0.5, { swapBytesPerMinute: 60 * 1024 * 1024 })).because).toEqual([
      'swapRising',
    ]);
  });

  test('a VM larger than the machine can spare, or than the disk, is refused', () => {
    expect(admission({ ...mac(3.5, 0.5), sizeBytes: 6.5 * GIB }).because).toContain('needOverTotal');
    expect(admission({ ...mac(3.5, 0.5), freeDiskBytes: GIB }).because).toEqual(['diskShort']);
  });

  test('Linux: what is available decides, and stalls refuse', () => {
    expect(admission(linux(12)).verdict).toBe('fits');
    expect(admission(linux(6)).because).toEqual(['availableTight']);
    expect(admission(linux(4)).because).toEqual(['availableShort']);
    expect(admission(linux(12, { stallSomePercent: 12 })).because).toEqual(['stalled']);
  });

  test('says which size would fit now', () => {
    expect(admission(linux(4)).wouldFitBytes).toBe(3 * GIB);
    expect(admission(mac(0.2, 3)).wouldFitBytes).toBe(0);
    // Pressure now: no size is small enough.
    expect(admission(mac(3.5, 0.5, { level: 'warn' })).wouldFitBytes).toBe(0);
  });

  describe('the machine that it runs in', () => {
    const inside = (guestGb: number, usedGb: number | null, least = 0.6, wanted = 2) => ({
      weighed: {
        runtime: 'Colima',
        basis: 'configured' as const,
        sizeBytes: 4 * GIB,
        touchedBytes: 0,
        guestTotalBytes: guestGb * GIB,
        guestUsedBytes: usedGb === null ? null : usedGb * GIB,
      },
      leastBytes: least * GIB,
      wantedBytes: wanted * GIB,
    });

    test('is shown with its numbers, and says nothing when there is room', () => {
      const facts = { ...mac(3.5, 0.5), inside: inside(3.8, 0.5) };
      expect(admission(facts)).toMatchObject({ verdict: 'fits', vm: facts.inside.weighed });
      expect(admission(mac(3.5, 0.5))).not.toHaveProperty('vm');
    });

    test('too little for its nodes is refused, whatever this Mac has free; less than usual is tight', () => {
      expect(admission({ ...mac(3.5, 0.5), inside: inside(1.9, 1.1) })).toMatchObject({
        because: ['guestShort'],
        wouldFitBytes: 0,
      });
      expect(admission({ ...mac(3.5, 0.5), inside: inside(1.9, null) })).toMatchObject({
        verdict: 'tight',
        because: ['guestTight'],
      });
    });

    test('a cluster that runs in it takes nothing more', () => {
      expect(admission({ ...mac(3.5, 0.5), inside: inside(1.9, 1.9, 0, 0) }).verdict).toBe('fits');
    });

    test('while nobody knows what it holds already it may be tight, and is refused for nothing that depends on that', () => {
      const unseen = inside(7.8, 1);
      const facts = {
        ...mac(1, 2),
        sizeBytes: 8 * GIB,
        inside: { ...unseen, weighed: { ...unseen.weighed, touchedBytes: null } },
      };
      expect(admission({ ...facts, inside: unseen }).verdict).toBe('refuse');
      expect(admission(facts)).toMatchObject({ verdict: 'tight', because: ['unknownHeld'] });
      expect(admission({ ...linux(4), inside: facts.inside })).toMatchObject({
        verdict: 'tight',
        because: ['unknownHeld'],
      });
      const now = admission({ ...mac(1, 2, { level: 'warn' }), sizeBytes: 8 * GIB, inside: facts.inside });
      expect(now).toMatchObject({ verdict: 'refuse', because: ['pressureNow', 'unknownHeld'] });
      // All of it would fit: there is nothing that would have to be known.
      expect(admission({ ...mac(3.5, 0.5), inside: facts.inside }).verdict).toBe('fits');
    });

    test('is refused also when nobody could read the memory of this Mac', () => {
      expect(admission({ ...mac(3, 1), memory: null, inside: inside(0.8, null) })).toMatchObject({
        verdict: 'refuse',
        because: ['guestShort', 'unknownMemory'],
      });
    });
  });

  test('without a measurement it does not pretend to have one', () => {
    expect(admission({ ...linux(4), memory: null })).toMatchObject({
      verdict: 'tight',
      because: ['unknownMemory'],
      availableBytes: null,
    });
  });
});
