import { expect, test } from 'vitest';
import { battery, memory, reason, vitals, worlds } from '../../test/doubles/worlds.ts';
import { translator } from '../../src-shared/language/translate.ts';
import { GIB } from '../../src-shared/units.ts';
import { batteryReading, heatReading, loadLine, memoryReading, toneOf } from './vitals-view.ts';

const t = translator('en');
const now = Date.parse('2026-03-02T09:30:00.000Z');
const battered = (change: Parameters<typeof battery>[0]) => batteryReading(battery(change), 'ok', 25, t, now);

test('memory: used of total, pressure, and swap once it is felt', () => {
  expect(memoryReading(memory(), 'ok', t, now)).toMatchObject({
    strong: '5.1',
    note: '/ 8 GB · pressure normal',
  });
  const swapping = memoryReading(memory({ level: 'warn', swapUsedBytes: 1.2 * GIB }), 'ok', t, now);
  expect(swapping).toMatchObject({ tone: 'warn', note: '/ 8 GB · pressure raised · swap 1.2 GB' });
  const linux = memoryReading(
    memory({ level: null, pressureRatio: null, stallSomePercent: 0.34 }),
    'ok',
    t,
    now,
  );
  expect(linux.note).toBe('/ 8 GB · waits 0.3\u00a0%');
});

test('battery: the time to the drain line as far as it is known', () => {
  expect(battered({}).note).toBe('2 h 10 min to the drain line');
  expect(battered({ confidence: 'low' }).note).toBe('about 2 h 10 min to the drain line');
  expect(battered({ confidence: 'none' }).note).toBe('time not known yet');
  expect(battered({ percent: 24 }).tone).toBe('warn');
  expect(battered({ percent: 24, minutesToStop: 41 }).note).toBe('41 min to the stop line');
  expect(battered({ onAC: true, state: 'charging' }).note).toBe('charging');
  expect(battered({ onAC: true, state: 'charged' }).note).toBe('on power');
});

test('what is unknown is not zero, and what is old carries its age', () => {
  expect(battered({ percent: null })).toMatchObject({ percent: null, strong: 'unknown' });
  const stale = batteryReading(worlds.stale.host.vitals.battery!, 'ok', 25, t, now);
  expect(stale).toMatchObject({ stale: true, note: '4 min 12 s ago' });
});

test('heat: level and word', () => {
  const thermal = vitals().thermal!;
  expect(heatReading(thermal, 'ok', t, now)).toMatchObject({ strong: 'moderate', note: 'level 1 of 4' });
  expect(heatReading({ ...thermal, level: null }, 'ok', t, now)).toMatchObject({
    percent: null,
    strong: 'unknown',
  });
  expect(heatReading({ ...thermal, level: 3 }, 'ok', t, now).tone).toBe('warn');
});

test('CPU and free disk in one line: the unknown is left out, the old has its age', () => {
  const of = (change: Parameters<typeof vitals>[0]) => loadLine(vitals(change), t, now);
  expect(of({})).toBe('CPU 23\u00a0% · 65.9 GB free');
  expect(of({ load: null })).toBe('65.9 GB free');
  expect(of({ load: null, disk: null })).toBe('');
  const old = { ...vitals().load!, sampledAt: '2026-03-02T09:29:00.000Z', stale: true } as const;
  expect(of({ load: old })).toBe('CPU 23\u00a0% · 1 min ago · 65.9 GB free');
});

test('a meter takes its tone from the stage that its own metrics made', () => {
  const drained = vitals({ reasons: [reason()], stage: 'drain' });
  expect(toneOf(drained, 'battery')).toBe('bad');
  expect(toneOf(drained, 'memory')).toBe('ok');
  expect(toneOf(vitals({ reasons: [reason({ stage: 'warn' })] }), 'battery')).toBe('warn');
});
