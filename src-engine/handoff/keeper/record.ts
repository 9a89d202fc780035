import { rename } from 'node:fs/promises';
import { z } from 'zod';
import { gateAddressSchema, openRequestSchema } from '../../../src-shared/handoff-messages.ts';
import {
  handoffStateSchema,
  handoffStepSchema,
  leaveReasonSchema,
} from '../../../src-shared/world/handoff.ts';
import { isoTime } from '../../../src-shared/world/measured.ts';
import { problemSchema, sharesSchema } from '../../../src-shared/world/traffic.ts';
import { systemFiles, writePrivately } from '../../platform/files.ts';

/**
 * The keeper's memory, `handoff.json` (design decision 7): what it was doing and what it knows. Every time that ends
 * in `Ms` and is no duration is on the monotonic clock of the engine that wrote it; `rebased` carries them over.
 */
const sideCounters = z.object({
  requests: z.number(),
  failures: z.number(),
  retried: z.number(),
  inFlight: z.number(),
});
const counters = z.object({ core: sideCounters, edge: sideCounters });
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const pairBatch = z.object({
  sent: z.number(),
  edgeOk: z.number(),
  edgeWrong: z.number(),
  coreP95Ms: z.number().nullable(),
  edgeP95Ms: z.number().nullable(),
});

/** Within a state: what is done or waited for. `none` where the state says it all. */
const phaseSchema = z.enum([
  'none',
  // SHIFTING
  'half',
  'looking',
  'zero',
  'gone',
  // VERIFYING
  'first',
  'again',
  'second',
  // RETURNING
  'lowering',
  'reviving',
  'admitted',
  'raising',
  'window',
  'backing',
]);
export type Phase = z.infer<typeof phaseSchema>;

export const keeperRecordSchema = z.object({
  version: z.literal(1),
  state: handoffStateSchema,
  phase: phaseSchema,
  since: isoTime,
  sinceMs: z.number(),
  phaseMs: z.number(),
  epoch: z.number().int().min(0),
  handoffId: z.string().nullable(),
  reasons: z.array(leaveReasonSchema).max(10),
  forced: z.boolean(),
  unplanned: z.boolean(),
  noPeer: z.boolean(),
  startedAt: isoTime,
  startedMs: z.number(),
  /** The absolute deadline of a departure, and how long it was at its beginning. */
  deadlineAtMs: z.number().nullable(),
  deadlineWasMs: z.number().nullable(),
  /** What was written and read back last; null until the front was read. */
  seen: sharesSchema.nullable(),
  /** The last one with a share of the edge above 0. */
  lastShare: sharesSchema.nullable(),
  /** Shares that this keeper wrote or meant to write: others are somebody else's. */
  ours: z.array(sharesSchema).max(8),
  /** As they stood when the departure, loss or return began. */
  before: sharesSchema.nullable(),
  /** Weight 0 is proven live and nothing is in flight since; null: nobody can tell. */
  proven: z.boolean().nullable(),
  /** Verified, or dead: weight 0 is live. */
  zeroLive: z.boolean(),
  /** The edge is out of the front's pool (`dead`), so that no check of the front can bring it back. */
  out: z.boolean(),
  prepared: z.boolean(),
  checked: z.boolean(),
  drained: z.boolean(),
  /** A return with full windows began and did not reach its end: what goes on after it has full ones too. */
  owesFullReturn: z.boolean().default(false),
  returning: z
    .object({
      steps: z.array(z.number()),
      short: z.boolean(),
      base: z.enum(['OFFLINE', 'LOST']),
      bad: z.number(),
      windowMs: z.number(),
      from: counters.nullable(),
      batches: z.array(pairBatch).max(40),
      toppedUp: z.number(),
      why: problemSchema.nullable(),
    })
    .nullable(),
  counters: z.object({
    begin: counters.nullable(),
    moved: counters.nullable(),
    last: counters.nullable(),
  }),
  steps: z.array(handoffStepSchema.extend({ startedMs: z.number(), facts })).max(40),
  evidence: z
    .array(z.object({ at: isoTime, what: z.string().max(200), facts: z.record(z.string(), z.unknown()) }))
    .max(40),
  cut: z.array(openRequestSchema).max(20),
  cutCount: z.number(),
  resent: z.number(),
  probes: z.number(),
  hold: problemSchema.nullable(),
  /** It ended; the report waits for its last figures. */
  ending: z
    .object({
      kind: z.enum(['departure', 'loss', 'return']),
      outcome: z.enum(['offline', 'serving', 'lost', 'cancelled', 'held', 'failed']),
      problem: problemSchema.nullable(),
      sinceMs: z.number(),
    })
    .nullable(),
  coolDownAtMs: z.number().nullable(),
  departures: z.array(z.number()).max(50),
  failedReturns: z.number(),
  /** No departure or loss yet: the pair's first admission has short steps. */
  first: z.boolean(),
  lastReport: z.string().nullable(),
  gate: gateAddressSchema.nullable(),
  bootId: z.string().nullable(),
});
export type KeeperRecord = z.infer<typeof keeperRecordSchema>;
export type KeeperStep = KeeperRecord['steps'][number];
export type Ending = NonNullable<KeeperRecord['ending']>;
export type Returning = NonNullable<KeeperRecord['returning']>;

