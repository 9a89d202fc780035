import type { Problem } from '../../../src-shared/world/traffic.ts';

/** Both clusters of one kubeconfig, by their contexts. */
export interface Contexts {
  readonly own: string;
  readonly peer: string;
}

export type MeshVerb = 'connect' | 'disconnect' | 'status';

/** Documented flags without which a verb cannot be told what it must be told. The kubeconfig goes by KUBECONFIG. */
const needed: Readonly<Record<MeshVerb, readonly string[]>> = {
  connect: ['context', 'destination-context', 'namespace'],
  disconnect: ['context', 'destination-context', 'namespace'],
  status: ['context', 'namespace', 'output'],
};

/** Said each time: CILIUM_NAMESPACE of the person's environment would mean another one. */
const NAMESPACE = '--namespace=kube-system';

export const helpArgs = (verb: MeshVerb): string[] => ['clustermesh', verb, '--help'];

/** One call connects in both directions; an authority that is not shared is never let through. */
export const connectArgs = ({ own, peer }: Contexts): string[] => [
  'clustermesh',
  'connect',
  `--context=${own}`,
  `--destination-context=${peer}`,
  NAMESPACE,
];

export const disconnectArgs = ({ own, peer }: Contexts): string[] => [
  'clustermesh',
  'disconnect',
  `--context=${own}`,
  `--destination-context=${peer}`,
  NAMESPACE,
];

/** Its output holds a client key: only `statusIn` reads it, and nothing of it is logged. */
export const statusArgs = ({ own }: Pick<Contexts, 'own'>): string[] => [
  'clustermesh',
  'status',
  `--context=${own}`,
  NAMESPACE,
  '--output=json',
];

/** `MAJOR.MINOR`: from 0.15 on it works by Helm alone, and the two ways do not mix (Documentation, clustermesh/setup). */
const OLDEST = [0, 15] as const;
/** The newest that was studied. */
const NEWEST = [0, 19] as const;

/** A cilium that cannot be told what it must be told: too old, or changed since. */
export function lackOf(verb: MeshVerb, version: string, known: ReadonlySet<string>): Problem | null {
  const numbers = numbersOf(version);
  if (numbers !== null && compare(numbers, OLDEST) < 0)
    return { code: 'ciliumOld', params: { version, least: `v${OLDEST.join('.')}` } };
  const flag = needed[verb].find((one) => !known.has(one));
  if (flag === undefined) return null;
  const params = {
    version,
    verb: `cilium clustermesh ${verb}`,
    flag: `--${flag}`,
    least: `v${OLDEST.join('.')}`,
  };
  const isNewer = numbers !== null && compare(numbers, NEWEST) > 0;
  return { code: isNewer ? 'ciliumNew' : 'ciliumOld', params };
}

function numbersOf(version: string): readonly [number, number] | null {
  const match = /^v?(\d+)\.(\d+)/.exec(version);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

const compare = (one: readonly [number, number], other: readonly [number, number]): number =>
  one[0] === other[0] ? one[1] - other[1] : one[0] - other[0];
