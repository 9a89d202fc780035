import { expect, test } from 'vitest';
import { sampleRing, SLOT_MS } from './sample-ring.ts';

const sample = (memoryPercent: number) => ({
  memoryPercent,
  batteryPercent: null,
  thermalLevel: 1,
  cpuPercent: 2,
});

test('gives the newest value of each slot, oldest first, and null where nothing was measured', () => {
  const ring = sampleRing();
  ring.put(0, sample(10));
  ring.put(SLOT_MS + 1, sample(20));
  ring.put(SLOT_MS + 9000, sample(21));
  ring.put(4 * SLOT_MS, sample(40));
  const { memoryPercent, batteryPercent, agesMs } = ring.recent(4 * SLOT_MS, 600, 60);
  expect(memoryPercent).toEqual([10, 21, null, null, 40]);
  expect(batteryPercent).toEqual([null, null, null, null, null]);
  expect(agesMs).toEqual([40_000, 30_000, 20_000, 10_000, 0]);
});

test('thins out to the points asked for', () => {
  const ring = sampleRing();
  for (let slot = 0; slot < 360; slot += 1) ring.put(slot * SLOT_MS, sample(slot));
  const { memoryPercent } = ring.recent(359 * SLOT_MS, 3600, 60);
  expect(memoryPercent).toHaveLength(60);
  expect(memoryPercent.at(-1)).toBe(359);
});

test('a day later nothing old is shown as new', () => {
  const ring = sampleRing();
  ring.put(0, sample(10));
  ring.put(25 * 3_600_000, sample(99));
  const { memoryPercent } = ring.recent(25 * 3_600_000, 86_400, 720);
  expect(memoryPercent.filter((value) => value !== null)).toEqual([99]);
});

test('who measures one series leaves the others of the slot alone, and a new slot begins unknown', () => {
  const ring = sampleRing();
  ring.put(0, sample(10));
  ring.put(1000, { peerGapMs: 260 });
  ring.put(SLOT_MS, { peerGapMs: 700 });
  const { memoryPercent, peerGapMs } = ring.recent(SLOT_MS, 600, 60);
  expect(memoryPercent).toEqual([10, null]);
  expect(peerGapMs).toEqual([260, 700]);
});
