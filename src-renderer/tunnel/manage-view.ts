import type { Role } from '../../src-shared/world/role.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';

export type ManageAction = 'broker' | 'join' | 'leave';

/**
 * What is offered: leaving where Submariner is, whatever else is chosen; joining where its tool is installed and nothing
 * has joined; a broker on the core alone, which comes before.
 */
export function manageActions(
  { kind, why, submariner, problem }: Tunnel,
  role: Role,
): readonly ManageAction[] {
  if (problem?.code === 'tunnelUnfinished') return [];
  if (submariner?.clusterId != null) return ['leave'];
  const mayJoin = kind === 'submariner' || (kind === 'lan' && why === 'notJoined');
  if (!mayJoin || why === 'joining') return [];
  return role === 'core' ? ['broker', 'join'] : role === 'edge' ? ['join'] : [];
}
