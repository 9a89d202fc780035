import type { Problem } from '../../../src-shared/world/traffic.ts';

/** The kubeconfig of one verb: private, with one context, whose cluster is named as Submariner is to call it. */
export interface Access {
  readonly kubeconfigFile: string;
  readonly context: string;
}

export interface JoinWish extends Access {
  readonly brokerFile: string;
  readonly clusterId: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** The core is called by the other gateway; the edge calls. */
  readonly isServer: boolean;
}

/**
 * Flags without which a join between two Macs cannot be right. `natt`, `air-gapped`, `globalnet` and `force-udp-encaps`:
 * research/cluster-tools.md, sections 1 and 2: other address translation would choose the Docker network's addresses,
 * and another discovery the router's. `label-gateway=false`: without it subctl asks a question that nobody sees.
 */
const neededForJoin = [
  'kubeconfig',
  'context',
  'clusterid',
  'clustercidr',
  'servicecidr',
  'natt',
  'air-gapped',
  'globalnet',
  'force-udp-encaps',
  'label-gateway',
  'preferred-server',
] as const;

export const needed = {
  'deploy-broker': ['kubeconfig', 'context'],
  join: neededForJoin,
  uninstall: ['kubeconfig', 'context', 'yes'],
} as const;
export type SubctlVerb = keyof typeof needed;

const access = ({ kubeconfigFile, context }: Access): string[] => [
  `--kubeconfig=${kubeconfigFile}`,
  `--context=${context}`,
];

/** @param known flags of the installed subctl; an older one takes the address from the kubeconfig, which names it too */
export function brokerArgs(of: Access, url: string, known: ReadonlySet<string>): string[] {
  return ['deploy-broker', ...access(of), ...(known.has('broker-url') ? [`--broker-url=${url}`] : [])];
}

export function joinArgs(wish: JoinWish, known: ReadonlySet<string>): string[] {
  // Its own pings: the default of 5 lost ones makes a break 6 to 12 s old before it shows.
  const soon = known.has('health-check-max-packet-loss-count')
    ? ['--health-check-max-packet-loss-count=2']
    : [];
  return [
    'join',
    wish.brokerFile,
    ...access(wish),
    `--clusterid=${wish.clusterId}`,
    `--clustercidr=${wish.podCidr}`,
    `--servicecidr=${wish.serviceCidr}`,
    '--natt=true',
    '--air-gapped',
    '--globalnet=false',
    '--force-udp-encaps',
    '--label-gateway=false',
    `--preferred-server=${wish.isServer}`,
    ...soon,
  ];
}

/** Without `--yes` it asks, hears nobody, does nothing, and ends with 0. */
export function uninstallArgs(of: Access): string[] {
  return ['uninstall', '--yes', ...access(of)];
}

/** `MAJOR.MINOR` of those that were studied: what an unknown flag means depends on the side of them. */
const OLDEST = [0, 17] as const;
const NEWEST = [0, 24] as const;

/** A subctl that cannot be told what it must be told: too old, or changed since. */
export function lackOf(verb: SubctlVerb, version: string, known: ReadonlySet<string>): Problem | null {
  const flag = needed[verb].find((one) => !known.has(one));
  if (flag === undefined) return null;
  const params = { version, verb: `subctl ${verb}`, flag: `--${flag}` };
  return { code: isNewer(version) ? 'subctlNew' : 'subctlOld', params };
}

/** Older than anything that was studied: its flags may have the same names and mean something else. */
export function tooOld(version: string): Problem | null {
  const numbers = numbersOf(version);
  const isOld = numbers !== null && compare(numbers, OLDEST) < 0;
  return isOld
    ? { code: 'subctlOld', params: { version, least: `v${OLDEST.join('.')}`, why: 'least' } }
    : null;
}

function isNewer(version: string): boolean {
  const numbers = numbersOf(version);
  return numbers !== null && compare(numbers, NEWEST) > 0;
}

function numbersOf(version: string): readonly [number, number] | null {
  const match = /^v?(\d+)\.(\d+)/.exec(version);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

const compare = (one: readonly [number, number], other: readonly [number, number]): number =>
  one[0] === other[0] ? one[1] - other[1] : one[0] - other[0];
