import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeMac } from '../../test/doubles/fake-mac.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { vitalsPorts } from '../../test/doubles/vitals-ports.ts';
import { systemTools } from '../platform/tools.ts';
import { parseIoregBattery } from './darwin/ioreg-battery.ts';
import { parseSysctlMemory } from './darwin/sysctl-memory.ts';
import { ask } from './source.ts';
import { createVitals } from './vitals.ts';

const root = join(import.meta.dirname, '../..');
const MINUTE = 60_000;

/** Ten hidden minutes of a Mac; tells its spawns. */
async function tenMinutes(options: { clusterRunning: boolean; onAC: boolean; warmUpMinutes: number }) {
  const time = fakeTime();
  const mac = fakeMac(time);
  mac.set({ onAC: options.onAC });
  const room = createVitals(vitalsPorts(time, { tools: mac.tools }));
  room.setClusterRunning(options.clusterRunning);
  await time.advance(options.warmUpMinutes * MINUTE);
  const fromMs = time.clock.monotonicMs();
  await time.advance(10 * MINUTE);
  room.dispose();
  return { spawns: mac.calls.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + 10 * MINUTE), mac };
}

const perWindow = (spawns: readonly { atMs: number }[]) =>
  Math.max(
    ...spawns.map(
      ({ atMs }) => spawns.filter((other) => other.atMs >= atMs && other.atMs < atMs + MINUTE).length,
    ),
  );

describe('vitals 15: the cost budget', () => {
  test.each([
    [false, true],
    [false, false],
  ])(
    'vitals 15: 10 min hidden, cluster %s, on AC %s: <= 6 spawns/min from the very start',
    async (clusterRunning, onAC) => {
      const { spawns, mac } = await tenMinutes({ clusterRunning, onAC, warmUpMinutes: 0 });
      expect(spawns.length / 10).toBeLessThanOrEqual(6);
      expect(mac.overlaps).toEqual([]);
      expect(mac.streams).toHaveLength(1);
    },
  );

  test.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])(
    'vitals 15: hidden, cluster %s, on AC %s: <= 6 in any 60 s, 5 s apart, no overlap',
    async (clusterRunning, onAC) => {
      const { spawns, mac } = await tenMinutes({ clusterRunning, onAC, warmUpMinutes: 3 });
      expect(perWindow(spawns)).toBeLessThanOrEqual(6);
      expect(mac.overlaps).toEqual([]);
      const tools = new Set(spawns.map(({ tool }) => tool));
      for (const tool of tools) {
        const times = spawns.filter((spawn) => spawn.tool === tool).map(({ atMs }) => atMs);
        for (const [at, atMs] of times.entries())
          if (at > 0) expect(atMs - (times[at - 1] ?? 0)).toBeGreaterThanOrEqual(5000);
      }
      // And what decides is read: a budget is easily kept by reading nothing.
      const count = (wanted: string) =>
        spawns.filter(({ args, tool }) => [tool, ...args].join(' ').includes(wanted)).length;
      expect(count('sysctl')).toBe(clusterRunning ? 40 : 20);
      expect(count('notifyutil')).toBeGreaterThanOrEqual(clusterRunning ? (onAC ? 17 : 8) : 4);
      if (!onAC) expect(count('AppleSmartBattery')).toBeGreaterThanOrEqual(8);
      expect(count('AppleClamshellState')).toBeGreaterThanOrEqual(1);
    },
  );

  test('vitals 15: a hung child is ended at 2 s', async () => {
    const folder = temporaryFolder('hung');
    const hung = join(folder, 'sysctl');
    // It ignores the polite signal too, as a tool stuck in a driver does.
    writeFileSync(hung, `#!/bin/sh\ntrap '' TERM\necho $$ > ${folder}/pid\nwhile :; do sleep 1; done\n`, {
      mode: 0o755,
    });
    const startedMs = performance.now();
    expect(await ask(systemTools, hung, [], new AbortController().signal)).toBeNull();
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(1900);
    expect(tookMs).toBeLessThan(2500);
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('vitals 15: no synchronous child, no shell, systeminformation in host-facts only', () => {
    const files = ['src-engine/vitals', 'src-engine/platform'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => join(folder, name)),
    );
    expect(files.length).toBeGreaterThan(40);
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      expect([file, /execSync|spawnSync|shell: true|\/bin\/sh\b/.test(text)]).toEqual([file, false]);
      if (!file.endsWith('host-facts.ts'))
        expect([file, /import.*systeminformation/.test(text)]).toEqual([file, false]);
      if (file.startsWith('src-engine/vitals'))
        expect([file, text.includes('child_process')]).toEqual([file, false]);
    }
  });

  test('vitals 15: no parser blocks for 20 ms, whatever it is given', () => {
    const ioreg = `+-o AppleSmartBattery\n${'      "BatteryData" = {"Ra03"=78,"Serial"="x"}\n'.repeat(2000)}`;
    const sysctl = 'vm.page_free_count: 1\n'.repeat(5000);
    for (const parse of [() => parseIoregBattery(ioreg), () => parseSysctlMemory(sysctl)]) {
      const times = Array.from({ length: 21 }, () => {
        const startedMs = performance.now();
        parse();
        return performance.now() - startedMs;
      });
      expect(times.sort((a, b) => a - b)[10]).toBeLessThan(20);
    }
  });

  test('vitals 15: the lock file has neither of the two names that systeminformation would load', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).toContain('"node_modules/systeminformation"');
    expect(lock).not.toContain('macos-temperature-sensor');
    expect(lock).not.toContain('osx-temperature-sensor');
  });
});
