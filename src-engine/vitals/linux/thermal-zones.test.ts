import { describe, expect, test } from 'vitest';
import { parseLidState } from './lid-state.ts';
import { parseLoadAverage, parseProcStat } from './proc-load.ts';
import { parseThermalZones, type ZoneFiles } from './thermal-zones.ts';

const zone = (temp: string | null, trips: Record<string, string>, type = 'acpitz'): ZoneFiles => ({
  type: `${type}\n`,
  temp,
  trips: Object.entries(trips).map(([name, at]) => ({ type: `${name}\n`, temp: `${at}\n` })),
});
const trips = { passive: '80000', hot: '90000', critical: '105000', active: '50000' };
const level = (degrees: number) => parseThermalZones([zone(`${degrees * 1000}\n`, trips)])?.level;

describe('vitals 13: thermal zones', () => {
  test.each([
    [40, 0],
    [74.9, 0],
    [75, 1],
    [80, 2],
    [90, 3],
    [99.9, 3],
    [100, 4],
    [120, 4],
  ])('vitals 13: %f C is level %i', (degrees, expected) => expect(level(degrees)).toBe(expected));

  test('vitals 13: the hottest zone counts; degrees come from a zone of the CPU only', () => {
    const zones = [zone('45000', trips, 'x86_pkg_temp'), zone('91000', trips)];
    expect(parseThermalZones(zones)).toEqual({ level: 3, cpuCelsius: 45 });
    expect(parseThermalZones([zone('45000', {}, 'x86_pkg_temp')])).toEqual({ level: null, cpuCelsius: 45 });
  });

  test('vitals 13: no zones, no trips, trips that are off, no temperature: unknown, never 0', () => {
    expect(parseThermalZones([])).toBeNull();
    expect(parseThermalZones([zone('45000', {})])).toBeNull();
    expect(parseThermalZones([zone('45000', { critical: '-274000', passive: '0' })])).toBeNull();
    expect(parseThermalZones([zone(null, trips)])).toBeNull();
    expect(parseThermalZones([zone('', trips)])).toBeNull();
    expect(parseThermalZones([zone('-1000000', trips)])).toBeNull();
  });

  test('vitals 13: a zone with a critical trip only', () => {
    expect(parseThermalZones([zone('50000', { critical: '105000' })])?.level).toBe(0);
    expect(parseThermalZones([zone('101000', { critical: '105000' })])?.level).toBe(4);
  });
});

test.each([
  ['state:      open\n', false],
  ['state:      closed\n', true],
  ['', null],
  [null, null],
  ['state: ajar', null],
])('the lid: %j -> %s', (text, closed) => expect(parseLidState(text)).toBe(closed));

test('proc/stat counts idle and waiting as idle, and guests once', () => {
  expect(parseProcStat('cpu  100 10 50 800 40 0 5 0 7 3\ncpu0 1 1 1 1\n')).toEqual({
    idle: 840,
    total: 1005,
  });
  expect(parseProcStat('cpu0 1 2 3 4\n')).toBeNull();
  expect(parseProcStat(null)).toBeNull();
});

test('proc/loadavg', () => {
  expect(parseLoadAverage('3.59 2.78 1.33 6/99 14298\n')).toBe(3.59);
  expect(parseLoadAverage('')).toBeNull();
  expect(parseLoadAverage(null)).toBeNull();
});
