/** One value of each series, taken together. Unknown is null. */
export interface Sample {
  readonly memoryPercent: number | null;
  readonly batteryPercent: number | null;
  readonly thermalLevel: number | null;
  readonly cpuPercent: number | null;
  /** The longest gap between two signs of life of the other Mac in this slot. */
  readonly peerGapMs: number | null;
}
export type SeriesName = keyof Sample;
const names: readonly SeriesName[] = [
  'memoryPercent',
  'batteryPercent',
  'thermalLevel',
  'cpuPercent',
  'peerGapMs',
];

export const SLOT_MS = 10_000;
const SLOTS = (24 * 3_600_000) / SLOT_MS;

/** 24 hours of measurements in slots of ten seconds; fixed memory (five float arrays, 173 KiB). */
export function sampleRing() {
  const series = Object.fromEntries(names.map((name) => [name, new Float32Array(SLOTS).fill(NaN)])) as Record<
    SeriesName,
    Float32Array
  >;
  let newest = -1;
  /** Writes what was measured; other series of the slot stay as they are. */
  function put(nowMs: number, sample: Partial<Sample>): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    // A slot begins unknown, and so do those in between: they say so instead of holding what is a day old.
    for (let fresh = Math.max(newest + 1, slot - SLOTS + 1); fresh <= slot; fresh += 1)
      for (const name of names) series[name][fresh % SLOTS] = NaN;
    newest = Math.max(newest, slot);
    for (const name of names) if (name in sample) series[name][slot % SLOTS] = sample[name] ?? NaN;
  }
  function recent(nowMs: number, seconds: number, points: number) {
    const last = Math.floor(nowMs / SLOT_MS);
    const count = Math.min(Math.ceil((seconds * 1000) / SLOT_MS), SLOTS, last + 1);
    const step = Math.max(1, Math.ceil(count / points));
    const slots: number[] = [];
    for (let slot = last; slot > last - count; slot -= step) slots.unshift(slot);
    const column = (name: SeriesName): (number | null)[] => slots.map((slot) => valueAt(name, slot));
    return {
      agesMs: slots.map((slot) => Math.max(0, nowMs - slot * SLOT_MS)),
      memoryPercent: column('memoryPercent'),
      batteryPercent: column('batteryPercent'),
      thermalLevel: column('thermalLevel'),
      cpuPercent: column('cpuPercent'),
      peerGapMs: column('peerGapMs'),
    };
  }
  function valueAt(name: SeriesName, slot: number): number | null {
    if (slot > newest || slot <= newest - SLOTS) return null;
    const value = series[name][slot % SLOTS];
    return value === undefined || Number.isNaN(value) ? null : value;
  }
  return { put, recent };
}
