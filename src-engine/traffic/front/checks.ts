import type { Scheduler } from '../../platform/clock.ts';
import { GATE_READY_PATH, PROBE_HEADER } from '../ports.ts';
import type { Front } from './front.ts';
import { checked } from './health.ts';
import type { SideState } from './sides.ts';

/** design/limits.md: the gate's pause guard waits for these. */
const CHECK_EVERY_MS = 500;
/** The gate's readiness fetches its workload's health within 1 s. */
const CHECK_LIMIT_MS = 1000;
/** Requests that wait too long for an answer are looked for this often. */
const EXPIRE_EVERY_MS = 5000;

/** The front's own checks of both sides. They never change a weight; they say who gets nothing new. */
export function startChecks(front: Front, scheduler: Scheduler): { dispose(): void } {
  const { core, edge } = front.sides;
  const underWay = new Set<SideState>();
  const look = (side: SideState, path: string, host: string, good: (status: number) => boolean): void => {
    const { carrier } = side;
    if (carrier === null || underWay.has(side)) return;
    underWay.add(side);
    const headers = ['host', host, PROBE_HEADER, 'check'];
    void carrier.check(path, headers, CHECK_LIMIT_MS).then((status) => {
      underWay.delete(side);
      // Meanwhile it may have become dead, or have another address.
      if (side.carrier !== carrier) return;
      side.health = checked(side.health, status !== null && good(status));
      side.up = side.health.up;
    });
  };
  const lookAtBoth = (): void => {
    const { config } = front.document();
    look(core, config.core.healthPath, 'core', (status) => status >= 200 && status < 400);
    look(edge, GATE_READY_PATH, 'edge', (status) => status === 200);
  };
  lookAtBoth();
  const timers = [
    scheduler.every(CHECK_EVERY_MS, lookAtBoth),
    scheduler.every(EXPIRE_EVERY_MS, () => {
      const nowMs = front.clock.monotonicMs();
      for (const side of [core, edge]) for (const one of side.inFlight) one.expire(nowMs);
    }),
  ];
  return {
    dispose() {
      for (const timer of timers) timer.dispose();
    },
  };
}
