import { describe, expect, test } from 'vitest';
import { parseContainerIds, parseContainerMemory, parseDockerInfo, vmOf } from './docker-vm.ts';

const info = (OperatingSystem: string, Name = 'host', KernelVersion = '6.10.14-linuxkit') => ({
  OperatingSystem,
  Name,
  KernelVersion,
  MemTotal: 4_109_926_400,
});

describe('GET /info', () => {
  test.each([
    ['Docker Desktop', 'docker-desktop', 'docker-desktop'],
    ['OrbStack', 'orbstack', 'orbstack'],
    ['Ubuntu 24.04.1 LTS', 'colima', 'colima'],
    ['Alpine Linux v3.20', 'lima-rancher-desktop', 'rancher-desktop'],
    ['Fedora', 'builder', 'docker'],
  ])('%s named %s is %s', (system, name, runtime) => {
    expect(parseDockerInfo(info(system, name), null)).toEqual({ runtime, guestTotalBytes: 4_109_926_400 });
  });

  test('on Linux the daemon on this very kernel is no virtual machine', () => {
    expect(parseDockerInfo(info('Debian GNU/Linux 12', 'host', '6.1.0'), '6.1.0')).toBeNull();
    expect(parseDockerInfo(info('Docker Desktop'), '6.1.0')).not.toBeNull();
  });

  test.each([null, {}, [], 'x', { OperatingSystem: 3 }, { message: 'page not found' }])(
    '%j is not an answer',
    (answer) => {
      expect(parseDockerInfo(answer, null)).toBeNull();
    },
  );
});

describe('containers', () => {
  const id = 'a'.repeat(64);

  test('ids are hexadecimal, or not used: they become part of a path', () => {
    expect(parseContainerIds([{ Id: id }, { Id: '../info' }, { Id: 4 }, null])).toEqual([id]);
    expect(parseContainerIds({ message: 'no' })).toEqual([]);
  });

  test('usage without the cache that can be dropped, in both versions of cgroups', () => {
    const stats = (cache: object) => ({ memory_stats: { usage: 1000, stats: cache } });
    expect(parseContainerMemory(stats({ inactive_file: 300 }))).toBe(700);
    expect(parseContainerMemory(stats({ total_inactive_file: 400 }))).toBe(600);
    expect(parseContainerMemory(stats({}))).toBe(1000);
    expect(parseContainerMemory(stats({ inactive_file: 2000 }))).toBeNull();
    expect(parseContainerMemory({ memory_stats: {} })).toBeNull();
    expect(parseContainerMemory(null)).toBeNull();
  });

  test('the sum is unknown when any container did not answer', () => {
    const machine = { runtime: 'colima', guestTotalBytes: 10 };
    expect(vmOf(machine, [1, 2], 20)).toEqual({ ...machine, configuredBytes: 20, guestUsedBytes: 3 });
    expect(vmOf(machine, [1, null], 20).guestUsedBytes).toBeNull();
    expect(vmOf(machine, [], null).guestUsedBytes).toBe(0);
  });
});
