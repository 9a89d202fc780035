import type { Connections } from './connections.ts';
import type { Told } from './gate-config.ts';
import { heard, look, newGuard, type Tripped } from './pause-guard.ts';

/** What the gate was told, and its pause guard. */
export interface Desk {
  told(): Told;
  /** By the engine. */
  tell(told: Told): void;
  /**
   * Asked first of everything that comes in. True: this process was paused, or the core silent, for too long; all that
   * it held has just been reset, and what asked is not to be served.
   */
  pausedNow(): boolean;
  /** An authenticated word of the core. */
  heard(): void;
  /** How often the guard has tripped. */
  trips(): number;
}

export interface DeskPorts {
  /** A clock that counts sleep, milliseconds. */
  readonly now: () => number;
  readonly connections: Pick<Connections, 'holds' | 'resetAll'>;
  readonly told: Told;
  onTrip(tripped: Tripped, reset: number): void;
}

export function openDesk({ now, connections, told, onTrip }: DeskPorts): Desk {
  let guard = newGuard(now());
  let word = told;
  let trips = 0;
  return {
    told: () => word,
    tell(told) {
      word = told;
      // Connections of before may be idle until the front begins its checks, which it does now.
      guard = heard(guard, now());
    },
    pausedNow() {
      const seen = look(guard, now(), connections.holds());
      guard = seen.guard;
      if (seen.tripped === null) return false;
      trips += 1;
      const reset = connections.resetAll();
      // Who stays out anyway gives nothing to the workload: there is nothing to be told of.
      if (word !== 'stayOut') word = 'paused';
      onTrip(seen.tripped, reset);
      return true;
    },
    heard: () => void (guard = heard(guard, now())),
    trips: () => trips,
  };
}
