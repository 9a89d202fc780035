import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Adoptable, ClusterRecord } from '../provider.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import { keepDocker } from './minikube-machine.ts';
import { observeStanding } from './minikube-observe.ts';
import { parseProfiles } from './minikube-profile.ts';
import { fetchKubeconfig } from './minikube-tool.ts';

/** It looks at every profile's machine. */
const LIST_MS = 20_000;
const KUBECONFIG_MS = 15_000;

/** Every profile that minikube has, those of this home among them. Empty when there is no minikube. */
export async function minikubeClusters({ tools }: Pick<MinikubeHands, 'tools'>): Promise<Adoptable[]> {
  const path = await tools.find('minikube');
  if (path === null) return [];
  const env = { MINIKUBE_WANTUPDATENOTIFICATION: 'false' };
  const { stdout } = await tools.run(path, ['profile', 'list', '-o', 'json'], { timeoutMs: LIST_MS, env });
  return parseProfiles(stdout).map(({ profile: { name, machines }, state }) => {
    return { name, provider: 'minikube', nodes: Math.max(1, machines.length), state };
  });
}

/**
 * The record of a profile that was made elsewhere, and a copy of its kubeconfig: of one that runs at once, of a stopped one
 * at its next start. Nothing of the cluster itself is changed, nor the kubeconfig of whoever made it.
 */
export async function adoptMinikube(
  hands: MinikubeHands,
  name: string,
  createdAt: string,
): Promise<Result<ClusterRecord>> {
  const profile = await hands.files.profile(name);
  if (profile === null || profile.machines.length === 0) return fail('nothingToAdopt', { name });
  const controlPlanes = profile.machines.filter(({ isControlPlane }) => isControlPlane).length;
  const workers = profile.machines.length - controlPlanes;
  if (controlPlanes !== 1) return fail('configNodes', { controlPlanes, workers });
  const { state } = await observeStanding(hands, { name });
  if (state === 'absent') return fail('nothingToAdopt', { name });
  await keepDocker(hands, name);
  const { hostPort, nodePort } = profile.published ?? hands.settings();
  const record: ClusterRecord = {
    name,
    provider: 'minikube',
    createdAt,
    nodes: profile.machines.length,
    image: profile.version,
    hostPort,
    nodePort,
    config: '',
    tunnel: null,
  };
  if (state === 'stopped' || state === 'paused' || (await hands.files.kubeconfigText(name)) !== null)
    return ok(record);
  const fetched = await fetchKubeconfig(hands, name, AbortSignal.timeout(KUBECONFIG_MS));
  return fetched.ok ? ok(record) : fetched;
}
