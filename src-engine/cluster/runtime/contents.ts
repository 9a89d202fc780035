import { z } from 'zod';
import { fail, ok, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import type { ProviderName } from '../../../src-shared/world/clusters.ts';
import type { Runtime } from '../../../src-shared/world/runtime.ts';

/** A cluster of this home, as far as its containers matter. */
export interface OwnCluster {
  readonly name: string;
  readonly provider: ProviderName;
}

/** The same, with the verb that runs on it; null: none. */
export interface VerbedCluster extends OwnCluster {
  readonly verb: string | null;
}

/** Clusters in containers that something is being done to. */
export function busyIn(clusters: readonly VerbedCluster[]): { name: string; verb: string }[] {
  return clusters.flatMap(({ name, provider, verb }) =>
    verb === null || provider === 'embedded' ? [] : [{ name, verb }],
  );
}

/** A container that holds memory: it runs, is paused, or is on its way. */
export interface Held {
  readonly name: string;
  /** The cluster of ours that it is a node of; null: somebody else's. */
  readonly cluster: string | null;
}

/** Labels by which a container belongs to a cluster. */
const clusterLabels: Readonly<Partial<Record<ProviderName, string>>> = {
  kind: 'io.x-k8s.kind.cluster',
  minikube: 'name.minikube.sigs.k8s.io',
};
/** These hold nothing. */
const ended: readonly string[] = ['exited', 'created', 'dead', 'removing'];
const NAMED = 20;

const listSchema = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullish(),
    State: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);

/** `GET /containers/json?all=true`, what of it holds memory; null when the answer is not Docker's. */
export function parseHeld(list: unknown, own: readonly OwnCluster[]): Held[] | null {
  const parsed = listSchema.safeParse(list);
  if (!parsed.success) return null;
  return parsed.data
    .filter(({ State }) => !ended.includes(State))
    .map(({ Id, Names, Labels }) => ({
      name: Names?.[0]?.replace(/^\//, '') ?? Id.slice(0, 12),
      cluster: clusterOf(Labels ?? {}, own),
    }));
}

/** Whether a cluster of this home stands in it, be it stopped; false when the answer is not Docker's. */
export function standsIn(list: unknown, own: readonly OwnCluster[]): boolean {
  const parsed = listSchema.safeParse(list);
  return parsed.success && parsed.data.some(({ Labels }) => clusterOf(Labels ?? {}, own) !== null);
}

function clusterOf(labels: Readonly<Record<string, string>>, own: readonly OwnCluster[]): string | null {
  const isNode = ({ name, provider }: OwnCluster): boolean => {
    const label = clusterLabels[provider];
    const found = label === undefined ? undefined : labels[label];
    // minikube's has the node's name: `lab`, `lab-m02` (kubernetes/minikube#12776).
    return found === name || (provider === 'minikube' && found?.replace(/-m\d+$/, '') === name);
  };
  return own.find(isNode)?.name ?? null;
}

/** What a build is called among the containers, which it is none of. */
export const BUILD = 'docker build';

/** The World's picture of them; what runs beside them is somebody else's, too. */
export function countsOf(
  held: readonly Held[],
  beside: readonly string[],
): NonNullable<Runtime['containers']> {
  const others = [...held.filter(({ cluster }) => cluster === null).map(({ name }) => name), ...beside];
  return {
    ours: held.length - (others.length - beside.length),
    others: others.length,
    names: others.slice(0, NAMED),
  };
}

/** What a stop may do. */
export interface StopRequest {
  /** Also when containers of others run. */
  readonly force: boolean;
  /** Our clusters may be stopped first. */
  readonly yes: boolean;
}

/** What a stop would end. */
export interface StopFacts {
  readonly runtime: string;
  /** Null when nobody could ask: then nothing may be taken for empty. */
  readonly held: readonly Held[] | null;
  /** What is no container: Linux machines of OrbStack's, a build. Null as well when nobody could ask. */
  readonly beside: readonly string[] | null;
  /** Clusters of ours in it that something is being done to. */
  readonly busy: readonly { readonly name: string; readonly verb: string }[];
}

/**
 * May the runtime stop? Never with containers of others in it, unless told (`force`); our own clusters are
 * stopped first, the way a person's stop does it, when that was agreed to (`yes`).
 *
 * @returns the clusters of ours to stop first
 */
export function mayStop(
  { runtime, held, beside, busy }: StopFacts,
  { force, yes }: StopRequest,
): Result<string[]> {
  const [first] = busy;
  if (first !== undefined) return fail('clusterBusy', { name: first.name, verb: first.verb });
  if ((held === null || beside === null) && !force) return fail('runtimeContentsUnknown', { runtime });
  if (held === null) return ok([]);
  const { others, names } = countsOf(held, beside ?? []);
  if (others > 0 && !force) return { ok: false, error: holdsOthers(runtime, others, names) };
  const clusters = [...new Set(held.flatMap(({ cluster }) => cluster ?? []))];
  if (clusters.length > 0 && !yes)
    return fail('runtimeHoldsClusters', { runtime, names: clusters.join(', ') });
  return ok(clusters);
}

const SAID = 5;
function holdsOthers(runtime: string, count: number, names: readonly string[]): TandemError {
  const more = count > SAID ? ', …' : '';
  return {
    code: 'runtimeHoldsOthers',
    params: { runtime, count, names: names.slice(0, SAID).join(', ') + more },
  };
}
