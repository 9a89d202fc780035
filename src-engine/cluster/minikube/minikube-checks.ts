import { fail, ok } from '../../../src-shared/errors/result.ts';
import type { ClusterRecord, Step } from '../provider.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import { containersOf } from './minikube-machine.ts';
import { gone, observeStanding } from './minikube-observe.ts';
import type { Profile } from './minikube-profile.ts';

const LIMIT_MS = 20_000;

/**
 * Before a create: nothing may stand there under its name, or the undo would delete what somebody else made. minikube
 * removes whatever is called so, a container that is none of its own (`deleteOrphanedKIC`) and a profile whose machine is in
 * another Docker among them; its status tells of neither.
 */
export function checkFree(hands: MinikubeHands, { name, nodes }: ClusterRecord): Step {
  return {
    id: 'checkAbsent',
    limitMs: LIMIT_MS,
    harmless: true,
    async run() {
      const taken = fail('clusterExists', { name });
      if ((await hands.files.madeAt(name)) !== null || (await hands.files.profile(name)) !== null)
        return taken;
      for (const machine of machineNames(name, nodes)) {
        const found = await hands.docker.inspect(machine);
        if (found.ok) return taken;
      }
      const { state, why } = await observeStanding(hands, { name });
      if (state === 'absent') return ok(undefined);
      if (state !== 'unknown') return taken;
      return why === 'minikubeMissing'
        ? fail('toolMissing', { tool: 'minikube' })
        : fail('minikubeStatus', { name });
    },
  };
}

/** As minikube names the machines of a profile. */
const machineNames = (name: string, nodes: number): string[] =>
  Array.from({ length: Math.max(1, nodes) }, (_, at) => (at === 0 ? name : `${name}-m0${at + 1}`));

/**
 * A cluster whose containers are in another Docker is not started, stopped or deleted here: minikube would make an empty one,
 * or forget the one that runs.
 */
export function checkHere(hands: MinikubeHands, profile: Profile): Step {
  return {
    id: 'checkMachines',
    limitMs: LIMIT_MS,
    harmless: true,
    async run() {
      const containers = await containersOf(hands.docker, profile);
      if (!containers.ok) return containers;
      const isElsewhere =
        containers.value.length === 0 && (await gone(hands, profile.name)).state !== 'absent';
      return isElsewhere ? fail('clusterElsewhere', { name: profile.name }) : ok(undefined);
    },
  };
}
