import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../src-shared/settings.ts';
import type { Reason } from '../../../src-shared/world/vitals.ts';
import { heldRule } from '../../../test/doubles/held-rule.ts';
import type { MemoryLevel, MemoryReading } from '../readings.ts';
import type { StageContext } from './context.ts';
import { emptyLadder } from './ladder.ts';
import { memoryLevel, memoryStage, type MemoryInput } from './memory-stage.ts';

const MIB = 2 ** 20;

const nothing: MemoryReading = {
  usedBytes: 0,
  availableBytes: 0,
  totalBytes: 100,
  wiredBytes: null,
  compressedBytes: null,
  compressorInputBytes: null,
  fileCacheBytes: null,
  swapUsedBytes: null,
  swapTotalBytes: null,
  basis: 'pressureLevel',
  level: null,
  pressureRatio: null,
  stallSomePercent: null,
  stallFullPercent: null,
};

/** macOS: a level, and how fast swap grows (MB a minute). */
const mac = (level: MemoryLevel | null, growth: number | null = 0): MemoryInput => ({
  reading: { ...nothing, level },
  swapBytesPerMinute: growth === null ? null : growth * MIB,
  swapTrendBytesPerMinute: growth === null ? null : growth * MIB,
});

/** Linux: available and stalls in per cent. */
const linux = (availableBytes: number, some: number | null = 0, full: number | null = 0): MemoryInput => ({
  reading: { ...nothing, basis: 'available', availableBytes, stallSomePercent: some, stallFullPercent: full },
  swapBytesPerMinute: null,
  swapTrendBytesPerMinute: null,
});

function rig(given: Partial<StageContext> = {}) {
  let ladder = emptyLadder;
  let reasons: readonly Reason[] = [];
  let entries = 0;
  let exits = 0;
  const { hold } = heldRule((input: MemoryInput | null, context) => {
    const outcome = memoryStage(ladder, input, context);
    ladder = outcome.state;
    if (reasons.length === 0 && outcome.reasons.length > 0) entries += 1;
    if (reasons.length > 0 && outcome.reasons.length === 0) exits += 1;
    return (reasons = outcome.reasons);
  }, given);
  return {
    hold,
    metrics: () => [...new Set(reasons.map(({ metric }) => metric))],
    counts: () => ({ entries, exits }),
  };
}

describe('memory on macOS', () => {
  test('level 2 for 30 s is warn, 4 for 15 s drain, 4 for 60 s after the drain stop', () => {
    const memory = rig();
    expect(memory.hold(mac('warn'), 29)).toBe('ok');
    expect(memory.hold(mac('warn'), 1)).toBe('warn');
    expect(memory.hold(mac('critical'), 14)).toBe('warn');
    expect(memory.hold(mac('critical'), 1)).toBe('drain');
    expect(memory.hold(mac('critical'), 59)).toBe('drain');
    expect(memory.hold(mac('critical'), 1)).toBe('stop');
  });

  test('level 2 for 5 min with swap rising is drain; without it, it is not', () => {
    expect(rig().hold(mac('warn', 0), 3600)).toBe('warn');
    const memory = rig();
    expect(memory.hold(mac('warn', 20), 299)).toBe('warn');
    expect(memory.hold(mac('warn', 20), 1)).toBe('drain');
    const late = rig();
    late.hold(mac('warn', 0), 400);
    expect(late.hold(mac('warn', 20), 0)).toBe('drain');
  });

  test('swap growing by more than 100 MB a minute for 3 min is warn at any level', () => {
    const memory = rig();
    expect(memory.hold(mac('normal', 101), 179)).toBe('ok');
    expect(memory.hold(mac('normal', 101), 1)).toBe('warn');
    expect(memory.metrics()).toEqual(['memory.swapGrowth']);
    expect(rig().hold(mac('normal', 100), 3600)).toBe('ok');
    // Level 1 is not the end while swap grows on.
    expect(memory.hold(mac('normal', 101), 600)).toBe('warn');
    expect(memory.hold(mac('normal', 0), 120)).toBe('ok');
  });

  test('all end after level 1 for 120 s, and only then', () => {
    const memory = rig();
    memory.hold(mac('critical'), 90);
    expect(memory.hold(mac('warn'), 3600)).toBe('stop');
    expect(memory.hold(mac('normal'), 119)).toBe('stop');
    expect(memory.hold(mac('normal'), 1)).toBe('ok');
  });

  test('unknown freezes, a level that the kernel does not tell as well', () => {
    const memory = rig();
    memory.hold(mac('warn'), 30);
    expect(memory.hold(null, 3600)).toBe('warn');
    expect(memory.hold(mac(null, null), 3600)).toBe('warn');
  });

  test('on the core only warn; a single Mac drains at level 4, but never stops', () => {
    const core = rig({ role: 'core' });
    expect(core.hold(mac('critical', 500), 3600)).toBe('warn');
    const single = rig({ role: 'single' });
    expect(single.hold(mac('warn', 20), 3600)).toBe('warn');
    expect(single.hold(mac('critical', 500), 3600)).toBe('drain');
  });

  test('a time scale divides the dwells', () => {
    expect(rig({ timeScale: 10 }).hold(mac('warn'), 3)).toBe('warn');
  });

  test('vitals 8: pressure replay: N/A crossing 0.50 ten times in 60 s is at most one warn entry and one exit', () => {
    // The kernel warns under 0.50 and is calm again above 0.60 (xnu vm_pageout.c): the series crosses both.
    let level: MemoryLevel = 'normal';
    const kernel = (ratio: number): MemoryLevel => {
      if (ratio < 0.5) level = 'warn';
      else if (ratio > 0.6) level = 'normal';
      return level;
    };
    const memory = rig();
    for (let crossing = 0; crossing < 10; crossing += 1)
      memory.hold(mac(kernel(crossing % 2 === 0 ? 0.47 : 0.63)), 6);
    expect(memory.counts()).toEqual({ entries: 0, exits: 0 });
    memory.hold(mac(kernel(0.47)), 40);
    for (let crossing = 0; crossing < 10; crossing += 1)
      memory.hold(mac(kernel(crossing % 2 === 0 ? 0.63 : 0.47)), 6);
    expect(memory.counts()).toEqual({ entries: 1, exits: 0 });
    memory.hold(mac(kernel(0.7)), 200);
    expect(memory.counts()).toEqual({ entries: 1, exits: 1 });
  });
});

