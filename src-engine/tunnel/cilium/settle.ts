import type { CiliumLook } from './cilium-port.ts';
import { ASK_MS, meshShown, remoteOf } from './mesh-view.ts';
import { askAgents, clusterName, handsOf, isJoinedHere, meshOf, type Parts } from './parts.ts';
import { careForImports, showExports } from './services.ts';

/** How it is, by the look of this round and the agents' last word. */
export async function settle(parts: Parts): Promise<CiliumLook> {
  const { ports, memory } = parts;
  const now = { monotonicMs: ports.clock.monotonicMs(), wallMs: ports.clock.wall().getTime() };
  const { peerName } = memory.kept();
  askInTime(parts, peerName, now.monotonicMs);
  const { state, problem, view } = meshShown({
    seen: parts.seen,
    cluster: clusterName(parts),
    peerName,
    word: parts.word,
    toolProblem: parts.toolProblem,
    now,
    apartMs: parts.apartSinceMs === null ? null : now.monotonicMs - parts.apartSinceMs,
  });
  parts.apartSinceMs = state === 'connecting' ? (parts.apartSinceMs ?? now.monotonicMs) : null;
  const hands = await handsOf(parts);
  const exports = await showExports(parts, hands);
  const imports = isJoinedHere(parts) && hands !== null ? await careForImports(parts, hands, state) : [];
  return { state, problem, cilium: view, exports, imports };
}

/** Beside the round: the tool takes a second or more. */
function askInTime(parts: Parts, peerName: string | null, nowMs: number): void {
  const mesh = meshOf(parts);
  const remote = mesh === null ? null : remoteOf(mesh, peerName);
  // A verb asks them itself.
  if (mesh === null || remote === null || parts.progress !== null) return;
  if (parts.isAsking || (parts.word?.remote === remote && nowMs - parts.askedMs < ASK_MS)) return;
  if (nowMs - parts.askedMs < ASK_MS / 6) return;
  void askAgents(parts, mesh.clusterName, remote)
    .then(() => parts.ports.changed())
    .catch((error: unknown) => parts.ports.log.error({ error: String(error) }, 'the agents were not asked'));
}
