import { askInTime } from './ask-agents.ts';
import type { CiliumLook } from './cilium-port.ts';
import { meshShown, remoteOf } from './mesh-view.ts';
import { clusterName, hereOf, isJoinedHere, meshOf, type Parts } from './parts.ts';
import { careForImports, showExports } from './services.ts';

/** How it is, by the look of this round and the agents' last word. */
export async function settle(parts: Parts): Promise<CiliumLook> {
  const { ports, memory } = parts;
  const now = { monotonicMs: ports.clock.monotonicMs(), wallMs: ports.clock.wall().getTime() };
  const { peerName } = memory.kept();
  const mesh = meshOf(parts);
  const remote = mesh === null ? null : remoteOf(mesh, peerName);
  if (mesh !== null && remote !== null) askInTime(parts, mesh, remote);
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
  const cluster = clusterName(parts);
  const isJoined = isJoinedHere(parts);
  const here = await hereOf(parts);
  const exports = await showExports(parts, cluster, here?.hands ?? null);
  const imports = isJoined && here?.cluster === cluster ? await careForImports(parts, here, state) : [];
  return { state, problem, cilium: view, exports, imports };
}
