import type { BatteryReading } from '../readings.ts';
import { batteryOfBlock, parsePmsetHeader, parsePmsetSupply, type PmsetSupply } from './pmset-battery.ts';

/**
 * The stream of `pmset -g pslog`, line by line. Per change it prints a dated line and the supplies;
 * "Now drawing from" comes only when the source has changed, so the last one is kept.
 */
export interface PslogState {
  /** The beginning of a line whose end has not come yet. */
  readonly rest: string;
  readonly drawingFrom: string | null;
  readonly supplies: readonly PmsetSupply[];
  /** This Mac has a battery of its own: a UPS's line alone says nothing about it. */
  readonly internalSeen: boolean;
}

export const freshPslog: PslogState = { rest: '', drawingFrom: null, supplies: [], internalSeen: false };

/** No line of pslog is nearly as long; what is longer is not pslog, and must not be collected for ever. */
const LONGEST_LINE = 64 * 1024;

const DATED = /^\d{4}-\d\d-\d\d /;

/** Feeds a chunk, split anywhere; returns the readings that its complete lines give, in order. */
export function feedPslog(
  state: PslogState,
  chunk: string,
): { readonly state: PslogState; readonly readings: readonly BatteryReading[] } {
  const lines = (state.rest + chunk).split('\n');
  const rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
  const readings: BatteryReading[] = [];
  let next = state;
  for (const line of lines) {
    const step = takeLine(next, line);
    next = step.state;
    if (step.reading) readings.push(step.reading);
  }
  return { state: { ...next, rest }, readings };
}

function takeLine(state: PslogState, line: string): { state: PslogState; reading: BatteryReading | null } {
  // A new block: a UPS that was unplugged is simply not listed any more.
  if (DATED.test(line)) return { state: { ...state, supplies: [] }, reading: null };
  const drawingFrom = parsePmsetHeader(line);
  if (drawingFrom !== null) return { state: { ...state, drawingFrom }, reading: null };
  const supply = parsePmsetSupply(line);
  if (!supply) return { state, reading: null };
  const supplies = [...state.supplies.filter(({ name }) => name !== supply.name), supply];
  const internalSeen = state.internalSeen || supply.internal;
  const speaks = supply.internal || !internalSeen;
  return {
    state: { ...state, supplies, internalSeen },
    reading: speaks ? batteryOfBlock({ ...state, supplies }) : null,
  };
}
