import { askNode } from '../../src-engine/cluster/embedded/node-client.ts';
import { readNodeRecord } from '../../src-engine/cluster/embedded/node-files.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import { processesNaming, type Rig } from './tandem.ts';

/** What makes the built-in cluster `lab`, of one node. */
export const createLab = ['cluster', 'create', 'lab', '--provider', 'embedded'] as const;

/** The journal of the operation that runs on `lab`: on disk before its first step, gone after its last. */
export const labJournal = (rig: Rig): string => `${rig.home}/run/operation-lab.json`;

export const nodeProcesses = (rig: Rig): string[] =>
  processesNaming(rig.home).filter((line) => line.includes('embedded-node'));

/** A request that keeps a pod of `lab` busy, so that a drain has something to wait for. */
export async function slowRequest(rig: Rig, delayMs: number): Promise<{ answer: Promise<Response> }> {
  const record = await readNodeRecord(homeAt(rig.home), 'lab', 'lab-control-plane');
  const state = await askNode(record?.socket ?? '', 'GET', '/state');
  const answer = fetch(`http://127.0.0.1:${state?.pods[0]?.port}/?delayMs=${delayMs}`);
  // A test that fails before it awaits the answer ends the pod under it: its own failure is the news.
  answer.catch(() => undefined);
  return { answer };
}

/** With --json, what a refused verb says last. */
export function errorOf(ran: { readonly stderr: string }): unknown {
  return JSON.parse(ran.stderr.trim().split('\n').at(-1) ?? '');
}
