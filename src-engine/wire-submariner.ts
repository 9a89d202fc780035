import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { MIB } from '../src-shared/units.ts';
import { openDurations, type Durations } from './cluster/durations.ts';
import { dockerFacts } from './cluster/docker/docker-facts.ts';
import { runPlan } from './cluster/run-plan.ts';
import { privateKubeconfig } from './kube/private-kubeconfig.ts';
import { openSubmarinerHands } from './kube/submariner-hands.ts';
import type { LinkCourier } from './link/link-ports.ts';
import { dockerSocketPath } from './platform/docker-socket.ts';
import type { Platform } from './platform/platform.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import type { TunnelPorts } from './tunnel/ports.ts';
import type { SubmarinerPorts } from './tunnel/submariner/ports.ts';
import { openSubmariner } from './tunnel/submariner/submariner.ts';
import type { WorldStore } from './world-store.ts';

export interface SubmarinerNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly settings: Pick<SettingsRoom, 'get'>;
  readonly link: LinkCourier;
}

/** A port on the LAN that takes nothing within this takes nothing. */
const CONNECT_MS = 3000;

/** Of the tunnel's own ports, those that its manager of Submariner stands on as well. */
type Shared = Pick<
  TunnelPorts,
  'clock' | 'scheduler' | 'log' | 'cluster' | 'linkHost' | 'kubeconfig' | 'send' | 'note'
>;

/** The manager of Submariner runs the cluster room's own steps, and asks Docker and the Kubernetes API. */
export function submarinerOpener(needs: SubmarinerNeeds, shared: Shared): TunnelPorts['openSubmariner'] {
  const { home } = needs.platform;
  const folder = join(home.run, 'submariner');
  return async (asked) => {
    const durations = await openDurations(folder);
    return openSubmariner({ ...shared, ...asked, ...portsOf(needs, shared, durations), folder });
  };
}

type Own = Omit<SubmarinerPorts, keyof Shared | 'folder' | 'clearLan' | 'changed'>;

function portsOf(
  { platform, world, settings, link }: SubmarinerNeeds,
  shared: Shared,
  durations: Durations,
): Own {
  const { scheduler, tools, env } = platform;
  return {
    tools,
    runPlan: (plan, events, interrupted) =>
      runPlan({ ...plan, expected: [] }, { ...events, part: () => undefined }, interrupted, scheduler),
    clusterNamed: (name) =>
      world.get().clusters.find((one) => one.name === name && one.state !== 'absent') ?? null,
    role: () => settings.get().role,
    link: () => link.fact().state,
    openHands: (kubeconfig) => openSubmarinerHands(kubeconfig, scheduler),
    privately: privateKubeconfig,
    async runtime({ name, provider }) {
      const socket = dockerSocketPath(env);
      if (provider !== 'kind' || socket === null) return null;
      return dockerFacts(socket, name, shared.linkHost());
    },
    lanNetworks: () => networksAt(shared.linkHost()),
    answers,
    freeDiskBytes: () => world.get().host.vitals.disk?.freeBytes ?? null,
    planBytes: () => settings.get().cluster.memoryMegabytes * MIB,
    sendSecret: (name, value) => link.sendSecret(name, value),
    usualMs: durations.usual,
    took: durations.add,
  };
}

/** The network of the interface that has this address. */
function networksAt(host: string | null): string[] {
  return Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).flatMap(({ address, cidr, family }) =>
      family === 'IPv4' && address === host && cidr !== null ? [cidr] : [],
    ),
  );
}

/** Something takes connections there. */
export function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
