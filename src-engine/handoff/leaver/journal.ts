import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { leaveReasonSchema } from '../../../src-shared/world/handoff.ts';
import { isoTime } from '../../../src-shared/world/measured.ts';
import type { Departure, LeaverState, Phase } from './leaver-types.ts';

/** What the next engine has to know, whatever this one was doing when it died. */
const departureSchema = z.object({
  startedAt: isoTime,
  deadlineAt: isoTime.nullable(),
  reasons: z.array(leaveReasonSchema).max(10),
  handoffId: z.string(),
  alone: z.boolean(),
  fromOut: z.boolean(),
  zeroLive: z.boolean(),
  committed: z.boolean(),
});
const journalSchema = z.object({
  bootId: z.string(),
  doing: z.enum(['serving', 'out', 'preparing', 'draining', 'drained', 'stopping', 'gone']),
  departure: departureSchema.nullable(),
  reasons: z.array(z.object({ reason: leaveReasonSchema, silenced: z.boolean() })).max(10),
  /** A person put it off. */
  delayedUntil: isoTime.nullable(),
  handoffId: z.string(),
  epoch: z.number().int().min(0),
  clusterStopped: z.boolean(),
  noShare: z.boolean(),
  gatePaused: z.boolean(),
});
export type LeaverJournal = z.infer<typeof journalSchema>;

export function journalOf(state: LeaverState): LeaverJournal {
  const { phase } = state;
  const departure = 'departure' in phase ? phase.departure : null;
  const isPutOff = phase.name === 'serving' && phase.notBefore?.why === 'person';
  return {
    bootId: state.bootId,
    doing: doingOf(phase),
    departure: departure === null ? null : kept(departure),
    // A wake and a new engine are the end of a suspend and of a shutdown that did not come.
    reasons: state.reasons
      .filter(({ reason }) => reason.name !== 'suspend' && reason.name !== 'shutdown')
      .map(({ reason, silenced }) => ({ reason, silenced })),
    delayedUntil: isPutOff ? (phase.notBefore?.at ?? null) : null,
    handoffId: state.handoffId,
    epoch: state.epoch,
    clusterStopped: state.clusterStopped,
    noShare: state.noShare,
    gatePaused: state.gatePaused,
  };
}

function doingOf(phase: Phase): LeaverJournal['doing'] {
  switch (phase.name) {
    case 'serving':
    case 'out':
    case 'draining':
    case 'drained':
    case 'stopping':
    case 'gone':
      return phase.name;
    case 'asking':
    case 'prepared':
      return 'preparing';
    case 'starting':
      return 'gone';
    case 'leftNow':
      return 'out';
  }
}

function kept(departure: Departure): z.infer<typeof departureSchema> {
  const { startedAt, deadlineAt, reasons, handoffId, alone, fromOut, zeroLive, committed } = departure;
  return {
    startedAt,
    deadlineAt,
    reasons: reasons.slice(0, 10),
    handoffId,
    alone,
    fromOut,
    zeroLive,
    committed,
  };
}

/** Null: there is none, or nothing in it can be trusted, which is the same: stay out. */
export function readJournal(file: string): LeaverJournal | null {
  try {
    return journalSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Synchronous, whole or not at all: the intent is on disk before the act. Throws when the disk does. */
export function writeJournal(file: string, text: string): void {
  const beside = `${file}.new`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(beside, text, { mode: 0o600, flush: true });
  renameSync(beside, file);
}
