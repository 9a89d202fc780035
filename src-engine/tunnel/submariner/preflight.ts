import type { Problem } from '../../../src-shared/world/traffic.ts';
import { GIB, formatGigabytes } from '../../../src-shared/units.ts';
import { firstOverlap, type NamedNetwork } from './cidr.ts';

/** In the order in which they are asked; words are `preflight.ID` in language/. */
export const preflightIds = [
  'cluster',
  'tool',
  'docker',
  'memory',
  'disk',
  'network',
  'peer',
  'broker',
  'networks',
  'installed',
  'clusterId',
  'ports',
  'gatewayNode',
  'proxyMode',
  'kernel',
  'clock',
] as const;
export type PreflightId = (typeof preflightIds)[number];

/** `unknown`: it could not be looked at; that alone stops nothing. What must be known to go on is a problem then. */
export interface PreflightLine {
  readonly id: PreflightId;
  readonly verdict: 'ok' | 'problem' | 'unknown';
  readonly problem: Problem | null;
}

/** What pre-flight knows. Null: not to be told, or not asked for this verb. */
export interface PreflightFacts {
  readonly verb: 'broker' | 'join';
  readonly side: 'core' | 'edge' | 'single';
  readonly cluster: { readonly name: string; readonly provider: string; readonly state: string } | null;
  readonly apiAnswers: boolean;
  /** What is wrong with subctl; null: nothing. */
  readonly toolProblem: Problem | null;
  readonly dockerUp: boolean | null;
  readonly vmMemoryBytes: number | null;
  /** What the clusters of this Mac are meant to hold (`cluster.memoryMegabytes`). */
  readonly planBytes: number;
  readonly freeDiskBytes: number | null;
  readonly lanAddress: string | null;
  readonly linkUp: boolean;
  /** What the other Mac said when it was asked just now; null: nothing. */
  readonly peer: {
    readonly clusterId: string | null;
    readonly hasBroker: boolean;
    readonly skewMs: number;
  } | null;
  /** The broker's API took a connection. */
  readonly brokerAnswers: boolean | null;
  readonly brokerUrl: string | null;
  readonly networks: readonly NamedNetwork[];
  readonly clusterId: string;
  /** IDs that the broker knows; null: it did not say. */
  readonly registered: readonly string[] | null;
  /** The API said whether Submariner stands in this cluster. */
  readonly isInstalledKnown: boolean;
  /** The ID under which Submariner stands in this cluster, whoever put it there; null: it does not. */
  readonly installedAs: string | null;
  /** Its kinds are served in this version alone; null: in ours, or not at all. */
  readonly crdVersion: string | null;
  /** This cluster is joined by that very ID already: the join is only made whole. */
  readonly isRejoin: boolean;
  /** Published on this Mac, such as `4500/udp`, and whether beyond loopback; null: not to be told. */
  readonly published: readonly { readonly port: string; readonly onLan: boolean }[] | null;
  readonly gatewayNodes: readonly string[] | null;
  readonly proxyMode: string | null;
  /** Kernel options that are lacking; null: its configuration cannot be read. */
  readonly kernelLacks: readonly string[] | null;
}

/** Clocks further apart than this break certificates and tokens (research/cluster-tools.md, section 7). */
const MOST_SKEW_MS = 2000;
/** The doctor's own limit: under it state files are at risk (doctor/checks/disk.ts). */
const LEAST_DISK_BYTES = 0.5 * GIB;
/** Of the gateway that others call: IPsec behind NAT, and the discovery of it (research/cluster-tools.md, 1.4). */
const GATEWAY_PORTS = ['4500/udp', '4490/udp'] as const;
const API_PORT = '6443/tcp';

/** Everything that keeps a broker or a join from working, each by name, before anything slow is begun. */
export function preflight(facts: PreflightFacts): PreflightLine[] {
  return preflightIds.flatMap((id) => {
    const found = looks[id](facts);
    return found === 'skip' ? [] : [lineOf(id, found)];
  });
}

/** The first that is wrong. */
export const firstProblem = (lines: readonly PreflightLine[]): Problem | null =>
  lines.find(({ verdict }) => verdict === 'problem')?.problem ?? null;

type Found = 'ok' | 'unknown' | 'skip' | Problem;

const lineOf = (id: PreflightId, found: Exclude<Found, 'skip'>): PreflightLine =>
  typeof found === 'string'
    ? { id, verdict: found, problem: null }
    : { id, verdict: 'problem', problem: found };

const problem = (code: Problem['code'], params: Problem['params'] = {}): Problem => ({ code, params });

