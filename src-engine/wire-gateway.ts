import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import { nobody, type Caller, type Handlers } from '../src-shared/commands/registry.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { clientsOf, parseKubeconfig } from './kube/api-connection.ts';
import { openServiceHands } from './kube/service-hands.ts';
import type { Scheduler } from './platform/clock.ts';
import type { Platform } from './platform/platform.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import { textOf } from './traffic/addresses.ts';
import { gatewayFront } from './traffic/gateway-api/gateway-front.ts';
import { openGatewayHands } from './traffic/gateway-api/gateway-hands.ts';
import type { Backend, GatewayHands, PassagePlace } from './traffic/gateway-api/gateway-ports.ts';
import { lookForPassage } from './traffic/living-front.ts';
import type { FrontAdapter } from './traffic/ports.ts';
import { carryOut } from './tunnel/lan/cluster-care.ts';
import { changesTo, type Change, type OwnObjects } from './tunnel/lan/own-objects.ts';
import type { Changed, ServiceHands } from './tunnel/ports.ts';
import { takesConnections } from './wire-doctor-traffic.ts';
import { hostOf, leadsElsewhere, ownCluster, placeOf } from './wire-tunnel.ts';
import type { WorldStore } from './world-store.ts';

export interface GatewayNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly settings: Pick<SettingsRoom, 'get'>;
  readonly clusters: { readonly handlers: Pick<Handlers<Caller>, 'cluster.kubeconfig'> };
}

/** The API of one cluster, opened once for each of its kubeconfigs. */
export interface ClusterApi {
  readonly kubeconfig: string;
  readonly gateway: GatewayHands;
  readonly services: ServiceHands;
}

/** A Gateway of this Mac's own cluster as the core's front; `passage` is what it deals to. */
export function makeGatewayFront(needs: GatewayNeeds, passage: FrontAdapter): FrontAdapter {
  const { platform, world, settings, history } = needs;
  const { clock, scheduler } = platform;
  let api: ClusterApi | null = null;
  const clusterName = (): string => ownCluster(world.get())?.name ?? settings.get().cluster.name;
  const open = async (): Promise<Result<ClusterApi>> => {
    const name = clusterName();
    if (leadsElsewhere(world.get(), name)) return fail('kubeconfigOther', { name });
    const found = await needs.clusters.handlers['cluster.kubeconfig']({ name }, nobody);
    if (!found.ok) return found;
    if (api?.kubeconfig !== found.value.kubeconfig)
      api = await openClusterApi(found.value.kubeconfig, scheduler);
    return api === null ? fail('apiUnreachable', { name }) : ok(api);
  };
  const place = placeFinder(needs);
  return gatewayFront({
    clock,
    scheduler,
    log: platform.log('traffic'),
    passage,
    passageLives: async () => (await lookForPassage(platform.home)) !== null,
    clusterName,
    settings: () => settings.get().traffic.gateway,
    place,
    async hands() {
      const opened = await open();
      return opened.ok ? ok(opened.value.gateway) : opened;
    },
    async keepBackends(namespace, backends) {
      const opened = await open();
      return opened.ok ? keepBackends(opened.value.services, clusterName(), namespace, backends) : opened;
    },
    answers: (address) => takesConnections(textOf(address)),
    note: (what, evidence) => void history.add({ kind: 'traffic.route', what, evidence }),
  });
}

/** Asked once for each state of the cluster: a node that is stopped cannot be asked, and has not moved. */
function placeFinder({ platform, world, settings }: GatewayNeeds): () => Promise<Result<PassagePlace>> {
  let known: { readonly cluster: string; readonly state: string; readonly place: PassagePlace } | null = null;
  return async () => {
    const now = ownCluster(world.get());
    if (now === null) return fail('clusterUnknown', { name: settings.get().cluster.name });
    const { provider, name, state } = now;
    const cluster = `${provider} ${name}`;
    if (known?.cluster === cluster && known.state === state) return ok(known.place);
    const place = await placeOf(platform, now, hostOf(world.get().link.listening));
    if (place !== null) known = { cluster, state, place };
    else if (known?.cluster !== cluster) return fail('podsCannotReach', { provider });
    return ok(known.place);
  };
}

/** Null when the kubeconfig cannot be read. */
export async function openClusterApi(kubeconfig: string, scheduler: Scheduler): Promise<ClusterApi | null> {
  const config = await parseKubeconfig(kubeconfig);
  const services = await openServiceHands(kubeconfig, scheduler, 'front');
  if (config === null || services === null) return null;
  return { kubeconfig, gateway: await openGatewayHands(await clientsOf(config), scheduler), services };
}

/** As LAN mode keeps its own (tunnel/lan/own-objects.ts), under another label: neither sees the other's. */
export async function keepBackends(
  services: ServiceHands,
  clusterName: string,
  namespace: string,
  backends: readonly Backend[],
): Promise<Result<void>> {
  const [found, slices] = await Promise.all([services.services(), services.slices()]);
  if (found === null || slices === null) return fail('apiUnreachable', { name: clusterName });
  for (const change of changesTo(objectsOf(namespace, backends), { services: found, slices })) {
    const done = await carryOut(services, change);
    const problem = problemOf(done, change, clusterName);
    if (!problem.ok) return problem;
  }
  return ok(undefined);
}

/** `ready` is said: one that is left out counts as not ready with Traefik (research/measured.md, Gateway API 5). */
function objectsOf(namespace: string, backends: readonly Backend[]): OwnObjects {
  return {
    services: backends.map(({ name, port }) => ({ namespace, name, ports: [{ name: 'http', port }] })),
    slices: backends.map(({ name, to }) => ({
      namespace,
      name,
      ports: [{ name: 'http', port: to.port }],
      address: to.address,
      ready: true,
    })),
  };
}

/** What changed while we wrote is looked at again in the next round. */
function problemOf(done: Changed, change: Change, clusterName: string): Result<void> {
  const { namespace, name } = 'wanted' in change ? change.wanted : change.found;
  const isNew = 'wanted' in change && change.over === null;
  switch (done) {
    case 'done':
      return ok(undefined);
    case 'taken':
      return isNew ? fail('serviceTaken', { namespace, name }) : ok(undefined);
    case 'absent':
      return isNew ? fail('namespaceMissing', { namespace, name }) : ok(undefined);
    case 'refused':
      return fail('routeRefused', { reason: 'API', message: `${namespace}/${name}` });
    case 'noAnswer':
      return fail('apiUnreachable', { name: clusterName });
  }
}
