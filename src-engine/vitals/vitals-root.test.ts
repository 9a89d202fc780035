import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { vitalsPorts } from '../../test/doubles/vitals-ports.ts';
import { makeVitalsRoot } from '../../test/doubles/vitals-root.ts';
import { vitalsSchema, type Stage, type Vitals } from '../../src-shared/world/vitals.ts';
import { systemFiles } from '../platform/files.ts';
import { createVitals, type VitalsPorts } from './vitals.ts';

// Thousands of small real files are read; a busy machine takes its time over them.
vi.setConfig({ testTimeout: 30_000 });

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** What comes together within this is published together (desk.ts). */
const BURST_MS = 10;

/** A room whose machine is made of real files, under a clock that the test moves. */
async function setUp(given: Partial<VitalsPorts> = {}) {
  const time = fakeTime();
  const root = makeVitalsRoot();
  const paths = new Set<string>();
  let reading = 0;
  const counted = async <T>(path: string, read: Promise<T>): Promise<T> => {
    paths.add(path);
    reading += 1;
    return await read.finally(() => (reading -= 1));
  };
  const entered: Stage[] = [];
  let vitals: Vitals | null = null;
  const hostRead = (): never => {
    throw new Error('the host is not read');
  };
  const room = createVitals(
    vitalsPorts(time, {
      root: root.path,
      files: {
        read: (path) => counted(path, systemFiles.read(path)),
        list: (path) => counted(path, systemFiles.list(path)),
      },
      volumeOf: hostRead,
      dockerSocket: hostRead,
      publish(next) {
        if (next.stage !== (vitals?.stage ?? 'ok')) entered.push(next.stage);
        vitals = next;
      },
      ...given,
    }),
  );
  closers.push(() => {
    room.dispose();
    root.remove();
  });

  /** Real files need real turns of the event loop between two moves of the clock. */
  async function filesRead(): Promise<void> {
    for (let quiet = 0; quiet < 6; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (quiet === 3) await time.advance(BURST_MS);
      if (reading > 0) quiet = 0;
    }
  }
  await filesRead();
  return {
    root,
    room,
    entered,
    paths,
    last: () => vitals ?? vitalsSchema.parse({}),
    async seconds(count: number, stepMs = 1000): Promise<void> {
      for (let ms = 0; ms < count * 1000; ms += stepMs) {
        await time.advance(stepMs - BURST_MS);
        await filesRead();
      }
    },
  };
}

describe('vitals 12: end to end on a machine made of files', () => {
  test('vitals 12: falling 40 -> 14 %: warn, drain and stop once each; plug at 14 -> latched; released at 35 % + 60 s', async () => {
    const { root, entered, last, seconds } = await setUp();
    root.battery(40, { onAC: false, watts: 2 });
    await seconds(20);
    const held: Record<number, [number, Stage]> = {
      36: [40, 'ok'],
      35: [31, 'warn'],
      25: [16, 'drain'],
      15: [16, 'stop'],
    };
    for (let percent = 40; percent >= 14; percent -= 1) {
      root.battery(percent);
      const [hold, stage] = held[percent] ?? [1, last().stage];
      await seconds(hold);
      expect([percent, last().stage]).toEqual([percent, stage]);
    }
    expect(entered).toEqual(['warn', 'drain', 'stop']);
    expect(last()).toMatchObject({ stage: 'stop', latched: true });
    expect(last().reasons).toMatchObject([
      { metric: 'battery.percent', stage: 'stop', value: 14, limit: 15 },
    ]);

    root.battery(14, { onAC: true, watts: 30 });
    await seconds(65);
    expect(last()).toMatchObject({ stage: 'stop', latched: true, battery: { onAC: true } });
    for (const percent of [20, 26, 32, 34]) {
      root.battery(percent);
      await seconds(3);
    }
    expect(last()).toMatchObject({ stage: 'stop', latched: true });
    root.battery(35);
    await seconds(3);
    expect(last()).toMatchObject({ stage: 'ok', latched: false, reasons: [] });
    expect(entered).toEqual(['warn', 'drain', 'stop', 'ok']);
  });

  test('vitals 12: AC must last 60 s even with enough in the battery', async () => {
    const { root, entered, last, seconds } = await setUp();
    root.battery(24, { onAC: false, watts: 2 });
    await seconds(40);
    expect(last().stage).toBe('drain');
    for (const percent of [30, 40, 50]) {
      root.battery(percent, { onAC: true });
      await seconds(2);
    }
    await seconds(50);
    expect(last().stage).toBe('drain');
    await seconds(8);
    expect(last().stage).toBe('ok');
    expect(entered).toEqual(['drain', 'ok']);
  });

  test('vitals 12: a wobble of a point at each limit fires nothing twice', async () => {
    const { root, entered, last, seconds } = await setUp();
    root.battery(36, { onAC: false, watts: 2 });
    await seconds(20);
    for (const limit of [35, 25, 15]) {
      for (let percent = (last().battery?.percent ?? limit) - 1; percent > limit; percent -= 1) {
        root.battery(percent);
        await seconds(1);
      }
      // Longer on the low side than the dwell, then up and down again, and again.
      const [dwell, up] = [limit === 35 ? 31 : 16, limit + 1];
      for (const [percent, hold] of [
        [limit, dwell],
        [up, 3],
        [limit - 1, dwell],
        [up, dwell],
        [limit - 1, 3],
      ] as const) {
        root.battery(percent);
        await seconds(hold);
      }
    }
    expect(entered).toEqual(['warn', 'drain', 'stop']);
  });
});

