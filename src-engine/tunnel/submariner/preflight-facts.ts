import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { OwnCluster } from '../ports.ts';
import { brokerPlace, readBrokerFile } from './broker-file.ts';
import type { NamedNetwork } from './cidr.ts';
import { clustersOf, installedOf } from './crds.ts';
import { gatewayNodes } from './gateway-node.ts';
import { kernelLacks } from './kernel-config.ts';
import type { Kept } from './memory.ts';
import type { PeerWord } from './peer-talk.ts';
import type { RuntimeFacts, SubmarinerHands, SubmarinerPorts } from './ports.ts';
import type { PreflightFacts } from './preflight.ts';

export const BROKER_NAMESPACE = 'submariner-k8s-broker';
export const OPERATOR_NAMESPACE = 'submariner-operator';

/** Everything looked at for one verb, once. */
export interface Gathered {
  readonly facts: PreflightFacts;
  readonly networks: { readonly pods: readonly string[]; readonly services: readonly string[] } | null;
  readonly runtime: RuntimeFacts | null;
}

export interface GatherFrom {
  readonly ports: SubmarinerPorts;
  readonly hands: SubmarinerHands | null;
  readonly kept: Kept;
  readonly verb: PreflightFacts['verb'];
  readonly clusterId: string;
  readonly toolProblem: Problem | null;
  readonly peer: PeerWord | null;
  /** Of this Mac; null: none. */
  readonly brokerText: string | null;
}

export async function gather(from: GatherFrom): Promise<Gathered> {
  const { ports, hands, kept, peer } = from;
  const cluster = ports.cluster();
  const [networks, runtime, nodes, proxyMode, registered, submariners] = await Promise.all([
    hands?.networks() ?? null,
    cluster === null ? null : ports.runtime(cluster),
    hands?.nodes() ?? null,
    hands?.proxyMode() ?? null,
    registeredIds(hands, kept, cluster),
    hands?.list('submariners', OPERATOR_NAMESPACE) ?? null,
  ]);
  const installed = submariners?.kind === 'items' ? installedOf(submariners.items) : null;
  const brokerUrl = brokerUrlOf(from);
  return {
    networks,
    runtime,
    facts: {
      verb: from.verb,
      side: ports.role(),
      cluster,
      apiAnswers: nodes !== null,
      toolProblem: from.toolProblem,
      dockerUp: runtime?.up ?? null,
      vmMemoryBytes: runtime?.memoryBytes ?? null,
      planBytes: ports.planBytes(),
      freeDiskBytes: ports.freeDiskBytes(),
      lanAddress: ports.linkHost(),
      linkUp: ports.link() === 'up',
      peer:
        peer === null
          ? null
          : { clusterId: peer.clusterId, hasBroker: peer.broker !== null, skewMs: peer.skewMs },
      brokerUrl,
      brokerAnswers: await brokerAnswers(ports, brokerUrl),
      networks: networksOf(ports, networks, runtime, peer),
      clusterId: from.clusterId,
      registered: allRegistered(ports.role(), registered, peer),
      isInstalledKnown: submariners !== null && submariners.kind !== 'noAnswer',
      installedAs: installed === null ? null : (installed.clusterId ?? '-'),
      crdVersion: submariners?.kind === 'otherVersion' ? submariners.version : null,
      isRejoin: kept.joined?.clusterId === from.clusterId && kept.joined.cluster === cluster?.name,
      published: runtime?.published ?? null,
      gatewayNodes: nodes === null ? null : gatewayNodes(nodes),
      proxyMode,
      kernelLacks: kernelLacks(runtime?.kernelConfig ?? null),
    },
  };
}

function brokerUrlOf({ ports, brokerText, peer }: GatherFrom): string | null {
  if (ports.role() === 'edge') return peer?.broker?.url ?? null;
  const read = brokerText === null ? null : readBrokerFile(brokerText);
  return read?.ok ? read.value.url : null;
}

async function brokerAnswers(ports: SubmarinerPorts, url: string | null): Promise<boolean | null> {
  if (url === null) return null;
  const { host, port } = brokerPlace(url);
  return ports.answers(host, port);
}

/** Whose the broker is must have said it; what the other knows besides only adds. Null: it did not. */
function allRegistered(
  side: PreflightFacts['side'],
  own: readonly string[] | null,
  peer: PeerWord | null,
): readonly string[] | null {
  const others = peer?.registered ?? null;
  const known = side === 'edge' ? others : own;
  return known === null ? null : [...(own ?? []), ...(others ?? [])];
}

/** IDs that this Mac's own broker knows; none when it is no broker. Null: no answer. */
export async function registeredIds(
  hands: SubmarinerHands | null,
  { broker }: Kept,
  cluster: OwnCluster | null,
): Promise<string[] | null> {
  if (broker === null || broker.cluster !== cluster?.name) return [];
  const listed = hands === null ? null : await hands.list('clusters', BROKER_NAMESPACE);
  if (listed?.kind === 'items') return clustersOf(listed.items).map(({ clusterId }) => clusterId);
  return listed?.kind === 'absent' ? [] : null;
}

/** The nodes' networks count as well: the ends of a tunnel are named by their private addresses, which must differ. */
function networksOf(
  ports: SubmarinerPorts,
  own: Gathered['networks'],
  runtime: RuntimeFacts | null,
  peer: Pick<PeerWord, 'podCidrs' | 'serviceCidrs' | 'nodeCidrs'> | null,
): NamedNetwork[] {
  const named = (what: NamedNetwork['what'], cidrs: readonly string[]): NamedNetwork[] =>
    cidrs.map((cidr) => ({ what, cidr }));
  return [
    ...named('ownPods', own?.pods ?? []),
    ...named('ownServices', own?.services ?? []),
    ...named('ownNodes', runtime?.networks ?? []),
    ...named('lan', ports.lanNetworks()),
    ...named('peerPods', peer?.podCidrs ?? []),
    ...named('peerServices', peer?.serviceCidrs ?? []),
    ...named('peerNodes', peer?.nodeCidrs ?? []),
  ];
}
