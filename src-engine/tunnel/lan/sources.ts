import type { ExportedService } from '../../../src-shared/tunnel-messages.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { NamedPort, OwnCluster, ServiceHands } from '../ports.ts';
import type { Upstream } from '../relay/relay-config.ts';
import type { LanExport } from './lan-memory.ts';

/** What stands behind an export now. */
export interface Source {
  readonly wanted: LanExport;
  readonly ports: readonly (NamedPort & { readonly to: Upstream })[];
  /** Why nothing can be had of it; null: all is well, or the cluster does not answer. */
  readonly problem: Problem | null;
  readonly known: boolean;
}

export interface SourcePorts {
  readonly cluster: OwnCluster | null;
  /** Null: its API cannot be asked now. */
  readonly hands: ServiceHands | null;
  readonly kubeconfigFile: string;
  readonly hostPort: number;
}

/** The built-in cluster's workload, which is all that it has. */
export const BUILT_IN = { namespace: 'default', name: 'web' };

/** Asks the cluster what an export leads to. */
export async function sourceOf(wanted: LanExport, ports: SourcePorts): Promise<Source> {
  const { cluster, hands } = ports;
  const { namespace, name } = wanted;
  const params = { namespace, name, cluster: cluster?.name ?? '-' };
  const nothing = (problem: Problem | null, known: boolean): Source => ({
    wanted,
    ports: [],
    problem,
    known,
  });
  if (cluster?.provider === 'embedded') {
    if (name !== BUILT_IN.name || namespace !== BUILT_IN.namespace)
      return nothing({ code: 'serviceUnknown', params }, true);
    const to: Upstream = { kind: 'tcp', host: '127.0.0.1', port: ports.hostPort };
    return { wanted, ports: [{ name: null, port: ports.hostPort, to }], problem: null, known: true };
  }
  const found = (await hands?.tcpPorts(namespace, name)) ?? null;
  if (hands === null || found === null) return nothing(null, false);
  if (found === 'absent') return nothing({ code: 'serviceUnknown', params }, true);
  if (found.length === 0) return nothing({ code: 'serviceNotTcp', params }, true);
  const pods = await hands.readyPods(namespace, name);
  if (pods === null) return nothing(null, false);
  const behind = found.map((port) => ({
    ...port,
    to: {
      kind: 'pods' as const,
      kubeconfigFile: ports.kubeconfigFile,
      namespace,
      pods: [...(pods.get(port.name ?? '') ?? [])].slice(0, 20),
    },
  }));
  const isEmpty = behind.every(({ to }) => to.pods.length === 0);
  return { wanted, ports: behind, problem: isEmpty ? { code: 'noReadyPods', params } : null, known: true };
}

/**
 * What the other Mac is told. An export that cannot be seen now stays told as it was, or a look that failed would take
 * the Service away over there.
 */
export function toldServices(
  sources: readonly Source[],
  before: readonly ExportedService[],
): readonly ExportedService[] {
  return sources.flatMap(({ wanted: { namespace, name, names }, ports, known }) => {
    const told = before.find((each) => each.namespace === namespace && each.name === name);
    if (ports.length === 0) return known || told === undefined ? [] : [{ ...told, names }];
    return [
      {
        namespace,
        name,
        names,
        ports: ports.slice(0, 16).map((each) => ({ name: each.name, port: each.port })),
      },
    ];
  });
}
