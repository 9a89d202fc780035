import { z } from 'zod';
import { bytes, isoTime, measured, percent } from './measured.ts';

/** How near this Mac is to leaving; made by vitals alone (design/limits.md, Stages). */
export const stageSchema = z.enum(['ok', 'warn', 'drain', 'stop']);
export type Stage = z.infer<typeof stageSchema>;

/** The closed list of what can raise a stage. */
export const metricSchema = z.enum([
  'battery.percent',
  'battery.minutesToStop',
  'battery.unknown',
  'memory.level',
  'memory.availablePercent',
  'memory.stallPercent',
  'memory.swapGrowth',
  'thermal.level',
]);
export type Metric = z.infer<typeof metricSchema>;

/** Why a stage holds. `value` and `limit` are in the metric's own unit. */
export const reasonSchema = z.object({
  metric: metricSchema,
  stage: stageSchema.exclude(['ok']),
  value: z.number().nullable(),
  limit: z.number(),
  since: isoTime,
});
export type Reason = z.infer<typeof reasonSchema>;

export const memorySchema = z.object({
  ...measured,
  usedBytes: bytes,
  availableBytes: bytes,
  totalBytes: bytes,
  wiredBytes: bytes.nullable(),
  compressedBytes: bytes.nullable(),
  /** Bytes that went into the compressor; with compressedBytes it gives the compression ratio. */
  compressorInputBytes: bytes.nullable(),
  fileCacheBytes: bytes.nullable(),
  swapUsedBytes: bytes.nullable(),
  swapTotalBytes: bytes.nullable(),
  /** Growth of swap over the last three minutes; negative when it shrinks. */
  swapBytesPerMinute: z.number().nullable(),
  level: z.enum(['normal', 'warn', 'critical']).nullable(),
  /** Non-compressed share of (non-compressed + compressor), 0..1; the kernel warns under 0.50. macOS only. */
  pressureRatio: z.number().min(0).max(1).nullable(),
  /** Linux PSI, share of the last 10 s in which some or all tasks stalled for memory, 0..100. */
  stallSomePercent: percent.nullable(),
  stallFullPercent: percent.nullable(),
  /** Minutes until pressureRatio falls to 0.50 at the present slope; only when that is under 60. */
  minutesToWarn: z.number().min(0).nullable(),
});
export type Memory = z.infer<typeof memorySchema>;

export const batteryStateSchema = z.enum([
  'discharging',
  'charging',
  'charged',
  'finishing',
  'notCharging',
  'unknown',
]);
export type BatteryState = z.infer<typeof batteryStateSchema>;

export const batterySchema = z.object({
  ...measured,
  percent: percent.nullable(),
  onAC: z.boolean().nullable(),
  state: batteryStateSchema,
  /** Minus means discharge. */
  powerWatts: z.number().min(-150).max(150).nullable(),
  energyWattHours: z.number().min(0).max(120).nullable(),
  fullWattHours: z.number().min(0).max(120).nullable(),
  designWattHours: z.number().min(0).max(120).nullable(),
  /** The operating system's own estimate; 1..1199, its sentinels are null. */
  osMinutes: z.number().int().min(1).max(1199).nullable(),
  minutesToDrain: z.number().min(0).nullable(),
  minutesToStop: z.number().min(0).nullable(),
  confidence: z.enum(['none', 'low', 'good']),
  /** What the minutes were computed from. */
  basis: z.enum(['energy', 'percent', 'os']).nullable(),
  temperatureCelsius: z.number().min(0).max(80).nullable(),
  cycles: z.number().int().min(0).nullable(),
  healthPercent: z.number().min(0).max(120).nullable(),
});
export type Battery = z.infer<typeof batterySchema>;

export const thermalSchema = z.object({
  ...measured,
  /** 0 nominal, 1 moderate, 2 heavy, 3 trapping, 4 sleeping. */
  level: z.number().int().min(0).max(4).nullable(),
  secondsAtLevel: z.number().min(0),
  cpuCelsius: z.number().min(-10).max(125).nullable(),
  /** True when a level of 0 is weak evidence: it never moved although the CPU was busy. */
  unproven: z.boolean(),
});
export type Thermal = z.infer<typeof thermalSchema>;

export const loadSchema = z.object({
  ...measured,
  cpuPercent: percent.nullable(),
  /** Runnable tasks, one-minute average. */
  load1: z.number().min(0).nullable(),
});
export type Load = z.infer<typeof loadSchema>;

/** The volume that holds the container runtime's data. Shown, without a stage. */
export const diskSchema = z.object({ ...measured, path: z.string(), freeBytes: bytes, totalBytes: bytes });
export type Disk = z.infer<typeof diskSchema>;

export const lidSchema = z.object({ ...measured, closed: z.boolean().nullable() });
export type Lid = z.infer<typeof lidSchema>;

/** The container runtime's virtual machine: its RAM comes back only when it stops. */
export const vmSchema = z.object({
  ...measured,
  runtime: z.string(),
  configuredBytes: bytes.nullable(),
  guestTotalBytes: bytes.nullable(),
  guestUsedBytes: bytes.nullable(),
});
export type Vm = z.infer<typeof vmSchema>;

export const vitalsSchema = z.object({
  memory: memorySchema.nullable(),
  battery: batterySchema.nullable(),
  thermal: thermalSchema.nullable(),
  load: loadSchema.nullable(),
  disk: diskSchema.nullable(),
  lid: lidSchema.nullable(),
  vm: vmSchema.nullable(),
  stage: stageSchema,
  reasons: z.array(reasonSchema),
  /** True while drain or stop is held until AC for 60 s and the release percentage. */
  latched: z.boolean(),
});
export type Vitals = z.infer<typeof vitalsSchema>;

/** One-off facts of this host. Unknown is null. */
export const hostFactsSchema = z.object({
  model: z.string().nullable(),
  chip: z.string().nullable(),
  os: z.string().nullable(),
  fanless: z.boolean().nullable(),
  cpuCount: z.number().int().min(1),
});
export type HostFacts = z.infer<typeof hostFactsSchema>;

/** The World's vitals before the first reading. */
export const unknownVitals: Vitals = {
  memory: null,
  battery: null,
  thermal: null,
  load: null,
  disk: null,
  lid: null,
  vm: null,
  stage: 'ok',
  reasons: [],
  latched: false,
};
