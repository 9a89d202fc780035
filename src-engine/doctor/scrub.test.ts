import { expect, test } from 'vitest';
import { scrub, scrubAll } from './scrub.ts';

const env = { HOME: '/Users/somebody' };

test.each([
  ['"BatterySerialNumber" = "F8Y1234ABCD"', 'F8Y1234ABCD'],
  ['      "Serial" = "C02XYZ"', 'C02XYZ'],
  ['Hardware UUID: 1A2B3C4D-0000', '1A2B3C4D'],
  ['{"stdout":"\\"Serial\\" = \\"C02XYZ\\""}', 'C02XYZ'],
  ['client-key-data: LS0tLS1CRUdJTg==', 'LS0tLS1'],
  ['token: abc.def.ghi', 'abc.def'],
  ['ether a4:83:e7:01:02:03', 'a4:83:e7'],
  ['-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----', 'MIIB'],
  ['/Users/somebody/.kube/config', 'somebody'],
])('%s loses its secret', (line, secret) => {
  expect(scrub(line, env)).not.toContain(secret);
});

test('readings stay as they are', () => {
  const line = ' -InternalBattery-0 (id=4653155)\t79%; discharging; 4:12 remaining present: true';
  expect(scrub(line, env)).toBe(line);
  expect(scrub('"CurrentCapacity" = 79', env)).toBe('"CurrentCapacity" = 79');
});

test('a scrubbed value is still a document', () => {
  const value = { at: 1, none: null, tools: [{ stdout: '"Serial" = "C02XYZ"\n{"token":"abc.def"}' }] };
  const text = JSON.stringify(scrubAll(value, env));
  expect(text).not.toMatch(/C02XYZ|abc\.def/);
  expect(JSON.parse(text)).toMatchObject({ at: 1, none: null, tools: [{ stdout: expect.any(String) }] });
});