describe('memory on Linux', () => {
  test.each([
    ['warn', 15, 30],
    ['drain', 8, 15],
    ['stop', 4, 60],
  ] as const)('%s: available under %i per cent for %i s', (stage, limit, seconds) => {
    const memory = rig();
    expect(memory.hold(linux(limit - 0.1), seconds - 1)).not.toBe(stage);
    expect(memory.hold(linux(limit - 0.1), 1)).toBe(stage);
    expect(rig().hold(linux(limit), 3600)).not.toBe(stage);
  });

  test.each([
    ['warn', linux(50, 10, 0), 30],
    ['drain', linux(50, 0, 10), 15],
  ] as const)('%s by stalls', (stage, input, seconds) => {
    const memory = rig();
    expect(memory.hold(input, seconds - 1)).toBe('ok');
    expect(memory.hold(input, 1)).toBe(stage);
    expect(memory.metrics()).toEqual(['memory.stallPercent']);
  });

  test('each stage ends five points beyond its limit, for 120 s', () => {
    const memory = rig();
    memory.hold(linux(3), 60);
    expect(memory.hold(linux(8.9), 600)).toBe('stop');
    expect(memory.hold(linux(9), 120)).toBe('drain');
    expect(memory.hold(linux(13), 120)).toBe('warn');
    expect(memory.hold(linux(20), 119)).toBe('warn');
    expect(memory.hold(linux(20), 1)).toBe('ok');
  });

  test('stalls end at five points under the limit', () => {
    const memory = rig();
    memory.hold(linux(50, 12, 0), 30);
    expect(memory.hold(linux(50, 5.1, 0), 600)).toBe('warn');
    expect(memory.hold(linux(50, 5, 0), 120)).toBe('ok');
  });

  test('without PSI the available memory decides alone; unknown freezes with its own reason', () => {
    const memory = rig();
    expect(memory.hold(linux(10, null, null), 30)).toBe('warn');
    expect(memory.hold(null, 3600)).toBe('warn');
    expect(memory.metrics()).toEqual(['memory.availablePercent']);
  });

  test('the level shown is what the limits say of this moment', () => {
    const level = (input: MemoryInput) => memoryLevel(input.reading, defaultSettings.stages);
    expect(level(linux(50))).toBe('normal');
    expect(level(linux(14))).toBe('warn');
    expect(level(linux(50, 10, 0))).toBe('warn');
    expect(level(linux(7))).toBe('critical');
    expect(level(linux(50, 0, 10))).toBe('critical');
    expect(level(linux(50, null, null))).toBe('normal');
    expect(level(mac('critical'))).toBe('critical');
  });
});
