import type { Side } from '../../../src-shared/world/traffic.ts';
import type { Carrier } from './carrier.ts';
import { unseen, type Health } from './health.ts';

/** A request, or an upgraded connection, that a side has and has not ended. */
export interface InFlight {
  readonly method: string;
  readonly path: string;
  /** One of ours: under way, but not traffic. */
  readonly probe: boolean;
  readonly startedMs: number;
  /** The side is dead: goes to the other one now, or its client is reset; `whole`: it needs the side no more. */
  abandon(): 'resent' | 'cut' | 'whole';
  /** Called now and then: ends what waited too long for its answer. */
  expire(nowMs: number): void;
}

/** All that the front knows of one side; the one place where it is counted. */
export interface SideState {
  readonly name: Side;
  /** Null: no address, or dead. */
  carrier: Carrier | null;
  usable: boolean;
  weight: number;
  health: Health;
  /** As `health` says; what is chosen by. */
  up: boolean | null;
  requests: number;
  failures: number;
  retried: number;
  /** Without our probes. */
  traffic: number;
  readonly inFlight: Set<InFlight>;
}

export function newSide(name: Side): SideState {
  return {
    name,
    carrier: null,
    usable: false,
    weight: 0,
    health: unseen,
    up: null,
    requests: 0,
    failures: 0,
    retried: 0,
    traffic: 0,
    inFlight: new Set(),
  };
}

/** A side has no way to its backend any more, or another one; what its checks said was of the old one. */
export function setCarrier(side: SideState, carrier: Carrier | null): void {
  side.carrier = carrier;
  side.usable = carrier !== null;
  side.health = unseen;
  side.up = null;
}

export function enter(side: SideState, one: InFlight): void {
  side.inFlight.add(one);
  if (one.probe) return;
  side.requests += 1;
  side.traffic += 1;
}

/** Ended, one way or another; again is nothing. */
export function leave(side: SideState, one: InFlight): void {
  if (side.inFlight.delete(one) && !one.probe) side.traffic -= 1;
}

/** Answered 5xx, not connected, or broken. */
export function countFailure(side: SideState, one: InFlight): void {
  if (!one.probe) side.failures += 1;
}

/** Sent again after this side failed. */
export function countRetry(side: SideState, one: InFlight): void {
  if (!one.probe) side.retried += 1;
}
