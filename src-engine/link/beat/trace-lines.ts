import { byeReasonSchema, linkStateSchema, type LinkState } from '../../../src-shared/world/peer.ts';
import {
  deadlineMs,
  detect,
  startDetector,
  TICK_MS,
  type DetectorInput,
  type DetectorLimits,
  type DetectorState,
} from './detector.ts';

/**
 * The lines of a trace: JSON arrays, `[milliseconds, letter, ...]`. Ticks are not written: they come by
 * themselves, except during a pause, which is.
 */

/** Null for what is not written. */
export function traceLine(input: DetectorInput): string | null {
  const fields = fieldsOf(input);
  return fields === null ? null : line([rounded(input.atMs), ...fields]);
}

function fieldsOf(input: DetectorInput): unknown[] | null {
  switch (input.kind) {
    case 'arrival':
      return ['a', input.echoSeqAdvanced ? 1 : 0, input.beat ? 1 : 0, input.peerIntervalMs, input.echoAgeMs];
    case 'tick':
      return null;
    case 'hint':
      return ['h'];
    case 'crashed':
      return ['c'];
    case 'bye':
      return ['b', input.reason];
    case 'resumed':
      return ['r'];
    case 'session':
      return ['s', input.up ? 1 : 0];
    default:
      return ['i', input.ownIntervalMs];
  }
}

export function pauseLine(endedAtMs: number, lastedMs: number): string {
  return line([rounded(endedAtMs), 'p', rounded(lastedMs)]);
}

/** For a person who reads it; a replay finds its own. */
export function phaseLine(atMs: number, phase: LinkState): string {
  return line([rounded(atMs), 'phase', phase]);
}

const line = (fields: unknown[]): string => `${JSON.stringify(fields)}\n`;
const rounded = (ms: number): number => Math.round(ms * 10) / 10;

export interface ReplayedPhase {
  readonly atMs: number;
  readonly phase: LinkState;
}

/** Runs the detector on a recorded trace. Lines that are no lines of a trace are left out. */
export function replayTrace(lines: Iterable<string>, limits: DetectorLimits): ReplayedPhase[] {
  const parsed = [...lines].flatMap((text) => parsedLine(text) ?? []);
  const inputs = parsed.flatMap((entry) => ('input' in entry ? [entry.input] : []));
  const pauses = parsed.flatMap((entry) => ('pause' in entry ? [entry.pause] : []));
  const first = inputs[0];
  if (first === undefined) return [];
  const phases: ReplayedPhase[] = [];
  let state = startDetector(first.atMs, limits);
  const feed = (input: DetectorInput) => {
    const { phase } = state;
    state = detect(state, input, limits);
    if (state.phase !== phase) phases.push({ atMs: input.atMs, phase: state.phase });
  };
  for (const input of inputs) {
    let atMs = nextTickMs(state, limits, pauses);
    for (; atMs < input.atMs; atMs = nextTickMs(state, limits, pauses)) feed({ kind: 'tick', atMs });
    if (state.tickedAtMs === null) feed({ kind: 'tick', atMs: input.atMs });
    feed(input);
  }
  return phases;
}

interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
}

function nextTickMs(state: DetectorState, limits: DetectorLimits, pauses: readonly Pause[]): number {
  if (state.tickedAtMs === null) return Infinity;
  const tickMs = state.tickedAtMs + TICK_MS;
  const wantedMs = Math.min(tickMs, Math.max(deadlineMs(state, limits) ?? tickMs, state.tickedAtMs + 1));
  return pauses.find(({ fromMs, toMs }) => wantedMs > fromMs && wantedMs < toMs)?.toMs ?? wantedMs;
}

function parsedLine(text: string): { input: DetectorInput } | { pause: Pause } | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(fields)) return null;
  const [atMs, letter, first, ...more] = fields as unknown[];
  if (typeof atMs !== 'number') return null;
  if (letter === 'p' && typeof first === 'number') return { pause: { fromMs: atMs - first, toMs: atMs } };
  const input = inputOf(atMs, letter, [first, ...more]);
  return input === null ? null : { input };
}

function inputOf(
  atMs: number,
  letter: unknown,
  [first, second, third, fourth]: readonly unknown[],
): DetectorInput | null {
  const reason = byeReasonSchema.safeParse(first);
  switch (letter) {
    case 'a':
      return {
        kind: 'arrival',
        atMs,
        echoSeqAdvanced: first === 1,
        echoAgeMs: typeof fourth === 'number' ? fourth : 0,
        beat: second === 1,
        peerIntervalMs: typeof third === 'number' ? third : null,
      };
    case 'h':
      return { kind: 'hint', atMs };
    case 'c':
      return { kind: 'crashed', atMs };
    case 'b':
      return reason.success ? { kind: 'bye', atMs, reason: reason.data } : null;
    // For a person; here only a moment at which the process lived.
    case 'phase':
      return { kind: 'tick', atMs };
    case 'r':
      return { kind: 'resumed', atMs };
    case 's':
      return { kind: 'session', atMs, up: first === 1 };
    case 'i':
      return typeof first === 'number' ? { kind: 'pace', atMs, ownIntervalMs: first } : null;
    default:
      return null;
  }
}

/** The phases that a trace says it went through, to compare with a replay. */
export function recordedPhases(lines: Iterable<string>): ReplayedPhase[] {
  return [...lines].flatMap((text) => {
    if (!text.includes('"phase"')) return [];
    const [atMs, , phase] = JSON.parse(text) as unknown[];
    const parsed = linkStateSchema.safeParse(phase);
    return typeof atMs === 'number' && parsed.success ? [{ atMs, phase: parsed.data }] : [];
  });
}
