import type { BatteryState } from '../../../src-shared/world/vitals.ts';
import {
  honestMinutes,
  noBattery,
  unknownBattery,
  wholeNumber,
  within,
  type BatteryReading,
} from '../readings.ts';

/** One line of `pmset -g batt` or `-g pslog` that describes a supply. */
export interface PmsetSupply {
  readonly name: string;
  readonly internal: boolean;
  readonly present: boolean;
  readonly percent: number | null;
  readonly state: BatteryState;
  /** The system's own minutes: to empty while discharging, to full while charging. */
  readonly osMinutes: number | null;
}

/** What a whole block says. `drawingFrom` is null when the header was left out. */
export interface PmsetBlock {
  readonly drawingFrom: string | null;
  readonly supplies: readonly PmsetSupply[];
}

/** In this order: "charging" is the end of two others, and "AC attached; not charging" holds a `;`. */
const STATES: readonly (readonly [string, BatteryState])[] = [
  ['finishing charge', 'finishing'],
  ['charged', 'charged'],
  ['AC attached; not charging', 'notCharging'],
  ['not charging', 'notCharging'],
  ['discharging', 'discharging'],
  ['charging', 'charging'],
];

/** The grammar is that of PowerManagement pmset/pmset.m (research/vitals.md, section 2). */
const SUPPLY = /^ -(.+?)(?: \(id=\d+\))?\s+(\d{1,3})%;\s*(.*)$/;

/** The name in `Now drawing from 'AC Power'`, or null for any other line. */
export function parsePmsetHeader(line: string): string | null {
  return /^Now drawing from '([^']*)'/.exec(line)?.[1] ?? null;
}

/** A supply's line, or null for any other line (failures and warnings begin with a tab). */
export function parsePmsetSupply(line: string): PmsetSupply | null {
  const match = SUPPLY.exec(line);
  if (!match) return null;
  const [, name = '', percent, rest = ''] = match;
  const state = STATES.find(([words]) => rest.startsWith(words))?.[1] ?? 'unknown';
  const time = /(?:^|;)\s*(\d{1,3}):(\d\d) remaining/.exec(rest);
  const minutes = time ? Number(time[1]) * 60 + Number(time[2]) : null;
  return {
    name,
    internal: name.startsWith('InternalBattery'),
    present: !/present: false/.test(rest),
    percent: within(wholeNumber(percent), 0, 100),
    state,
    osMinutes: honestMinutes(minutes),
  };
}

/** The whole output of `pmset -g batt`; null when it is not that. */
export function parsePmsetBlock(output: string): PmsetBlock | null {
  const lines = output.split('\n');
  const drawingFrom = lines.map(parsePmsetHeader).find((name) => name !== null) ?? null;
  const supplies = lines.map(parsePmsetSupply).filter((supply) => supply !== null);
  return drawingFrom === null && supplies.length === 0 ? null : { drawingFrom, supplies };
}

/**
 * A block as a reading. A laptop's own battery counts; a desktop with a UPS shows that. Drawing from
 * a UPS is not AC: the mains are gone.
 */
export function batteryOfBlock(block: PmsetBlock): BatteryReading {
  const present = block.supplies.filter((supply) => supply.present);
  const supply = present.find((candidate) => candidate.internal) ?? present[0];
  if (!supply) return noBattery;
  return {
    ...unknownBattery,
    percent: supply.percent,
    onAC: onACOf(block.drawingFrom, supply.state),
    state: supply.state,
    osMinutes: supply.osMinutes,
  };
}

function onACOf(drawingFrom: string | null, state: BatteryState): boolean | null {
  if (drawingFrom !== null) return drawingFrom === 'AC Power';
  if (state === 'unknown') return null;
  return state !== 'discharging';
}
