/** One value of each series, taken together. Unknown is null. */
export interface Sample {
  readonly memoryPercent: number | null;
  readonly batteryPercent: number | null;
  readonly thermalLevel: number | null;
  readonly cpuPercent: number | null;
}
export type SeriesName = keyof Sample;
const names: readonly SeriesName[] = ['memoryPercent', 'batteryPercent', 'thermalLevel', 'cpuPercent'];

export const SLOT_MS = 10_000;
const SLOTS = (24 * 3_600_000) / SLOT_MS;

/** 24 hours of measurements in slots of ten seconds; fixed memory (four float arrays, 138 KiB). */
export function sampleRing() {
  const series = Object.fromEntries(names.map((name) => [name, new Float32Array(SLOTS).fill(NaN)])) as Record<
    SeriesName,
    Float32Array
  >;
  let newest = -1;
  function put(nowMs: number, sample: Sample): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    // Slots in between had no measurement: they say so instead of holding what is a day old.
    for (let empty = Math.max(newest + 1, slot - SLOTS + 1); empty < slot; empty += 1) write(empty, null);
    newest = Math.max(newest, slot);
    write(slot, sample);
  }
  function write(slot: number, sample: Sample | null): void {
    for (const name of names) series[name][slot % SLOTS] = sample?.[name] ?? NaN;
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
    };
  }
  function valueAt(name: SeriesName, slot: number): number | null {
    if (slot > newest || slot <= newest - SLOTS) return null;
    const value = series[name][slot % SLOTS];
    return value === undefined || Number.isNaN(value) ? null : value;
  }
  return { put, recent };
}
