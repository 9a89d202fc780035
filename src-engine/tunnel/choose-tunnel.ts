import type { Settings } from '../../src-shared/settings.ts';
import type { ProviderName } from '../../src-shared/world/clusters.ts';
import type { TunnelKind, TunnelWhy } from '../../src-shared/world/tunnel.ts';

/** What pre-flight knows. */
export interface TunnelFacts {
  readonly setting: Settings['tunnel']['kind'];
  /** Of the cluster that this Mac means; null: it has none. */
  readonly provider: ProviderName | null;
  /** subctl or cilium was found. */
  readonly hasTool: boolean;
  /** Submariner has this cluster, or is about to. */
  readonly claim: 'joined' | 'joining' | null;
  /** `joined`: Cluster Mesh connects it. `possible`: Cilium is in both clusters, and its tool on this Mac. */
  readonly cilium: 'joined' | 'possible' | null;
}

export interface TunnelChoice {
  readonly kind: TunnelKind;
  readonly why: TunnelWhy;
}

/**
 * Which tunnel, and why. Of what keeps one from working the most final is named: no network that a tunnel could join,
 * then a virtual machine that lets no UDP in (research/cluster-tools.md, section 2), then a tool that can be installed.
 *
 * @returns null when it is switched off
 */
export function chooseTunnel({
  setting,
  provider,
  hasTool,
  claim,
  cilium,
}: TunnelFacts): TunnelChoice | null {
  switch (setting) {
    case 'none':
      return null;
    case 'lan':
      return { kind: 'lan', why: 'setting' };
    case 'submariner':
      return { kind: 'submariner', why: claim ?? 'setting' };
    case 'cilium':
      return { kind: setting, why: cilium === 'joined' ? 'joined' : 'setting' };
    case 'auto':
      if (claim !== null) return { kind: 'submariner', why: claim };
      if (cilium === 'joined') return { kind: 'cilium', why: 'joined' };
      return { kind: 'lan', why: whyLan(provider, hasTool, cilium === 'possible') };
  }
}

function whyLan(provider: ProviderName | null, hasTool: boolean, isMeshPossible: boolean): TunnelWhy {
  if (provider === null) return 'noCluster';
  if (isMeshPossible && provider !== 'embedded') return 'notMeshed';
  if (provider === 'embedded' || provider === 'minikube') return provider;
  return hasTool ? 'notJoined' : 'noTool';
}
