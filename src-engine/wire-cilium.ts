import { join } from 'node:path';
import { openDurations } from './cluster/durations.ts';
import { dockerFacts } from './cluster/docker/docker-facts.ts';
import { runPlan } from './cluster/run-plan.ts';
import { openCiliumHands } from './kube/cilium-hands.ts';
import { privateKubeconfig } from './kube/private-kubeconfig.ts';
import { dockerSocketPath } from './platform/docker-socket.ts';
import { openCilium } from './tunnel/cilium/cilium.ts';
import type { CiliumPorts } from './tunnel/cilium/ports.ts';
import type { OwnCluster, TunnelPorts } from './tunnel/ports.ts';
import { answers, type SubmarinerNeeds } from './wire-submariner.ts';

/** Of the tunnel's own ports, those that its manager of Cluster Mesh stands on as well. */
type Shared = Pick<
  TunnelPorts,
  'clock' | 'scheduler' | 'log' | 'cluster' | 'linkHost' | 'kubeconfig' | 'pair' | 'send' | 'note'
>;

/** The manager of Cluster Mesh runs the cluster room's own steps, and asks Docker and the Kubernetes API. */
export function ciliumOpener(needs: SubmarinerNeeds, shared: Shared): TunnelPorts['openCilium'] {
  const { platform, world, settings, link } = needs;
  const { scheduler, tools, home } = platform;
  const folder = join(home.run, 'cilium');
  return async ({ changed }) => {
    const durations = await openDurations(folder);
    const ports: CiliumPorts = {
      ...shared,
      tools,
      folder,
      changed,
      runPlan: (plan, events, interrupted) =>
        runPlan({ ...plan, expected: [] }, { ...events, part: () => undefined }, interrupted, scheduler),
      clusterNamed: (name) =>
        world.get().clusters.find((one) => one.name === name && one.state !== 'absent') ?? null,
      link: () => link.fact().state,
      isWanted: () => ['auto', 'cilium'].includes(settings.get().tunnel.kind),
      openHands: (kubeconfig) => openCiliumHands(kubeconfig, scheduler),
      privately: privateKubeconfig,
      apiUrl: (cluster) => apiUrl(needs, shared, cluster),
      answers,
      sendSecret: (name, value) => link.sendSecret(name, value),
      usualMs: durations.usual,
      took: durations.add,
    };
    return openCilium(ports);
  };
}

/** Of kind alone: this Mac's address on the LAN, and the port of it that Docker publishes for the API. */
async function apiUrl(
  { platform }: SubmarinerNeeds,
  { linkHost }: Shared,
  { name, provider }: OwnCluster,
): Promise<string | null> {
  const socket = dockerSocketPath(platform.env);
  const host = linkHost();
  if (provider !== 'kind' || socket === null || host === null) return null;
  const { published } = await dockerFacts(socket, name, host);
  const api = published?.find(({ port, onLan }) => port === '6443/tcp' && onLan);
  return api === undefined ? null : `https://${host.includes(':') ? `[${host}]` : host}:${api.hostPort}`;
}
