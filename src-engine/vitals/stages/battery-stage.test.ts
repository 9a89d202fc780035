import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Stage } from '../../../src-shared/world/vitals.ts';
import { heldRule } from '../../../test/doubles/held-rule.ts';
import { batteryStage, freshBatteryStage, type BatteryInput } from './battery-stage.ts';
import type { StageContext } from './context.ts';

function rig(given: Partial<StageContext> = {}) {
  let state = freshBatteryStage;
  let sample = 0;
  let lastOnAC: boolean | null = null;
  const entered: string[] = [];
  let stages: string[] = [];
  let latched = false;
  let due: number | null = null;

  const held = heldRule((input: Partial<BatteryInput> | null, context) => {
    lastOnAC = input?.onAC ?? lastOnAC;
    const full = input && {
      percent: null,
      onAC: null,
      minutesToStop: null,
      confidence: 'none' as const,
      sample,
      ...input,
    };
    const outcome = batteryStage(state, full, lastOnAC, context);
    state = outcome.state;
    const now = outcome.reasons.map(({ metric, stage }) => `${metric} ${stage}`);
    for (const reason of now) if (!stages.includes(reason)) entered.push(reason);
    stages = now;
    ({ latched, dueMs: due } = outcome);
    return outcome.reasons;
  }, given);

  return {
    ...held,
    /** The next estimate: `minutes` with this confidence. */
    estimate(
      minutesToStop: number | null,
      confidence: BatteryInput['confidence'] = 'good',
      onAC = false,
    ): Stage {
      sample += 1;
      return held.judge({ percent: 80, onAC, minutesToStop, confidence });
    },
    entered: () => entered,
    reasons: () => stages,
    latched: () => latched,
    dueMs: () => due,
  };
}

const onBattery = (percent: number) => ({ percent, onAC: false });
const onAC = (percent: number) => ({ percent, onAC: true });

describe('battery percentage', () => {
  test.each([
    [35, 'warn', 30],
    [25, 'drain', 15],
    [15, 'stop', 15],
  ] as const)('<= %i per cent is %s after %i s, not before', (percent, stage, seconds) => {
    const early = rig();
    expect(early.hold(onBattery(percent), seconds - 1)).not.toBe(stage);
    expect(early.hold(onBattery(percent), 1)).toBe(stage);
    expect(rig().hold(onBattery(percent + 1), 600)).not.toBe(stage);
  });

  test('on AC nothing is raised', () => {
    expect(rig().hold(onAC(3), 3600)).toBe('ok');
  });

  test('warn ends at 40 %, or on AC at once', () => {
    const rising = rig();
    rising.hold(onBattery(35), 30);
    expect(rising.hold(onBattery(39), 600)).toBe('warn');
    expect(rising.judge(onBattery(40))).toBe('ok');
    const plugged = rig();
    plugged.hold(onBattery(35), 30);
    expect(plugged.judge(onAC(35))).toBe('ok');
  });

  test.each([20, 10])('drain and stop at %i per cent are latched until AC 60 s and 35 %%', (percent) => {
    const battery = rig();
    const raised = battery.hold(onBattery(percent), 60);
    expect(battery.latched()).toBe(true);
    // Without AC no percentage releases it.
    expect(battery.hold(onBattery(60), 300)).toBe(raised);
    expect(battery.hold(onAC(34), 600)).toBe(raised);
    expect(battery.judge(onAC(35))).toBe('ok');
    expect(battery.latched()).toBe(false);
  });

  test('AC must last 60 s without a break', () => {
    const battery = rig();
    battery.hold(onBattery(20), 60);
    battery.hold(onAC(50), 59);
    battery.hold(onBattery(50), 1);
    expect(battery.hold(onAC(50), 59)).toBe('drain');
    expect(battery.hold(onAC(50), 1)).toBe('ok');
  });

  test('the latch says when it will be released, without a further reading', () => {
    const battery = rig();
    battery.hold(onBattery(20), 60);
    battery.at(100);
    battery.judge(onAC(50));
    expect(battery.dueMs()).toBe(160_000);
  });

  test('a time scale divides dwells and the latch', () => {
    const battery = rig({ timeScale: 10 });
    expect(battery.hold(onBattery(20), 2)).toBe('drain');
    expect(battery.hold(onAC(50), 6)).toBe('ok');
  });

  test.each(['single', 'edge'] as const)('role %s has all stages', (role) => {
    expect(rig({ role }).hold(onBattery(10), 60)).toBe('stop');
  });

  test('on the core only warn exists, and nothing is latched', () => {
    const core = rig({ role: 'core' });
    expect(core.hold(onBattery(3), 3600)).toBe('warn');
    expect(core.latched()).toBe(false);
    expect(core.judge(onAC(3))).toBe('ok');
  });

  test('a wobble of a point at each limit fires nothing twice', () => {
    const battery = rig();
    for (const limit of [35, 25, 15])
      for (let turn = 0; turn < 120; turn += 1)
        battery.hold(onBattery(limit + (turn % 2 === 0 ? 1 : -1)), 20);
    expect(battery.entered()).toEqual([
      'battery.percent warn',
      'battery.percent drain',
      'battery.percent stop',
    ]);
  });
});