/** On the disk: the record, when it was written on both clocks, and the act that is about to be done. */
const fileSchema = z.object({
  savedAt: isoTime,
  savedMs: z.number(),
  intent: z.string().nullable(),
  /** Of the Mac that it was agreed with; null: it was not said. */
  peerPin: z.string().nullable().default(null),
  record: keeperRecordSchema,
});

export type ReadRecord =
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly record: KeeperRecord }
  | { readonly kind: 'unreadable'; readonly setAside: string }
  /** It is of a pair with another Mac, and rules nothing here. */
  | { readonly kind: 'other'; readonly setAside: string };

/** This engine's clocks. */
export interface Clocks {
  readonly ms: number;
  readonly wallMs: number;
}

/** Where the record is kept. */
export interface RecordStore {
  /** What cannot be read, or is of another pair, is set aside and named: it is evidence, and must not be met again. */
  read(now: Clocks): Promise<ReadRecord>;
  /** Whole or not at all, and on the disk when it resolves. Rejects when that cannot be. */
  write(record: KeeperRecord, now: Clocks, intent: string | null): Promise<void>;
}

/** @param peerPin of the Mac that this one is paired with; null: whose record it is does not matter */
export function recordOnDisk(file: string, peerPin: string | null = null): RecordStore {
  const setAsideAs = async <Kind extends 'unreadable' | 'other'>(kind: Kind, { wallMs }: Clocks) => {
    const setAside = `${file}.${kind}-${Math.round(wallMs)}`;
    await rename(file, setAside).catch(() => undefined);
    return { kind, setAside };
  };
  return {
    async read(now) {
      const text = await systemFiles.read(file);
      if (text === null) return { kind: 'none' };
      const content = fileIn(text);
      if (content === null) return setAsideAs('unreadable', now);
      const isOther = content.peerPin !== null && peerPin !== null && content.peerPin !== peerPin;
      return isOther ? setAsideAs('other', now) : { kind: 'found', record: onClockOf(now, content) };
    },
    write: (record, now, intent) => writePrivately(file, recordText(record, now, intent, peerPin)),
  };
}

type RecordFile = z.infer<typeof fileSchema>;

function fileIn(text: string): RecordFile | null {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function onClockOf(now: Clocks, { savedAt, savedMs, record }: RecordFile): KeeperRecord {
  // A wall clock that was set back must not make the past longer than it was.
  const passedMs = Math.max(0, now.wallMs - Date.parse(savedAt));
  return rebased(record, now.ms - savedMs - passedMs);
}

/** The times of the record are of this engine's clock; null when it is not one. */
export function parseRecord(text: string, now: Clocks): KeeperRecord | null {
  const content = fileIn(text);
  return content === null ? null : onClockOf(now, content);
}

/** Checked by what reads it: a field that is not in the schema must not reach the disk. */
export function recordText(
  record: KeeperRecord,
  now: Clocks,
  intent: string | null,
  peerPin: string | null = null,
): string {
  const savedAt = new Date(now.wallMs).toISOString();
  const content = fileSchema.parse({ savedAt, savedMs: now.ms, intent, peerPin, record });
  return `${JSON.stringify(content, null, 1)}\n`;
}

/** Every moment moved by `byMs`: from the clock of the engine that wrote to that of this one. */
export function rebased(record: KeeperRecord, byMs: number): KeeperRecord {
  const moved = (at: number | null): number | null => (at === null ? null : at + byMs);
  return {
    ...record,
    sinceMs: record.sinceMs + byMs,
    phaseMs: record.phaseMs + byMs,
    startedMs: record.startedMs + byMs,
    deadlineAtMs: moved(record.deadlineAtMs),
    coolDownAtMs: moved(record.coolDownAtMs),
    departures: record.departures.map((at) => at + byMs),
    steps: record.steps.map((step) => ({ ...step, startedMs: step.startedMs + byMs })),
    returning: record.returning && { ...record.returning, windowMs: record.returning.windowMs + byMs },
    ending: record.ending && { ...record.ending, sinceMs: record.ending.sinceMs + byMs },
  };
}
