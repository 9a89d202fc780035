import { pause, type Clock, type Scheduler } from '../../platform/clock.ts';
import type { OwnNetwork } from '../ports.ts';
import { readOwnNetwork, type NetworkSource, type NetworkWish } from './own-network.ts';

export interface NetworkChange {
  readonly before: OwnNetwork | null;
  readonly now: OwnNetwork | null;
}

export interface NetworkWatch {
  /** As last read; null: no network, or not read yet. */
  now(): OwnNetwork | null;
  /** Reads everything at once and tells the result; what changed is told to the listener first. */
  check(): Promise<OwnNetwork | null>;
  dispose(): void;
}

export interface NetworkWatchPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly source: NetworkSource;
  /** Asked before each reading, so that a changed setting counts. */
  wish(): NetworkWish;
  onChange(change: NetworkChange): void;
}

/** Interfaces are compared this often: 0.1 ms of CPU each, no child, no file. */
const LOOK_MS = 2000;
/** The gateway is read this often where no address changes. */
const GATEWAY_MS = 60_000;

/** Watches the network that the link uses; reads it for the first time at once. */
export function watchNetwork(ports: NetworkWatchPorts): NetworkWatch {
  let current: OwnNetwork | null = null;
  let print = '';
  let readAtMs = -Infinity;
  let reading: Promise<OwnNetwork | null> | null = null;
  let waiting: Promise<OwnNetwork | null> | null = null;
  const ended = new AbortController();

  const fingerprint = (): string => JSON.stringify([ports.source.addresses(), ports.wish()]);

  async function read(): Promise<OwnNetwork | null> {
    print = fingerprint();
    readAtMs = ports.clock.monotonicMs();
    const found = await readOwnNetwork(ports.source, ports.wish(), (delayMs) =>
      pause(ports.scheduler, delayMs, ended.signal),
    ).catch(() => null);
    if (ended.signal.aborted) return current;
    const before = current;
    current = keepHardware(before, found);
    if (!same(before, current)) ports.onChange({ before, now: current });
    return current;
  }

  /**
   * One reading at a time. Who asks meanwhile gets the next one, since the first may be too old; all of
   * them share it: a send error at each beat must not queue up children.
   */
  function check(): Promise<OwnNetwork | null> {
    if (reading !== null) {
      waiting ??= reading.then(() => {
        waiting = null;
        return check();
      });
      return waiting;
    }
    reading = read().finally(() => (reading = null));
    return reading;
  }

  const timer = ports.scheduler.every(LOOK_MS, () => {
    if (reading !== null) return;
    const due = ports.clock.monotonicMs() - readAtMs >= GATEWAY_MS;
    if (due || fingerprint() !== print) void check();
  });
  void check();

  return {
    now: () => current,
    check,
    dispose() {
      ended.abort();
      timer.dispose();
    },
  };
}

/** A router's hardware address that cannot be read for once is the one of before. */
function keepHardware(before: OwnNetwork | null, now: OwnNetwork | null): OwnNetwork | null {
  if (before === null || now === null || now.gatewayMac !== null) return now;
  const sameRouter =
    now.gateway === before.gateway &&
    now.address === before.address &&
    now.interfaceName === before.interfaceName;
  return sameRouter ? { ...now, gatewayMac: before.gatewayMac } : now;
}

function same(one: OwnNetwork | null, other: OwnNetwork | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
