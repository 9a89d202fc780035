import type { Role } from '../../src-shared/world/role.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';

export type ManageAction = 'broker' | 'join' | 'leave';

/**
 * What is offered: leaving where Submariner is, whatever else is chosen; joining where its tool is installed and nothing
 * has joined; a broker on the core alone, which comes before.
 */
export function manageActions(
  { kind, why, submariner, cilium, problem }: Tunnel,
  role: Role,
): readonly ManageAction[] {
  if (problem?.code === 'tunnelUnfinished') return [];
  if (isForMesh({ kind, why })) return cilium?.peer != null ? ['leave'] : role === 'single' ? [] : ['join'];
  if (submariner?.clusterId != null) return ['leave'];
  const mayJoin = kind === 'submariner' || (kind === 'lan' && why === 'notJoined');
  if (!mayJoin || why === 'joining') return [];
  return role === 'core' ? ['broker', 'join'] : role === 'edge' ? ['join'] : [];
}

/** What is offered is Cluster Mesh's: it is chosen, or Cilium is in both clusters and nothing connects them. */
export const isForMesh = ({ kind, why }: Pick<Tunnel, 'kind' | 'why'>): boolean =>
  kind === 'cilium' || (kind === 'lan' && why === 'notMeshed');