describe('battery unknown', () => {
  test('freezes the stage', () => {
    const battery = rig();
    battery.hold(onBattery(20), 60);
    expect(battery.hold(null, 200)).toBe('drain');
  });

  test('for 5 min on battery it is warn; known again, it ends', () => {
    const battery = rig();
    battery.hold(onBattery(80), 10);
    expect(battery.hold(null, 299)).toBe('ok');
    expect(battery.hold(null, 2)).toBe('warn');
    expect(battery.reasons()).toEqual(['battery.unknown warn']);
    expect(battery.judge(onBattery(80))).toBe('ok');
  });

  test('a percentage that is unknown while the supply answers is unknown as well', () => {
    const battery = rig();
    expect(battery.hold({ percent: null, onAC: false }, 301)).toBe('warn');
  });

  test.each([[onAC(80)], [null]])('last known %j: never', (last) => {
    const battery = rig();
    battery.hold(last, 10);
    expect(battery.hold(null, 3600)).toBe('ok');
  });
});

describe('minutes left', () => {
  test.each([
    [45, 'warn'],
    [20, 'drain'],
    [5, 'stop'],
  ] as const)('<= %i for three samples of good confidence is %s', (minutes, stage) => {
    const battery = rig();
    expect(battery.estimate(minutes)).toBe('ok');
    expect(battery.estimate(minutes)).toBe('ok');
    expect(battery.estimate(minutes)).toBe(stage);
  });

  test('the same sample judged again is not a sample', () => {
    const battery = rig();
    battery.estimate(10);
    const input = { percent: 80, onAC: false, minutesToStop: 10, confidence: 'good' as const };
    expect(battery.hold(input, 600)).toBe('ok');
  });

  test.each(['low', 'none'] as const)('confidence %s counts for nothing', (confidence) => {
    const battery = rig();
    for (let turn = 0; turn < 20; turn += 1) battery.estimate(1, confidence);
    expect(battery.entered()).toEqual([]);
    battery.estimate(1);
    battery.estimate(1);
    battery.estimate(1, confidence);
    battery.estimate(1);
    expect(battery.entered()).toEqual([]);
  });

  test('a sample above the limit breaks the row', () => {
    const battery = rig();
    for (const minutes of [45, 45, 46, 45, 45]) expect(battery.estimate(minutes)).toBe('ok');
    expect(battery.estimate(45)).toBe('warn');
  });

  test('warn ends after five samples above one and a half times the limit, or on AC', () => {
    const battery = rig();
    for (let turn = 0; turn < 3; turn += 1) battery.estimate(45);
    for (const minutes of [68, 68, 68, 68, 67.5, 68, 68, 68, 68])
      expect(battery.estimate(minutes)).toBe('warn');
    expect(battery.estimate(68)).toBe('ok');
    for (let turn = 0; turn < 3; turn += 1) battery.estimate(45);
    expect(battery.estimate(null, 'none', true)).toBe('ok');
  });

  test('drain and stop by minutes are latched like those by percentage', () => {
    const battery = rig();
    for (let turn = 0; turn < 3; turn += 1) battery.estimate(4);
    for (let turn = 0; turn < 20; turn += 1) battery.estimate(200);
    expect(battery.latched()).toBe(true);
    expect(battery.hold(onAC(80), 59)).toBe('stop');
    expect(battery.hold(onAC(80), 1)).toBe('ok');
  });

  test('three usual drains are left for the drain', () => {
    const slow = rig({ usualDrainMs: 10 * 60_000 });
    slow.estimate(30);
    slow.estimate(30);
    expect(slow.estimate(30)).toBe('drain');
    const quick = rig({ usualDrainMs: 60_000 });
    for (let turn = 0; turn < 5; turn += 1) expect(quick.estimate(21)).not.toBe('drain');
  });

  test('on the core only warn', () => {
    const core = rig({ role: 'core' });
    for (let turn = 0; turn < 10; turn += 1) core.estimate(1);
    expect(core.reasons()).toEqual(['battery.minutesToStop warn']);
  });
});

test('whatever is read, a latched stage ends on AC only', () => {
  const reading = fc.oneof(
    fc.record({ percent: fc.integer({ min: 0, max: 100 }), onAC: fc.boolean() }),
    fc.constant(null),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(reading, fc.integer({ min: 0, max: 90 })), { maxLength: 30 }), (steps) => {
      const battery = rig();
      for (const [input, seconds] of steps) {
        const before = battery.latched();
        const stage = battery.hold(input, seconds);
        if (before && !battery.latched()) {
          expect(input?.onAC).toBe(true);
          expect(input?.percent).toBeGreaterThanOrEqual(35);
        }
        if (battery.latched()) expect(['drain', 'stop']).toContain(stage);
      }
    }),
    { numRuns: 60 },
  );
});
