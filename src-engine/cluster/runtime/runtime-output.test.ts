import { describe, expect, test } from 'vitest';
import {
  isCallOf,
  lastComplaint,
  parseBuilding,
  parseColimaList,
  parseInfo,
  parseOrbMachines,
} from './runtime-output.ts';

const GIB = 2 ** 30;

describe('colima list --json', () => {
  const running =
    '{"name":"default","status":"Running","arch":"aarch64","cpus":2,"memory":2147483648,"disk":107374182400,"address":"192.168.205.3","runtime":"docker"}';
  const broken = '{"name":"work","status":"Broken","arch":"aarch64","cpus":4,"memory":8589934592,"disk":1}';

  test('an object a line, with fields that come and go', () => {
    expect(parseColimaList(`${running}\n${broken}\n`)).toEqual([
      { name: 'default', status: 'Running', size: { memoryBytes: 2 * GIB, cpus: 2 } },
      { name: 'work', status: 'Broken', size: { memoryBytes: 8 * GIB, cpus: 4 } },
    ]);
  });

  test('warnings among the lines, and nothing at all', () => {
    expect(parseColimaList(`time="x" level=warning\n${running}`)).toHaveLength(1);
    expect(parseColimaList('')).toEqual([]);
  });
});

test('orb list -f json: the machines that run', () => {
  const machine = (name: string, state: string) => ({ id: 'x', name, state, image: { distro: 'ubuntu' } });
  const text = JSON.stringify([machine('devbox', 'running'), machine('old', 'stopped')]);
  expect(parseOrbMachines(text)).toEqual(['devbox']);
  expect(parseOrbMachines('[]')).toEqual([]);
  expect(parseOrbMachines('OrbStack is not running')).toBeNull();
});

test('GET /info', () => {
  const text =
    '{"OperatingSystem":"OrbStack","Name":"orbstack","KernelVersion":"6.8","MemTotal":8000000000,"NCPU":8}';
  expect(parseInfo(text)).toEqual({
    operatingSystem: 'OrbStack',
    hostName: 'orbstack',
    kernel: '6.8',
    memoryBytes: 8_000_000_000,
    cpus: 8,
  });
  expect(parseInfo('<html>')).toBeNull();
  expect(parseInfo('{"MemTotal":1}')).toMatchObject({ memoryBytes: null });
});

test('GET /system/df?type=build-cache: a build runs while something of it is in use', () => {
  const cache = (...inUse: boolean[]) => ({
    BuildCache: inUse.map((InUse) => ({ ID: 'x', InUse, Size: 1 })),
  });
  expect(parseBuilding(cache(false, true))).toBe(true);
  expect(parseBuilding(cache(false, false))).toBe(false);
  // Older daemons leave it out, or say null.
  expect([parseBuilding({ BuildCache: null }), parseBuilding({})]).toEqual([false, false]);
  expect([parseBuilding(null), parseBuilding([]), parseBuilding('page not found')]).toEqual([
    null,
    null,
    null,
  ]);
});

describe('a process that is at a call', () => {
  const colima = { tool: 'colima', args: ['start', '--profile', 'default'] };
  test.each([
    ['/opt/homebrew/bin/colima start --profile default', colima, true],
    ['node /tmp/bin/colima start', colima, true],
    ['colima stop --profile default', colima, false],
    ['colima started', colima, false],
    ['vim notes about colima start', colima, false],
    ['docker desktop start', { tool: 'docker', args: ['desktop', 'start'] }, true],
    ['docker desktop logs', { tool: 'docker', args: ['desktop', 'start'] }, false],
    ['open -ga Docker', { tool: 'open', args: ['-ga', 'Docker'] }, false],
  ])('%s', (line, call, is) => {
    expect(isCallOf(line, call)).toBe(is);
  });
});

describe('what a tool complained about', () => {
  test.each([
    [
      'time="2026-01-01T10:00:00Z" level=info msg="starting colima"\ntime="2026-01-01T10:00:04Z" level=fatal msg="error starting vm: error at \'starting\': exit status 1"\n',
      "error starting vm: error at 'starting': exit status 1",
    ],
    [
      "FATA[0004] error starting vm: error at 'starting': exit status 1",
      "error starting vm: error at 'starting': exit status 1",
    ],
    [
      'Failed to start docker.service: Access denied\nSee system logs for details.',
      'Failed to start docker.service: Access denied',
    ],
    ['only this', 'only this'],
    ['', ''],
  ])('%j', (stderr, expected) => {
    expect(lastComplaint(stderr)).toBe(expected);
  });
});
