import { describe, expect, test } from 'vitest';
import { heldRule } from '../../../test/doubles/held-rule.ts';
import type { StageContext } from './context.ts';
import { emptyLadder } from './ladder.ts';
import { thermalStage } from './thermal-stage.ts';

function rig(given: Partial<StageContext> = {}) {
  let ladder = emptyLadder;
  return heldRule((level: number | null, context) => {
    const outcome = thermalStage(ladder, level, context);
    ladder = outcome.state;
    return outcome.reasons;
  }, given).hold;
}

describe('vitals 10: heat', () => {
  test('vitals 10: fanless: level 2 for 9 min -> ok, 11 min -> warn, never drain', () => {
    const hold = rig({ fanless: true });
    expect(hold(2, 540)).toBe('ok');
    expect(hold(2, 120)).toBe('warn');
    expect(hold(2, 7200)).toBe('warn');
  });

  test('vitals 10: level 3 for 31 s -> drain, 29 s not; for 5 min -> stop', () => {
    const hold = rig({ fanless: true });
    expect(hold(3, 29)).toBe('ok');
    expect(hold(3, 2)).toBe('drain');
    expect(hold(3, 268)).toBe('drain');
    expect(hold(3, 1)).toBe('stop');
  });

  test('with a fan level 2 is warn after 2 min', () => {
    const hold = rig();
    expect(hold(2, 119)).toBe('ok');
    expect(hold(2, 1)).toBe('warn');
  });

  test('level 4 is stop at once', () => {
    expect(rig()(4, 0)).toBe('stop');
  });

  test('all end after level 0 or 1 for 2 min; level 2 ends nothing', () => {
    const hold = rig();
    hold(4, 1);
    expect(hold(2, 3600)).toBe('stop');
    expect(hold(1, 119)).toBe('stop');
    hold(2, 1);
    expect(hold(1, 60)).toBe('stop');
    expect(hold(0, 59)).toBe('stop');
    expect(hold(0, 1)).toBe('ok');
  });

  test('unknown freezes', () => {
    const hold = rig();
    hold(3, 40);
    expect(hold(null, 3600)).toBe('drain');
    expect(rig()(null, 3600)).toBe('ok');
  });

  test('on the core only warn', () => {
    const hold = rig({ role: 'core' });
    expect(hold(4, 119)).toBe('ok');
    expect(hold(4, 3600)).toBe('warn');
  });
});
