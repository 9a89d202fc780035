import type { BeatFacts } from '../ports.ts';

/** What HB, PROBE and PROBE_ACK say alike, so that each proves and tells as much as a heartbeat. */
export interface BeatBody {
  /** Between two heartbeats of the sender, milliseconds. */
  readonly intervalMs: number;
  /** The newest datagram of the other side that the sender has; 0: none. */
  readonly echoSeq: number;
  /** How long the sender has had it, milliseconds, at most 65,535. */
  readonly echoAgeMs: number;
  readonly facts: BeatFacts;
}

/** Body of HB, PROBE and PROBE_ACK: interval u16, echo seq u48, echo age u16, flags u16, four readings. */
export const BEAT_BYTES = 17;

const UNKNOWN_U8 = 255;
const UNKNOWN_U16 = 65_535;

/** Two bits each, lowest first: 0 unknown, 1 no, 2 yes. The order is the wire's. */
const FLAGS = [
  'onAC',
  'lidClosed',
  'sleepSoon',
  'draining',
  'clusterUp',
  'apiOk',
  'gatewayOk',
  'tunnelOk',
] as const satisfies readonly (keyof BeatFacts)[];

const nothingKnown = (): { -readonly [Name in keyof BeatFacts]: BeatFacts[Name] } => ({
  onAC: null,
  lidClosed: null,
  sleepSoon: null,
  draining: null,
  clusterUp: null,
  apiOk: null,
  gatewayOk: null,
  tunnelOk: null,
  batteryPercent: null,
  thermalLevel: null,
  memoryFreePercent: null,
  loopLagMs: null,
});

export const unknownFacts: BeatFacts = nothingKnown();

export function writeBeat({ intervalMs, echoSeq, echoAgeMs, facts }: BeatBody): Buffer {
  const body = Buffer.allocUnsafe(BEAT_BYTES);
  body.writeUInt16BE(within(intervalMs, UNKNOWN_U16), 0);
  body.writeUIntBE(echoSeq, 2, 6);
  body.writeUInt16BE(within(echoAgeMs, UNKNOWN_U16), 8);
  body.writeUInt16BE(flagsOf(facts), 10);
  body[12] = orUnknown(facts.batteryPercent, UNKNOWN_U8);
  body[13] = orUnknown(facts.thermalLevel, UNKNOWN_U8);
  body[14] = orUnknown(facts.memoryFreePercent, UNKNOWN_U8);
  body.writeUInt16BE(orUnknown(facts.loopLagMs, UNKNOWN_U16), 15);
  return body;
}

/** @param body exactly `BEAT_BYTES`, authenticated; values out of range are unknown all the same */
export function readBeat(body: Buffer): BeatBody {
  const facts = nothingKnown();
  facts.batteryPercent = upTo(100, body.readUInt8(12));
  facts.thermalLevel = upTo(4, body.readUInt8(13));
  facts.memoryFreePercent = upTo(100, body.readUInt8(14));
  facts.loopLagMs = upTo(UNKNOWN_U16 - 1, body.readUInt16BE(15));
  let flags = body.readUInt16BE(10);
  for (const name of FLAGS) {
    facts[name] = SAID[flags & 3] ?? null;
    flags >>= 2;
  }
  return {
    intervalMs: body.readUInt16BE(0),
    echoSeq: body.readUIntBE(2, 6),
    echoAgeMs: body.readUInt16BE(8),
    facts,
  };
}

const SAID = [null, false, true];
const NAMES = Object.keys(unknownFacts) as readonly (keyof BeatFacts)[];

export function sameFacts(one: BeatFacts, other: BeatFacts): boolean {
  return NAMES.every((name) => one[name] === other[name]);
}

function flagsOf(facts: BeatFacts): number {
  return FLAGS.reduce((bits, name, index) => {
    const value = facts[name];
    return bits | ((value === null ? 0 : value ? 2 : 1) << (2 * index));
  }, 0);
}

function within(value: number, highest: number): number {
  return Math.min(highest, Math.max(0, Math.round(value)));
}

/** The highest value stands for unknown, so what is known stays below it. */
function orUnknown(value: number | null, unknown: number): number {
  return value === null || Number.isNaN(value) ? unknown : within(value, unknown - 1);
}

function upTo(highest: number, value: number): number | null {
  return value <= highest ? value : null;
}