describe('a machine made of files', () => {
  test('every sensor, in exactly the shape of the World, and nothing of the host', async () => {
    const { root, last, seconds, paths } = await setUp();
    root.battery(55, { onAC: false, watts: 12 });
    root.memoryAvailable(30);
    root.heat(1);
    root.lid(true);
    await seconds(20);
    const vitals = last();
    expect(vitalsSchema.parse(vitals)).toEqual(vitals);
    expect(vitals).toMatchObject({
      memory: { level: 'normal', source: 'proc/meminfo', stallSomePercent: 0, pressureRatio: null },
      battery: {
        percent: 55,
        onAC: false,
        state: 'discharging',
        powerWatts: -12,
        energyWattHours: 27.5,
        cycles: 42,
      },
      thermal: { level: 1, cpuCelsius: 77 },
      load: { cpuPercent: null, load1: 0.42 },
      lid: { closed: true },
      disk: null,
      vm: null,
      stage: 'ok',
    });
    expect([...paths].filter((path) => !path.startsWith(root.path))).toEqual([]);
  });

  test('each second is a reading of every source', async () => {
    const { root, last, seconds } = await setUp();
    await seconds(2);
    for (const level of [0, 1, 2, 3, 4]) {
      root.heat(level);
      root.lid(level % 2 === 0);
      await seconds(1);
      expect(last()).toMatchObject({ thermal: { level }, lid: { closed: level % 2 === 0 } });
    }
  });

  test('memory, stalls and heat raise and clear their stages', async () => {
    const { root, last, seconds } = await setUp();
    root.memoryAvailable(7);
    await seconds(17);
    expect(last()).toMatchObject({ stage: 'drain', memory: { level: 'critical' } });
    root.memoryAvailable(50);
    await seconds(122);
    expect(last().stage).toBe('ok');
    root.memoryStalled(12, 0);
    root.heat(3);
    await seconds(33);
    expect(last().reasons.map(({ metric, stage }) => `${metric} ${stage}`)).toEqual([
      'thermal.level drain',
      'memory.stallPercent warn',
    ]);
  });

  test('removed: stale after three seconds, stages frozen, battery unknown warns after five minutes', async () => {
    const { root, last, seconds } = await setUp();
    root.battery(60, { onAC: false, watts: 2 });
    await seconds(20);
    root.remove();
    await seconds(3);
    expect(last().battery?.stale).toBeUndefined();
    await seconds(1);
    expect(last()).toMatchObject({
      memory: { stale: true },
      battery: { stale: true },
      thermal: { stale: true },
      lid: { stale: true },
      stage: 'ok',
    });
    await seconds(300);
    expect(last().reasons).toMatchObject([{ metric: 'battery.unknown', stage: 'warn', limit: 300 }]);
  });

  test('a time scale divides periods and dwells', async () => {
    const { root, last, seconds } = await setUp({ timeScale: 10 });
    root.battery(20, { onAC: false, watts: 2 });
    // 1.5 s until the jump is believed, 1.5 s of dwell.
    await seconds(2.8, 100);
    expect(last().stage).toBe('ok');
    await seconds(0.5, 100);
    expect(last()).toMatchObject({ stage: 'drain', battery: { percent: 20 } });
    expect(last().battery?.confidence).toBe('none');
  });

  test('the plug of the host says nothing about the machine that is played', async () => {
    const { root, room, last, seconds } = await setUp();
    await seconds(2);
    room.hostEvent('onBattery');
    await seconds(2);
    expect(last().battery).toMatchObject({ onAC: true, state: 'charging' });
    root.remove();
    room.hostEvent('onBattery');
    await seconds(310);
    expect(last()).toMatchObject({ stage: 'ok', battery: { stale: true } });
  });

  test('raw readings for the doctor: every file that is read, once', async () => {
    const { root, room, seconds } = await setUp();
    await seconds(2);
    const raw = await room.recordRaw();
    const found = raw.map(({ source }) => source.slice(root.path.length + 1));
    for (const file of [
      'proc/meminfo',
      'proc/pressure/memory',
      'proc/stat',
      'sys/class/power_supply/BAT0/capacity',
    ])
      expect(found.filter((name) => name === file)).toEqual([file]);
    expect(raw.find(({ source }) => source.endsWith('LID0/state'))?.output).toBe('state:      open\n');
  });

  test('the double leaves no half-written file behind', () => {
    const root = makeVitalsRoot();
    closers.push(root.remove);
    root.battery(12, { onAC: false });
    expect(readdirSync(root.path).sort()).toEqual(['proc', 'sys']);
  });
});
