import type { ClientRecord } from '../../src-demo/load/ledger.ts';
import { nowMs } from '../../src-demo/load/now.ts';
import { mend, strike, type Fault } from './handoff-faults.ts';
import type { Peer } from './handoff-peers.ts';
import type { Stage } from './handoff-stage.ts';
import { costOf, type Cost } from './handoff-verdict.ts';
import { pause } from './report.ts';

/** Of each front. As in research/haproxy.md, section B. */
const PER_SECOND = 100;
const SLOW_MS = 2000;
/** Some POSTs are executing at any moment: those nobody can save. */
const POST_MS = 100;
const STEADY_MS = 2000;
/** The phase is random within this: more than any period of checks and beats here but a default check's own (2 s). */
const PHASE_MS = 2000;
/** Ours decides within 3 s; what still hung then would be seen to its end, since the clients wait. */
const WATCH_MS = 6000;
/** Checks of 2 s, three times, and a `timeout server` of 30 s behind them. */
const WATCH_PEERS_MS = 40_000;

export const OURS = 'ours';

const expectedMs = ({ kind }: ClientRecord): number =>
  kind === 'slow' ? SLOW_MS : kind === 'post' ? POST_MS : 0;

/**
 * One death of the edge at a random moment, under a client at each front; then it is mended and let in again, and
 * whatever it executes too late is seen as well. By the name of the front.
 */
export async function trial(
  stage: Stage,
  fault: Fault,
  peers: readonly Peer[],
): Promise<ReadonlyMap<string, Cost>> {
  await stage.settle();
  stage.forget();
  const fronts: readonly Peer[] = [{ name: OURS, front: stage.front }, ...peers];
  const loads = fronts.map(({ front }) =>
    stage.load({ front, perSecond: PER_SECOND, posts: 20, rampMs: 0, postMs: POST_MS, slowMs: SLOW_MS }),
  );
  await pause(STEADY_MS + PHASE_MS * Math.random());
  const fromMs = strike(stage, fault);
  await pause(peers.length > 0 ? WATCH_PEERS_MS : WATCH_MS);
  const untilMs = nowMs();
  await mend(stage, fault);
  await stage.settle();
  const heard = await Promise.all(loads.map((load) => load.end()));
  const executions = stage.executions();
  return new Map(
    fronts.map(({ name }, index) => [
      name,
      costOf(heard[index]?.records ?? [], executions, { fromMs, untilMs }, expectedMs),
    ]),
  );
}
