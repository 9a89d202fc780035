import type { Mesh } from './mesh.ts';
import { ASK_MS, STALE_MS, type MeshWord } from './mesh-view.ts';
import { askAgents, clusterName, type Parts } from './parts.ts';

/** Between two runs of the tool, while somebody waits for the agents to meet. */
const SOON_MS = ASK_MS / 6;

/** Beside the round: the tool takes a second or more. `soon`: until they meet, somebody waits for it. */
export function askInTime(
  parts: Parts,
  { clusterName: own }: Pick<Mesh, 'clusterName'>,
  remote: string,
  when: 'inTime' | 'soon' = 'inTime',
): void {
  // A verb asks them itself.
  if (parts.progress !== null || parts.isAsking) return;
  const sinceMs = parts.ports.clock.monotonicMs() - parts.askedMs;
  const isSaid = parts.word?.remote === remote && (when === 'inTime' || haveMet(parts.word));
  if (sinceMs < (isSaid ? ASK_MS : SOON_MS)) return;
  void askAgents(parts, { cluster: clusterName(parts), own, remote })
    .then(() => parts.ports.changed())
    .catch((error: unknown) => parts.ports.log.error({ error: String(error) }, 'the agents were not asked'));
}

/** Every agent reaches the other cluster. */
export const haveMet = ({ connected, total }: Pick<MeshWord, 'connected' | 'total'>): boolean =>
  total > 0 && connected >= total;

/** What the agents said of that cluster lately; null: nothing that holds now. */
export function wordOf({ ports, word }: Pick<Parts, 'ports' | 'word'>, remote: string): MeshWord | null {
  if (word?.remote !== remote) return null;
  return ports.clock.monotonicMs() - word.saidMs <= STALE_MS ? word : null;
}

/** Of a cluster that this one is not told of any more, what was said before says nothing: it may be told of it again. */
export function dropWord(parts: Parts, { remotes }: Pick<Mesh, 'remotes'>): void {
  if (parts.word === null || remotes.includes(parts.word.remote)) return;
  parts.word = null;
  parts.askedMs = -Infinity;
}
