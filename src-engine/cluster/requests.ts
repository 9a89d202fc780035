import type { ParsedInput } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { ProviderName, ProviderStatus } from '../../src-shared/world/clusters.ts';
import type { ClusterRecord } from './provider.ts';
import { tunnelPlan, type LanAddress } from './tunnel-plan.ts';

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Best first: a real cluster wherever one can be had, the built-in demo where not. */
const preference: readonly ProviderName[] = ['kind', 'minikube', 'embedded'];

/** Which provider a new cluster gets: the one asked for, the setting, or the best that is there. */
export function chooseProvider(
  asked: ProviderName | undefined,
  settings: Settings,
  statuses: readonly ProviderStatus[],
): Result<ProviderName> {
  const wanted = asked ?? (settings.cluster.provider === 'auto' ? null : settings.cluster.provider);
  const usable = (name: ProviderName): boolean =>
    statuses.some((status) => status.provider === name && status.available);
  if (wanted !== null) return ok(wanted);
  const best = preference.find(usable);
  return best === undefined ? fail('toolMissing', { tool: 'kind' }) : ok(best);
}

/** The record of a cluster that is to be made. */
export function newRecord(
  input: ParsedInput<'cluster.create'>,
  provider: ProviderName,
  settings: Settings,
  createdAt: string,
  lan: readonly LanAddress[] = [],
): Result<ClusterRecord> {
  const name = input.name ?? settings.cluster.name;
  if (!NAME.test(name)) return fail('clusterNameInvalid', { name: name.slice(0, 60) });
  return ok({
    name,
    provider,
    createdAt,
    nodes: input.nodes ?? settings.cluster.nodes,
    image: input.image ?? settings.cluster.image,
    hostPort: settings.cluster.hostPort,
    nodePort: settings.cluster.nodePort,
    config: input.config ?? '',
    ...networksOf(input.tunnel === true, provider, settings, lan),
  });
}

/** The tools' own networks are the same on every Mac. Who has no other Mac has nobody to differ from. */
function networksOf(
  isTunnelled: boolean,
  provider: ProviderName,
  settings: Settings,
  lan: readonly LanAddress[],
): Pick<ClusterRecord, 'tunnel' | 'subnets'> {
  const plan = tunnelPlan(settings.role, settings.link.address, lan);
  if (isTunnelled) return { tunnel: plan };
  if (provider === 'embedded' || settings.role === 'single') return { tunnel: null };
  return { tunnel: null, subnets: { podSubnet: plan.podSubnet, serviceSubnet: plan.serviceSubnet } };
}

/** Without a name: the cluster of the settings, or else the only one there is. */
export function nameOf(asked: string | undefined, settings: Settings, known: readonly string[]): string {
  if (asked !== undefined) return asked;
  const [only] = known;
  return known.length === 1 && only !== undefined && !known.includes(settings.cluster.name)
    ? only
    : settings.cluster.name;
}
