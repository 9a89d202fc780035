import { lifeMissing } from '../kind/kind-observe.ts';
import { ended, proofStepsBy, type Look } from '../kind/kind-proofs.ts';
import type { ClusterRecord, Step } from '../provider.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import { containersOf, nodesOfRun, startsOfMachines } from './minikube-machine.ts';
import { lifeEyes } from './minikube-observe.ts';

/** "Running" means all proofs of life, as with kind: minikube's own checks read what was stored before a restart, too. */
export function proofSteps(hands: MinikubeHands, record: ClusterRecord): Step[] {
  return proofStepsBy(hands.scheduler, record, {
    look: () => lookAt(hands, record),
    ended: (node) => ended(hands, node),
    hasten: async () => undefined,
  });
}

const nothing: Look = { isUp: false, missing: null, run: null, fallen: null, trouble: null };

async function lookAt(hands: MinikubeHands, { name }: ClusterRecord): Promise<Look> {
  const profile = await hands.files.profile(name);
  if (profile === null) return { ...nothing, trouble: { code: 'clusterAbsent', params: { name } } };
  if (profile.driver === 'docker') {
    const containers = await containersOf(hands.docker, profile);
    if (!containers.ok) return { ...nothing, trouble: containers.error };
    const fallen = containers.value.find(({ state }) => state === 'exited' || state === 'dead') ?? null;
    if (fallen !== null) return { ...nothing, fallen };
  }
  const snapshot = await hands.api.read(hands.files.kubeconfig(name));
  const starts = snapshot === null ? null : await startsOfMachines(hands, profile);
  if (snapshot === null || starts === null) return nothing;
  const run = { snapshot, starts, containers: nodesOfRun(profile) };
  const missing = await lifeMissing(lifeEyes(hands, profile), { name }, run);
  return { ...nothing, isUp: true, missing, run };
}