const looks: Readonly<Record<PreflightId, (facts: PreflightFacts) => Found>> = {
  cluster: ({ cluster, apiAnswers }) => {
    if (cluster === null) return problem('tunnelNeedsKind', { provider: '-' });
    const { name, provider, state } = cluster;
    if (provider !== 'kind') return problem('tunnelNeedsKind', { provider });
    if (state !== 'running') return problem('clusterNotRunning', { name, state });
    return apiAnswers ? 'ok' : problem('apiUnreachable', { name });
  },
  tool: ({ toolProblem }) => toolProblem ?? 'ok',
  docker: ({ dockerUp }) => known(dockerUp, (up) => (up ? 'ok' : problem('dockerDown'))),
  memory: ({ vmMemoryBytes, planBytes }) =>
    known(vmMemoryBytes, (bytes) =>
      bytes >= planBytes
        ? 'ok'
        : problem('vmMemoryShort', { haveGb: formatGigabytes(bytes), needGb: formatGigabytes(planBytes) }),
    ),
  disk: ({ freeDiskBytes }) =>
    known(freeDiskBytes, (bytes) =>
      bytes >= LEAST_DISK_BYTES ? 'ok' : problem('tunnelDiskShort', { freeGb: formatGigabytes(bytes) }),
    ),
  network: ({ lanAddress }) => (lanAddress === null ? problem('noNetwork') : 'ok'),
  peer: ({ side, verb, linkUp, peer }) => {
    // The core may be first: the edge comes when it is there.
    if (side !== 'edge') return peer === null ? 'unknown' : 'ok';
    if (verb === 'broker') return 'skip';
    return linkUp && peer !== null ? 'ok' : problem('peerAway');
  },
  broker: (facts) => (facts.verb === 'broker' ? 'skip' : brokerLook(facts)),
  networks: ({ networks }) => {
    const met = firstOverlap(networks);
    if (met === null) return networks.length === 0 ? 'unknown' : 'ok';
    const [one, other] = met;
    return problem('cidrsOverlap', {
      what: one.what,
      cidr: one.cidr,
      otherWhat: other.what,
      otherCidr: other.cidr,
    });
  },
  installed: (facts) => {
    const { installedAs, isInstalledKnown, crdVersion, isRejoin } = facts;
    if (crdVersion !== null) return problem('crdVersion', { version: crdVersion });
    if (!isInstalledKnown) return untoldBy(facts);
    return installedAs !== null && !isRejoin
      ? problem('submarinerForeign', { clusterId: installedAs })
      : 'ok';
  },
  clusterId: (facts) => (facts.verb === 'broker' ? 'skip' : clusterIdLook(facts)),
  ports: (facts) => portsLook(facts),
  gatewayNode: ({ verb, gatewayNodes }) =>
    verb === 'broker'
      ? 'skip'
      : known(gatewayNodes, (nodes) =>
          nodes.length > 1 ? problem('gatewayLabels', { nodes: nodes.join(', ') }) : 'ok',
        ),
  proxyMode: ({ proxyMode }) =>
    known(proxyMode, (mode) =>
      mode === '' || mode === 'iptables' ? 'ok' : problem('proxyModeUnfit', { mode }),
    ),
  kernel: ({ kernelLacks }) =>
    known(kernelLacks, (lacking) =>
      lacking.length === 0 ? 'ok' : problem('kernelLacks', { options: lacking.join(', ') }),
    ),
  clock: ({ peer }) =>
    known(peer, ({ skewMs }) =>
      Math.abs(skewMs) <= MOST_SKEW_MS
        ? 'ok'
        : problem('clocksDiffer', { seconds: Math.round(Math.abs(skewMs) / 1000) }),
    ),
};

function known<T>(value: T | null, look: (value: T) => Found): Found {
  return value === null ? 'unknown' : look(value);
}

/** What this cluster's API did not say, and must; that it says nothing at all is said already. */
const untoldBy = ({ apiAnswers, cluster }: PreflightFacts): Found =>
  apiAnswers ? problem('apiUnreachable', { name: cluster?.name ?? '-' }) : 'unknown';

function clusterIdLook(facts: PreflightFacts): Found {
  const { side, clusterId, registered, isRejoin, peer, brokerUrl } = facts;
  const taken = problem('clusterIdTaken', { clusterId });
  if (peer?.clusterId === clusterId) return taken;
  if (registered !== null) return registered.includes(clusterId) && !isRejoin ? taken : 'ok';
  if (side !== 'edge') return untoldBy(facts);
  // That the other Mac is away is said already.
  return peer === null ? 'unknown' : problem('brokerUnreachable', { address: brokerUrl ?? '-' });
}

function brokerLook({ side, peer, brokerUrl, brokerAnswers }: PreflightFacts): Found {
  // That the other Mac is away is said already.
  if (side === 'edge' && peer === null) return 'unknown';
  const isThere = side === 'edge' ? peer?.hasBroker === true : brokerUrl !== null;
  if (!isThere) return problem('brokerMissing');
  return known(brokerAnswers, (answers) =>
    answers ? 'ok' : problem('brokerUnreachable', { address: brokerUrl ?? '-' }),
  );
}

/** The core is called: by the other cluster's gateway, and its API by everything that joins. The edge calls. */
function portsLook({ side, verb, cluster, published }: PreflightFacts): Found {
  if (side === 'edge') return 'skip';
  const name = cluster?.name ?? '-';
  return known(published, (all) => {
    const onLan = (wanted: string): boolean => all.some(({ port, onLan: isOut }) => port === wanted && isOut);
    if (!onLan(API_PORT)) return problem('apiNotOnLan', { name });
    const missing = verb === 'join' ? GATEWAY_PORTS.filter((port) => !onLan(port)) : [];
    return missing.length === 0 ? 'ok' : problem('gatewayPortsMissing', { name, ports: missing.join(', ') });
  });
}
