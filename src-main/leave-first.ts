import { pause, type Scheduler } from '../src-engine/platform/clock.ts';
import { ok, type Result } from '../src-shared/errors/result.ts';
import type { Handoff } from '../src-shared/world/handoff.ts';
import type { World } from '../src-shared/world/world.ts';
import type { EngineLink } from './engine-link.ts';
import type { ShellStore } from './shell-store.ts';

/** Deadline and reserve of a departure (design/limits.md), and a moment for the last word. */
const LEAVE_LIMIT_MS = 130_000;

/** True while requests may still come to this edge. */
export function servesAsEdge(world: World | null): boolean {
  if (world === null || world.role !== 'edge' || world.handoff === null) return false;
  const { state, safeToCloseLid } = world.handoff;
  return safeToCloseLid !== true && state !== 'OFFLINE' && state !== 'LOST';
}

export interface LeaveDeps {
  readonly link: Pick<EngineLink, 'call'>;
  readonly store: Pick<ShellStore, 'getState' | 'subscribe'>;
  readonly scheduler: Scheduler;
}

/**
 * Leaves, and waits until this edge is offline.
 *
 * @returns the refusal, or how it ended: `false` when it was called off, held, or took too long
 */
export async function leaveFirst(deps: LeaveDeps): Promise<Result<boolean>> {
  const heldBefore = deps.store.getState().world?.handoff?.state === 'HOLD';
  const asked = await deps.link.call('handoff.leave', { now: true });
  if (!asked.ok) return asked;
  return ok(await untilOffline(deps, heldBefore, LEAVE_LIMIT_MS));
}

/** Resolves true when OFFLINE is seen, false when it goes no further, or at the limit. */
async function untilOffline(
  { store, scheduler }: LeaveDeps,
  heldBefore: boolean,
  limitMs: number,
): Promise<boolean> {
  const over = new AbortController();
  let began = false;
  let went = false;
  const look = (handoff: Handoff | null | undefined): void => {
    const state = handoff?.state;
    if (state === 'OFFLINE') went = true;
    // A state of before is no answer: the departure has to be seen on its way.
    began ||= state === 'PREPARING' || state === 'SHIFTING' || state === 'DRAINING';
    const stays = state === 'SERVING' || state === 'WARNED' || state === 'RETURNING';
    const held = state === 'HOLD' && (began || !heldBefore);
    if (went || (began && stays) || held) over.abort();
  };
  const end = store.subscribe(({ world }) => look(world?.handoff));
  look(store.getState().world?.handoff);
  if (!over.signal.aborted) await pause(scheduler, limitMs, over.signal);
  end();
  return went;
}
