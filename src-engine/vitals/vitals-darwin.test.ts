import { describe, expect, test } from 'vitest';
import { fakeMac } from '../../test/doubles/fake-mac.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { vitalsPorts } from '../../test/doubles/vitals-ports.ts';
import { vitalsSchema, type Vitals } from '../../src-shared/world/vitals.ts';
import { createVitals, type VitalsPorts } from './vitals.ts';

/** The room on a Mac that a test plays. */
function setUp(
  given: Partial<VitalsPorts> = {},
  start: Partial<{ hasBattery: boolean; onAC: boolean }> = {},
) {
  const time = fakeTime();
  const mac = fakeMac(time);
  mac.set(start);
  const published: Vitals[] = [];
  const room = createVitals(
    vitalsPorts(time, {
      tools: mac.tools,
      volumeOf: () => Promise.resolve({ freeBytes: 10, totalBytes: 20 }),
      publish: (vitals) => void published.push(vitals),
      ...given,
    }),
  );
  const last = (): Vitals => {
    const vitals = published.at(-1);
    if (!vitals) throw new Error('nothing was published');
    return vitals;
  };
  return { time, mac, room, published, last };
}

const minutes = (count: number) => count * 60_000;

describe('the room on macOS', () => {
  test('what is published is exactly Vitals, with source and time on every group', async () => {
    const { time, last } = setUp();
    await time.advance(minutes(1));
    const vitals = last();
    expect(vitalsSchema.parse(vitals)).toEqual(vitals);
    expect(vitals).toMatchObject({
      memory: { source: 'sysctl', level: 'normal', totalBytes: 8_589_934_592 },
      battery: {
        source: 'pmset -g pslog',
        percent: 80,
        onAC: true,
        state: 'charging',
        powerWatts: expect.any(Number),
      },
      thermal: { source: 'notifyutil', level: 0, unproven: false },
      disk: { source: 'statfs', path: '/data', freeBytes: 10 },
      lid: { source: 'ioreg', closed: false },
      load: { source: 'os.cpus' },
      vm: null,
      stage: 'ok',
      reasons: [],
      latched: false,
    });
    expect(Object.keys(vitals.memory ?? {})).not.toContain('basis');
    expect(Object.keys(vitals.battery ?? {})).not.toContain('present');
  });

  test('vitals 2: a desktop is asked twice, then has no battery: no ioreg for it, no pslog', async () => {
    const { time, mac, last } = setUp({}, { hasBattery: false });
    await time.advance(minutes(30));
    expect(mac.count('pmset')).toBe(2);
    expect(mac.streams).toHaveLength(0);
    expect(mac.calls.filter(({ args }) => args.includes('AppleSmartBattery'))).toEqual([]);
    expect(last()).toMatchObject({ battery: null, stage: 'ok', memory: { level: 'normal' } });
  });

  test('vitals 3: the stream is heard at once, and a stage fires on time though nothing more is said', async () => {
    const { time, mac, last, published } = setUp();
    await time.advance(minutes(1));
    mac.tell({ onAC: false, percent: 36 });
    mac.tell({ percent: 34 });
    await time.advance(20);
    // 80 -> 34 is no plausible jump: it is looked at again, and believed after 15 s.
    expect(last().battery).toMatchObject({ onAC: false, percent: 80 });
    await time.advance(16_000);
    expect(last().battery?.percent).toBe(34);
    const toldMs = time.clock.monotonicMs();
    mac.set({ percent: 34 });
    while (last().stage === 'ok' && time.clock.monotonicMs() - toldMs < 60_000) await time.advance(1000);
    expect(last().reasons[0]).toMatchObject({
      metric: 'battery.percent',
      stage: 'warn',
      value: 34,
      limit: 35,
    });
    expect(time.clock.monotonicMs() - toldMs).toBeLessThanOrEqual(31_000);
    expect(published.filter(({ stage }) => stage === 'drain')).toEqual([]);
  });

  test('vitals 3: ten minutes of silence on battery and the source is read again', async () => {
    const { time, mac, last } = setUp({}, { onAC: false });
    mac.set({ broken: new Set(['ioreg']) });
    await time.advance(minutes(1));
    const before = mac.count('pmset');
    // The stream has died silently; without a gauge the check comes each minute.
    mac.set({ percent: 79 });
    await time.advance(minutes(2));
    expect(mac.count('pmset')).toBeGreaterThan(before);
    expect(last().battery).toMatchObject({ percent: 79, source: 'pmset' });
    mac.set({ broken: new Set() });
    await time.advance(minutes(2));
    const lastWordMs = mac.calls.findLast(({ tool }) => tool === 'pmset')?.atMs ?? 0;
    await time.advance(lastWordMs + minutes(10) - 2000 - time.clock.monotonicMs());
    expect(mac.count('pmset', lastWordMs + 1)).toBe(0);
    // The minute's budget may hold it back a little.
    await time.advance(minutes(1));
    expect(mac.count('pmset', lastWordMs + 1)).toBe(1);
  });

  test('on battery the gauge confirms percentage and AC each minute, so nothing is stale', async () => {
    const { time, mac, published } = setUp({}, { onAC: false });
    await time.advance(minutes(20));
    mac.set({ percent: 78 });
    await time.advance(minutes(2));
    expect(published.at(-1)?.battery).toMatchObject({
      percent: 78,
      source: 'ioreg',
      confidence: 'good',
      basis: 'energy',
    });
    expect(published.filter(({ battery }) => battery?.stale)).toEqual([]);
  });

  test('unplugged: the watts of AC are not shown for the battery, and the gauge is asked at once', async () => {
    const { time, mac, last } = setUp();
    await time.advance(minutes(1));
    expect(last().battery?.powerWatts).toBeGreaterThan(0);
    mac.tell({ onAC: false });
    await time.advance(20);
    expect(last().battery).toMatchObject({ onAC: false, powerWatts: null, confidence: 'none' });
    await time.advance(1000);
    expect(last().battery?.powerWatts).toBeCloseTo(-10, 1);
  });

  test('a source that is gone is stale after three periods, freezes its stage, and says so on time', async () => {
    const { time, mac, last } = setUp();
    mac.set({ level: 2 });
    await time.advance(minutes(2));
    expect(last()).toMatchObject({ stage: 'warn', memory: { level: 'warn' } });
    mac.set({ broken: new Set(['sysctl', 'vm_stat']) });
    // The last reading was taken at its 5 s period.
    await time.advance(9500);
    expect(last().memory?.stale).toBeUndefined();
    await time.advance(7000);
    expect(last().memory?.stale).toBe(true);
    await time.advance(minutes(60));
    expect(last()).toMatchObject({ stage: 'warn', memory: { level: 'warn', stale: true } });
  });

  test('a reading that has grown stale clears nothing', async () => {
    const { time, mac, last } = setUp();
    mac.set({ level: 2 });
    await time.advance(minutes(2));
    mac.set({ level: 1 });
    while (last().memory?.level === 'warn') await time.advance(1000);
    mac.set({ broken: new Set(['sysctl', 'vm_stat']) });
    await time.advance(minutes(60));
    expect(last()).toMatchObject({ stage: 'warn', memory: { level: 'normal', stale: true } });
  });

  test('battery unknown for five minutes on battery is warn', async () => {
    const { time, mac, last } = setUp({}, { onAC: false });
    await time.advance(minutes(2));
    mac.set({ broken: new Set(['ioreg', 'pmset']) });
    mac.streams.at(-1)?.die();
    await time.advance(minutes(3) + 30_000);
    expect(last().battery?.stale).toBe(true);
    expect(last().stage).toBe('ok');
    await time.advance(minutes(5) + 30_000);
    expect(last().reasons).toMatchObject([
      { metric: 'battery.unknown', stage: 'warn', value: null, limit: 300 },
    ]);
  });

  test('after a wake all is read at once, and a battery that fell meanwhile is believed', async () => {
    const { time, mac, room, last } = setUp({}, { onAC: false });
    await time.advance(minutes(10));
    mac.set({ percent: 30 });
    room.hostEvent('resume');
    await time.advance(20);
    expect(last()).toMatchObject({ memory: { stale: true }, battery: { stale: true, confidence: 'none' } });
    await time.advance(10_000);
    expect(last()).toMatchObject({ battery: { percent: 30, confidence: 'none' } });
    expect(last().memory?.stale).toBeUndefined();
  });

  test('somebody looks: memory each 2 s; nobody: each 30 s; nothing after dispose', async () => {
    const { time, mac, room, published } = setUp();
    await time.advance(minutes(2));
    room.setLive(true);
    await time.advance(20);
    const live = time.clock.monotonicMs();
    await time.advance(20_000);
    expect(mac.count('sysctl', live)).toBeGreaterThanOrEqual(8);
    room.setLive(false);
    const hidden = time.clock.monotonicMs();
    await time.advance(minutes(2));
    expect(mac.count('sysctl', hidden)).toBeLessThanOrEqual(5);
    room.dispose();
    const count = published.length;
    await time.advance(minutes(60));
    expect(published).toHaveLength(count);
    expect(time.pending()).toBe(0);
  });

  test('sysctl without page counters: vm_stat stands in, once per sample', async () => {
    const time = fakeTime();
    const mac = fakeMac(time);
    const { darwinMemory } = await import('./darwin/darwin-sources.ts');
    const table = ['Mach Virtual Memory Statistics: (page size of 16384 bytes)']
      .concat(
        ['free', 'active', 'inactive', 'speculative', 'wired down', 'purgeable'].map(
          (name) => `Pages ${name}: 1000.`,
        ),
      )
      .concat([
        'File-backed pages: 1000.',
        'Pages stored in compressor: 3000.',
        'Pages occupied by compressor: 1000.',
      ]);
    const tools = {
      ...mac.tools,
      run: (tool: string) =>
        Promise.resolve({
          exitCode: tool.endsWith('vm_stat') ? 0 : 1,
          stdout: tool.endsWith('vm_stat')
            ? table.join('\n')
            : 'hw.memsize: 8589934592\nkern.memorystatus_vm_pressure_level: 2\n',
          stderr: "sysctl: unknown oid 'vm.page_free_count'\n",
          failure: null,
        }),
    };
    expect(await darwinMemory(tools, new AbortController().signal).read()).toMatchObject({
      level: 'warn',
      totalBytes: 8_589_934_592,
      availableBytes: 3000 * 16_384,
      wiredBytes: 1000 * 16_384,
      pressureRatio: 0.8,
    });
  });
});
