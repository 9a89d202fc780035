import { fail, ok } from '../../../src-shared/errors/result.ts';
import { pause, type Scheduler } from '../../platform/clock.ts';
import type { ClusterRecord, Step } from '../provider.ts';
import { proofsOf, type Proofs } from '../readiness.ts';
import { kindNodes, startOf, type KindEyes } from './kind-observe.ts';

const LIMIT_MS = 5 * 60_000;
const POLL_MS = 500;

/** "Running" means all three proofs of life; each is a step of its own, so that people see what is still missing. */
export function proofSteps(eyes: KindEyes, scheduler: Scheduler, record: ClusterRecord): Step[] {
  const proof = (id: string, proven: (proofs: Proofs | null) => boolean): Step => ({
    id,
    limitMs: LIMIT_MS,
    run: async ({ signal }) => {
      while (!signal.aborted) {
        if (proven(await proofs(eyes, record))) return ok(undefined);
        await pause(scheduler, POLL_MS, signal);
      }
      return fail('apiUnreachable', { name: record.name });
    },
  });
  return [
    proof('waitApi', (found) => found !== null),
    proof('proveHeartbeat', (found) => found?.heartbeat === true),
    proof('proveLeader', (found) => found?.leader === true),
    proof('proveDns', (found) => found?.dns === true),
  ];
}

async function proofs(eyes: KindEyes, record: ClusterRecord): Promise<Proofs | null> {
  const snapshot = await eyes.api.read(eyes.files.kubeconfig(record.name));
  if (snapshot === null) return null;
  const nodes = await kindNodes(eyes.docker, record.name);
  if (!nodes.ok) return null;
  const since = await startOf(eyes.docker, nodes.value);
  return since === null ? null : proofsOf(snapshot, since, nodes.value.length);
}
