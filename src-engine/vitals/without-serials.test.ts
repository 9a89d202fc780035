import { expect, test } from 'vitest';
import { withoutSerials } from './without-serials.ts';

test('serial numbers go, values and shape stay', () => {
  const text = [
    '      "Serial" = "D861435N2WLFWLKHV"',
    '      "BatterySerialNumber" = "F8Y0001"',
    '      "ManufacturerData" = <00000000000300000d2e>',
    '      "AdapterDetails" = {"Watts"=96,"SerialString"="C4H04","Serial"=12345,"Name"="96W"}',
    '      "BatteryData" = {"StateOfCharge"=95,"Serial"="D86","CycleCount"=111}',
    '      "CycleCount" = 41',
    'POWER_SUPPLY_SERIAL_NUMBER= 41167',
    'POWER_SUPPLY_CAPACITY=98',
  ].join('\n');
  const clean = withoutSerials(text);
  for (const secret of [
    'D861435N2WLFWLKHV',
    'F8Y0001',
    '00000000000300000d2e',
    'C4H04',
    '12345',
    'D86',
    '41167',
  ])
    expect(clean).not.toContain(secret);
  for (const kept of [
    '"Watts"=96',
    '"Name"="96W"',
    '"CycleCount"=111}',
    '"CycleCount" = 41',
    'CAPACITY=98',
    '"StateOfCharge"=95',
  ])
    expect(clean).toContain(kept);
  expect(clean.split('\n')).toHaveLength(8);
});
