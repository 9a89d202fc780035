import { ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Container } from '../docker/docker-shapes.ts';
import { startsOf, type RunNode } from '../kind/kind-observe.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import type { Profile } from './minikube-profile.ts';
import { askMinikube } from './minikube-tool.ts';

/**
 * On every container of minikube's. The label with a name has that of the machine and not of the profile, so that only one
 * node of several has the cluster's (kubernetes/minikube#12776 shows the command line).
 */
export const MADE_LABEL = 'created_by.minikube.sigs.k8s.io';
export const MACHINE_LABEL = 'name.minikube.sigs.k8s.io';

const SSH_MS = 10_000;

type Machines = Pick<MinikubeHands, 'docker' | 'tools' | 'log' | 'files' | 'memory'>;

/** Its nodes as proofs of life take them: the first is the control plane. */
export const nodesOfRun = ({ machines }: Profile): RunNode[] =>
  machines.map(({ name }) => ({ name, labels: {} }));

/** The containers of a profile of the docker driver, its control plane first. */
export async function containersOf(
  docker: MinikubeHands['docker'],
  { machines }: Profile,
): Promise<Result<Container[]>> {
  const found = await docker.containers(MADE_LABEL);
  if (!found.ok) return found;
  const all = found.value;
  return ok(machines.flatMap(({ name }) => all.find((container) => container.name === name) ?? []));
}

/** Notes which Docker has it: in another one it is not seen, and not gone. */
export async function keepDocker(
  { docker, files }: Pick<MinikubeHands, 'docker' | 'files'>,
  name: string,
): Promise<void> {
  const profile = await files.profile(name);
  const id = profile?.driver === 'docker' ? ((await docker.info())?.id ?? '') : '';
  if (id !== '') await files.keepDocker(name, id);
}

/** Starts of its containers, or of the machine of its control plane; null: nobody tells. */
export async function startsOfMachines(
  hands: Machines,
  profile: Profile,
): Promise<ReadonlyMap<string, Date> | null> {
  if (profile.driver !== 'docker') {
    const booted = await bootedAt(hands, profile);
    return booted === null ? null : new Map([[profile.name, booted]]);
  }
  const containers = await containersOf(hands.docker, profile);
  const starts = containers.ok ? await startsOf(hands.docker, containers.value) : containers;
  return starts.ok ? starts.value : null;
}

async function bootedAt(hands: Machines, profile: Profile): Promise<Date | null> {
  const known = hands.memory.bootedAt.get(profile.name);
  if (known !== undefined) return known;
  const args = ['ssh', '-p', profile.name, '--', 'grep btime /proc/stat'];
  const said = await askMinikube(hands, profile.name, args, SSH_MS);
  const seconds = /\bbtime (\d+)/.exec(said?.stdout ?? '')?.[1];
  if (seconds === undefined) return null;
  // By the clock of the machine, which Kubernetes' own times are of, too.
  const booted = new Date(Number(seconds) * 1000);
  hands.memory.bootedAt.set(profile.name, booted);
  return booted;
}

/** Runs a script as root inside of a node: by Docker, or by ssh into a VM. Null: it could not be run, or printed nothing. */
export function insideOf(hands: Machines, profile: Profile) {
  return async (machine: string, script: string): Promise<string | null> => {
    if (profile.driver === 'docker') return hands.docker.inside(machine, script);
    // Encoded, since it passes two shells on its way.
    const encoded = Buffer.from(script).toString('base64');
    const node = machine === profile.name ? [] : ['-n', machine];
    const command = `echo ${encoded} | base64 -d | sudo sh`;
    const args = ['ssh', '-p', profile.name, ...node, '--', command];
    const said = await askMinikube(hands, profile.name, args, SSH_MS);
    return said === null || said.stdout === '' ? null : said.stdout.replaceAll('\r\n', '\n');
  };
}
