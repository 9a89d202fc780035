import { nowMs } from '../../src-demo/load/now.ts';
import type { Stage } from './handoff-stage.ts';

/** How an edge is gone without a word. */
export const FAULTS = ['black hole', 'link down', 'kill -9', 'SIGSTOP'] as const;
export type Fault = (typeof FAULTS)[number];

/** The engine first: it would start its gate anew. */
const processesOf = ({ edge, workloadPid }: Stage): number[] => [...edge.pids(), workloadPid('edge')];

/**
 * @returns the moment before it was begun: nothing of the edge was cut yet, so that times from here are too long by
 *   what the tool takes (about 10 ms), never too short
 */
export function strike(stage: Stage, fault: Fault): number {
  const pids = processesOf(stage);
  const atMs = nowMs();
  if (fault === 'black hole') stage.net.blackHole();
  else if (fault === 'link down') stage.net.edge.linkDown();
  else signal(pids, fault === 'kill -9' ? 'SIGKILL' : 'SIGSTOP');
  return atMs;
}

/** Everything is there again, as far as a machine can be: the edge has still to be let in. */
export async function mend(stage: Stage, fault: Fault): Promise<void> {
  stage.net.heal();
  if (fault === 'SIGSTOP') signal(processesOf(stage), 'SIGCONT');
  if (fault !== 'kill -9') return;
  await stage.startWorkload('edge');
  await stage.edge.start();
}

/** Of what is there: a gate that died has left its record. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // Gone already.
    }
}
