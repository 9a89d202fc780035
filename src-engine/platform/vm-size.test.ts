import { describe, expect, test } from 'vitest';
import {
  parseColimaSize,
  parseDockerDesktopSize,
  parseOrbstackSize,
  parseRancherDesktopSize,
  unknownSize,
} from './vm-size.ts';

const GIB = 2 ** 30;

describe('configured sizes', () => {
  test('settings-store.json, read tolerantly', () => {
    expect(parseDockerDesktopSize('{"MemoryMiB":4096,"Cpus":4}')).toEqual({ memoryBytes: 4 * GIB, cpus: 4 });
    expect(parseDockerDesktopSize('{"memoryMiB":2048}')).toEqual({ memoryBytes: 2 * GIB, cpus: null });
    for (const text of ['{}', '{"MemoryMiB":"4096"}', '{"MemoryMiB":-1}', '[', '', null])
      expect(parseDockerDesktopSize(text), String(text)).toEqual(unknownSize);
  });

  test('colima.yaml, its top level only', () => {
    const text = 'cpu: 2\nmemory: 4 # GiB\ndisk: 60\n';
    expect(parseColimaSize(text)).toEqual({ memoryBytes: 4 * GIB, cpus: 2 });
    expect(parseColimaSize('memory: 0.8\n').memoryBytes).toBe(Math.round(0.8 * GIB));
    expect(parseColimaSize('kubernetes:\n  memory: 9\n  cpu: 9\n')).toEqual(unknownSize);
    expect(parseColimaSize(null)).toEqual(unknownSize);
  });

  test("OrbStack's changes and Rancher Desktop's settings", () => {
    expect(parseOrbstackSize('{"memory_mib":8192,"cpu":6}')).toEqual({ memoryBytes: 8 * GIB, cpus: 6 });
    expect(parseOrbstackSize('{}')).toEqual(unknownSize);
    const rancher = '{"version":10,"virtualMachine":{"memoryInGB":6,"numberCPUs":2}}';
    expect(parseRancherDesktopSize(rancher)).toEqual({ memoryBytes: 6 * GIB, cpus: 2 });
    expect(parseRancherDesktopSize('{"memoryInGB":6}')).toEqual(unknownSize);
  });

  test('what no machine has is not believed', () => {
    expect(parseColimaSize('memory: 4096\ncpu: 0\n')).toEqual(unknownSize);
    expect(parseDockerDesktopSize('{"MemoryMiB":100,"Cpus":1.5}')).toEqual(unknownSize);
  });
});
