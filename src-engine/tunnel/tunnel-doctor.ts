import type { DoctorCheck } from '../../src-shared/commands/housekeeping.ts';
import type { LinkState } from '../../src-shared/world/peer.ts';
import type { Tunnel, TunnelExport, TunnelImport } from '../../src-shared/world/tunnel.ts';
import { ciliumChecks } from './cilium/cilium-doctor.ts';
import type { Cilium } from './cilium/cilium-port.ts';
import { ofProblem, said } from './doctor-words.ts';
import type { OwnCluster, TunnelPorts } from './ports.ts';
import { submarinerChecks } from './submariner/submariner-doctor.ts';
import type { Submariner } from './submariner/submariner-port.ts';

/** Looks at every hop of the kind that is chosen; of Submariner and Cluster Mesh at what they need as well. */
export async function examineTunnel(
  tunnel: Tunnel | null,
  { submariner, cilium }: { readonly submariner: Submariner; readonly cilium: Cilium },
  ports: Pick<TunnelPorts, 'link' | 'cluster'>,
): Promise<DoctorCheck[]> {
  const checks = tunnelChecks(tunnel, ports.link().state, ports.cluster());
  const half = cilium.leftover();
  if (tunnel?.kind === 'cilium' || half !== null) {
    const lines = tunnel?.kind === 'cilium' ? await cilium.examine() : [];
    checks.push(...ciliumChecks({ tunnel, left: half, lines }));
  }
  const left = submariner.leftover();
  const concerns = tunnel?.kind === 'submariner' || left !== null || submariner.entriesLeft() !== null;
  if (!concerns) return checks;
  const examined = tunnel?.kind === 'submariner' ? await submariner.examine() : { lines: [], waiting: [] };
  const facts = { ...examined, left, entriesLeft: submariner.entriesLeft(), tunnel };
  return [...checks, ...submarinerChecks(facts)];
}

/**
 * Every hop in the order in which a connection takes it: this cluster, this relay, the link, the other relay, the
 * services. The first that is wrong is why the rest is.
 */
export function tunnelChecks(
  tunnel: Tunnel | null,
  link: LinkState,
  cluster: OwnCluster | null,
): DoctorCheck[] {
  if (tunnel === null) return [said('tunnel', 'advice', 'doctor.tunnel.off', {}, 'doctor.tunnel.off.action')];
  const checks = [
    said('tunnel', 'ok', `doctor.tunnel.kind.${tunnel.kind}`),
    clusterCheck(cluster),
    linkCheck(link),
  ];
  if (tunnel.kind !== 'lan') return checks;
  if (tunnel.relay === null)
    return [...checks, said('exports', 'ok', 'doctor.tunnel.idle', {}, 'doctor.tunnel.idle.action')];
  return [
    ...checks,
    ...relayChecks(tunnel),
    ...tunnel.exports.map(ofExport),
    ...tunnel.imports.map(ofImport),
  ];
}

function clusterCheck(cluster: OwnCluster | null): DoctorCheck {
  if (cluster === null)
    return said('cluster', 'advice', 'doctor.tunnel.noCluster', {}, 'doctor.tunnel.noCluster.action');
  const { name, provider, state } = cluster;
  if (state !== 'running')
    return said(
      'cluster',
      'advice',
      'doctor.tunnel.clusterDown',
      { name },
      'doctor.tunnel.clusterDown.action',
    );
  return provider === 'embedded'
    ? said('cluster', 'ok', 'doctor.tunnel.embedded', { name })
    : said('cluster', 'ok', 'doctor.tunnel.cluster', { name });
}

function linkCheck(link: LinkState): DoctorCheck {
  return link === 'up'
    ? said('link', 'ok', 'doctor.tunnel.link')
    : said('link', 'problem', 'doctor.tunnel.noLink', {}, 'doctor.tunnel.noLink.action');
}

function relayChecks({ relay, problem }: Tunnel): DoctorCheck[] {
  const own =
    relay?.listen == null
      ? problem === null
        ? said('relay', 'advice', 'doctor.tunnel.relayBegins')
        : ofProblem('relay', problem)
      : said('relay', 'ok', 'doctor.tunnel.relay', { listen: relay.listen });
  const peer = relay?.peer ?? null;
  // It exports nothing, and needs none.
  if (peer === null) return [own, said('peer', 'ok', 'doctor.tunnel.noPeerRelay')];
  const answers = relay?.rttMs ?? null;
  return [
    own,
    answers === null
      ? ofProblem('peer', { code: 'relayUnreachable', params: { address: peer } })
      : said('peer', 'ok', 'doctor.tunnel.peerRelay', { address: peer, milliseconds: answers }),
  ];
}

function ofExport({ namespace, name, state, problem }: TunnelExport): DoctorCheck {
  const params = { namespace, name };
  if (problem !== null) return ofProblem('export', problem);
  return state === 'ready'
    ? said('export', 'ok', 'doctor.tunnel.export', params)
    : said('export', 'advice', 'doctor.tunnel.exportNot', params, 'doctor.tunnel.exportNot.action');
}

function ofImport({ namespace, name, state, problem, addresses, clusterName }: TunnelImport): DoctorCheck {
  const params = { namespace, name, address: clusterName ?? addresses.join(', ') };
  if (problem !== null) return ofProblem('import', problem);
  return state === 'ready'
    ? said('import', 'ok', 'doctor.tunnel.import', params)
    : said('import', 'advice', 'doctor.tunnel.importNot', params, 'doctor.tunnel.importNot.action');
}
