import { askInTime, dropWord, haveMet, wordOf } from './ask-agents.ts';
import { lookAtMesh } from './mesh-look.ts';
import { handsOf, meshOf, type Parts } from './parts.ts';

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
  const cluster = ports.cluster();
  if ((cluster?.name ?? null) !== parts.seenOf) forgetLook(parts, cluster?.name ?? null);
  const waitMs = { absent: ABSENT_MS, noAnswer: SILENT_MS, mesh: 0 }[parts.seen.kind];
  const isEarly = nowMs - parts.seenMs < waitMs;
  if (!ports.isWanted() || isEarly) return;
  await bindToPair(parts);
  const isPossible = cluster !== null && cluster.provider !== 'embedded';
  const seen = isPossible ? await lookAtMesh(await handsOf(parts)) : ({ kind: 'absent' } as const);
  // Another one is meant by now: the next round looks at that.
  if (ports.cluster()?.name !== cluster?.name) return;
  Object.assign(parts, { seen, seenMs: nowMs });
  if (seen.kind === 'mesh') dropWord(parts, seen.mesh);
  parts.hasTool = await parts.tool.isThere();
  await settleClaim(parts);
  if (meshOf(parts) === null || ports.link() !== 'up') return;
  if (parts.talk.last() !== null && nowMs - parts.askedPeerMs < TELL_MS) return;
  parts.askedPeerMs = nowMs;
  void parts.talk.ask();
}

/** What was seen in another cluster, and what its agents said, is nothing of this one. */
function forgetLook(parts: Parts, cluster: string | null): void {
  Object.assign(parts, { seen: { kind: 'noAnswer' }, seenMs: -Infinity, seenOf: cluster });
  Object.assign(parts, { word: null, askedMs: -Infinity, apartSinceMs: null });
}

/** What another Mac said is forgotten with it. */
export async function bindToPair(parts: Parts): Promise<void> {
  const { ports, memory, talk } = parts;
  const keys = await ports.pair();
  if (!keys.ok || keys.value.peerPin === memory.kept().pin) return;
  talk.forget();
  Object.assign(parts, { word: null, askedMs: -Infinity, told: null });
  const { peerPin: pin } = keys.value;
  await memory.keep({ pin, peerName: null, joined: null, imports: [], owesLeft: false });
}

/**
 * What the cluster says counts, whoever connected it; while a verb runs, its end does. That it is told of the other is no
 * way to it yet: only when the agents here reach it does LAN mode have a successor.
 */
async function settleClaim(parts: Parts): Promise<void> {
  const { memory, seen } = parts;
  const said = parts.talk.last()?.mesh?.clusterName ?? null;
  const { joined, peerName } = memory.kept();
  if (said !== null && said !== peerName) await memory.keep({ peerName: said });
  if (seen.kind === 'noAnswer' || parts.progress !== null || memory.intent() !== null) return;
  const name = said ?? peerName;
  const cluster = parts.seenOf ?? '-';
  if (seen.kind !== 'mesh' || name === null || !seen.mesh.remotes.includes(name)) {
    if (joined?.cluster === cluster) await memory.keep({ joined: null });
    return;
  }
  if (joined?.cluster === cluster && joined.peerName === name) return;
  askInTime(parts, seen.mesh, name);
  const word = wordOf(parts, name);
  if (word !== null && haveMet(word)) await memory.keep({ joined: { cluster, peerName: name } });
}
