import { lookAtMesh } from './mesh-look.ts';
import { clusterName, handsOf, meshOf, type Parts } from './parts.ts';

/** A cluster without Cilium gets it by a person's hand, which takes longer. */
const ABSENT_MS = 30_000;
/** An API that is silent takes three seconds of a round. */
const SILENT_MS = 10_000;
/** What the other Mac says of its cluster is asked for so often. */
const TELL_MS = 60_000;

/** One look, of each round, where the settings let Cluster Mesh be. */
export async function notice(parts: Parts): Promise<void> {
  const { ports } = parts;
  const nowMs = ports.clock.monotonicMs();
  const waitMs = { absent: ABSENT_MS, noAnswer: SILENT_MS, mesh: 0 }[parts.seen.kind];
  const isEarly = nowMs - parts.seenMs < waitMs;
  if (!ports.isWanted() || isEarly) return;
  const cluster = ports.cluster();
  const isPossible = cluster !== null && cluster.provider !== 'embedded';
  parts.seen = isPossible ? await lookAtMesh(await handsOf(parts)) : { kind: 'absent' };
  parts.seenMs = nowMs;
  parts.hasTool = await parts.tool.isThere();
  await settleClaim(parts);
  if (meshOf(parts) === null || ports.link() !== 'up') return;
  if (parts.talk.last() !== null && nowMs - parts.askedPeerMs < TELL_MS) return;
  parts.askedPeerMs = nowMs;
  void parts.talk.ask();
}

/** What the cluster says counts, whoever connected it; while a verb runs, its end does. */
async function settleClaim(parts: Parts): Promise<void> {
  const { memory, seen } = parts;
  const said = parts.talk.last()?.mesh?.clusterName ?? null;
  const { joined, peerName } = memory.kept();
  if (said !== null && said !== peerName) await memory.keep({ peerName: said });
  if (seen.kind === 'noAnswer' || parts.progress !== null || memory.intent() !== null) return;
  const name = said ?? peerName;
  const isTold = seen.kind === 'mesh' && name !== null && seen.mesh.remotes.includes(name);
  const cluster = clusterName(parts);
  if (isTold && (joined?.cluster !== cluster || joined.peerName !== name))
    await memory.keep({ joined: { cluster, peerName: name } });
  if (!isTold && joined !== null) await memory.keep({ joined: null });
}
