import type { Clock } from '../../platform/clock.ts';
import { admit, type Admission } from './admission.ts';

/** Counts connections by address for `admit`. */
export interface DoorLedger {
  /** Says whether a connection may come in; when it may, it counts as half-open until `settle`. */
  knock(address: string, known: boolean): Admission;
  /** A connection was welcomed, or is gone. Once for each that came in. */
  settle(address: string): void;
  /** Addresses that are remembered. */
  size(): number;
}

const SECOND_MS = 1000;

interface Visitor {
  halfOpen: number;
  /** Moments, monotonic, within the last second. */
  began: number[];
}

export function doorLedger(clock: Clock): DoorLedger {
  const visitors = new Map<string, Visitor>();
  /** Moments, monotonic, within the last second; of unknown addresses. */
  let strangers: number[] = [];
  let halfOpenInAll = 0;

  /** Forgets who is gone, so that a thousand addresses leave nothing behind. */
  function prune(now: number): void {
    const isRecent = (at: number): boolean => now - at < SECOND_MS;
    strangers = strangers.filter(isRecent);
    for (const [address, visitor] of visitors) {
      visitor.began = visitor.began.filter(isRecent);
      if (visitor.halfOpen === 0 && visitor.began.length === 0) visitors.delete(address);
    }
  }

  return {
    knock(address, known) {
      const now = clock.monotonicMs();
      prune(now);
      const visitor = visitors.get(address) ?? { halfOpen: 0, began: [] };
      const verdict = admit({
        halfOpenOfAddress: visitor.halfOpen,
        halfOpenInAll,
        lastSecond: visitor.began.length,
        strangersLastSecond: strangers.length,
        known,
      });
      if (verdict !== 'admit') return verdict;
      visitor.began.push(now);
      if (!known) strangers.push(now);
      visitor.halfOpen += 1;
      halfOpenInAll += 1;
      visitors.set(address, visitor);
      return verdict;
    },
    settle(address) {
      const visitor = visitors.get(address);
      if (visitor === undefined || visitor.halfOpen === 0) return;
      visitor.halfOpen -= 1;
      halfOpenInAll -= 1;
    },
    size: () => visitors.size,
  };
}
