import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batteryOfBlock, parsePmsetBlock, parsePmsetSupply } from './pmset-battery.ts';

// Built from the grammar of PowerManagement pmset/pmset.m (research/vitals.md, section 2).
const block = (from: string, supply: string) =>
  `Now drawing from '${from}'\n -InternalBattery-0 (id=4522083)\t${supply} present: true\n`;

const reading = (output: string) => {
  const parsed = parsePmsetBlock(output);
  return parsed && batteryOfBlock(parsed);
};

describe('vitals 1: pmset states table', () => {
  test.each([
    ['charged, 0:00', 'AC Power', '100%; charged; 0:00 remaining', 'charged', 100, null, true],
    ['charging', 'AC Power', '40%; charging; 1:10 remaining', 'charging', 40, 70, true],
    ['charging, no estimate', 'AC Power', '79%; charging; (no estimate)', 'charging', 79, null, true],
    ['finishing charge', 'AC Power', '99%; finishing charge; 0:05 remaining', 'finishing', 99, 5, true],
    ['discharging', 'Battery Power', '98%; discharging; 3:38 remaining', 'discharging', 98, 218, false],
    ['two-digit hour', 'Battery Power', '85%; discharging; 10:21 remaining', 'discharging', 85, 621, false],
    ['just unplugged', 'Battery Power', '53%; discharging; (no estimate)', 'discharging', 53, null, false],
    ['attached, not charging', 'AC Power', '79%; AC attached; not charging', 'notCharging', 79, null, true],
    [
      'held by another tool',
      'Battery Power',
      '80%; AC attached; not charging',
      'notCharging',
      80,
      null,
      false,
    ],
    [
      'an extra field',
      'AC Power',
      '62%; charging; 0:50 remaining rawExternalConnected: 1',
      'charging',
      62,
      50,
      true,
    ],
    [
      'health in brackets',
      'Battery Power',
      '9%; discharging; 0:20 remaining (Good/Fair)',
      'discharging',
      9,
      20,
      false,
    ],
    ['a state of a later system', 'AC Power', '70%; optimising', 'unknown', 70, null, true],
  ])('vitals 1: %s', (_, from, supply, state, percent, osMinutes, onAC) => {
    expect(reading(block(from, supply))).toMatchObject({ present: true, state, percent, osMinutes, onAC });
  });

  test('vitals 1: failure and warning lines change nothing', () => {
    const output =
      block('Battery Power', '12%; discharging; 0:31 remaining') +
      '\tfailure: \'Permanent Battery Failure\'\n\tDetailed failures: "Cell imbalance"\n\tBattery Warning: Early\n';
    expect(reading(output)).toMatchObject({ state: 'discharging', percent: 12, osMinutes: 31 });
  });

  test('vitals 1: an older line without id, and `; present`', () => {
    expect(parsePmsetSupply(' -InternalBattery-0\t62%; discharging; 16:52 remaining; present: true')).toEqual(
      {
        name: 'InternalBattery-0',
        internal: true,
        present: true,
        percent: 62,
        state: 'discharging',
        osMinutes: 1012,
      },
    );
  });
});

describe('vitals 2: a desktop, and a UPS', () => {
  test('vitals 2: the header alone is a machine without a battery, on AC', () => {
    expect(reading("Now drawing from 'AC Power'\n")).toMatchObject({
      present: false,
      onAC: true,
      percent: null,
    });
  });

  test('vitals 2: UPS and battery lines are both parsed; drawing from the UPS is not AC', () => {
    const output =
      "Now drawing from 'UPS Power'\n" +
      ' -InternalBattery-0 (id=1)\t100%; charged; 0:00 remaining present: true\n' +
      ' -Back-UPS ES 700 (id=2)\t64%; discharging; 0:22 remaining present: true\n';
    const parsed = parsePmsetBlock(output);
    expect(parsed?.supplies.map(({ name, percent }) => [name, percent])).toEqual([
      ['InternalBattery-0', 100],
      ['Back-UPS ES 700', 64],
    ]);
    expect(reading(output)).toMatchObject({ percent: 100, onAC: false });
  });

  test('vitals 2: a desktop on its UPS shows the UPS', () => {
    const output =
      "Now drawing from 'UPS Power'\n -Back-UPS ES 700 (id=2)\t64%; discharging; 0:22 remaining present: true\n";
    expect(reading(output)).toMatchObject({ present: true, percent: 64, onAC: false, osMinutes: 22 });
  });

  test('a battery that is not present is none', () => {
    expect(reading(block('AC Power', '0%; charging;').replace('true', 'false'))).toMatchObject({
      present: false,
    });
  });

  test('what is no output of pmset is unknown, not "no battery"', () => {
    expect(reading('')).toBeNull();
    expect(reading('usage: pmset …\n')).toBeNull();
  });
});

describe('vitals 4: sentinels of pmset', () => {
  test.each(['20:00', '0:00', '99:99', '1092:15', '(no estimate)', '-1:00'])(
    'vitals 4: %s remaining while discharging is unknown',
    (time) => {
      const text = time.startsWith('(') ? time : `${time} remaining`;
      expect(reading(block('Battery Power', `50%; discharging; ${text}`))?.osMinutes).toBeNull();
    },
  );

  test('vitals 4: 19:59 is the longest that is believed', () => {
    expect(reading(block('Battery Power', '50%; discharging; 19:59 remaining'))?.osMinutes).toBe(1199);
  });

  test('no junk yields a number out of range', () => {
    const junk = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.integer({ min: 0, max: 999 }), fc.string(), fc.integer({ min: 0, max: 999 }), fc.nat(99))
        .map(
          ([percent, words, hours, minutes]) =>
            ` -Internal (id=1)\t${percent}%; ${words}; ${hours}:${minutes} remaining`,
        ),
    );
    fc.assert(
      fc.property(junk, (text) => {
        const result = reading(text);
        if (result?.percent != null) expect(result.percent >= 0 && result.percent <= 100).toBe(true);
        if (result?.osMinutes != null) expect(result.osMinutes >= 1 && result.osMinutes <= 1199).toBe(true);
      }),
    );
  });
});
