import type { PeerFacts, PeerMesh } from '../../../src-shared/cilium-messages.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { askInTime, dropWord, wordOf } from './ask-agents.ts';
import { lookAtMesh, tellingOf } from './mesh-look.ts';
import type { Mesh, Seen } from './mesh.ts';
import { handsOf, isJoinedHere, silent, type Parts } from './parts.ts';
import type { CiliumHands } from './ports.ts';
import { firstMeshProblem, meshPreflight } from './preflight.ts';

/** What a join stands on: all of it was looked at, and nothing is in its way. */
export interface Ground {
  readonly hands: CiliumHands;
  readonly mesh: Mesh;
  readonly peerName: string;
  /** Names of the clusters that the other Mac's is told to connect to. */
  readonly peerRemotes: PeerMesh['remotes'];
  readonly apiUrl: string;
  /** The tool's path. */
  readonly tool: string;
}

/** Looks at every line of pre-flight; what was found stays to be read (`tunnel doctor`). */
export async function lookAround(parts: Parts): Promise<Result<Ground>> {
  const { ports, tool, talk } = parts;
  const hands = await handsOf(parts);
  const [seen, authority, probed, peer] = await Promise.all([
    lookAtMesh(hands),
    hands?.authority() ?? null,
    tool.probe('connect'),
    talk.ask(),
  ]);
  const own = seen.kind === 'mesh' ? { ...seen.mesh, authority } : null;
  parts.lines = meshPreflight({
    cluster: ports.cluster(),
    apiAnswers: seen.kind !== 'noAnswer',
    toolProblem: probed.ok ? null : { code: probed.error.code, params: { ...probed.error.params } },
    own,
    linkUp: ports.link() === 'up',
    peer,
    peerApiAnswers: peer?.apiUrl == null ? null : await apiAnswers(parts, peer.apiUrl),
  });
  const wrong = firstMeshProblem(parts.lines);
  if (wrong !== null) return fail(wrong.code, wrong.params);
  if (!probed.ok) return probed;
  if (hands === null || own === null) return silent(parts);
  const { mesh: peerMesh, apiUrl } = peer ?? { mesh: null, apiUrl: null };
  if (peerMesh === null || apiUrl === null) return fail('peerAway');
  const { clusterName: peerName, remotes: peerRemotes } = peerMesh;
  return ok({ hands, mesh: own, peerName, peerRemotes, apiUrl, tool: probed.value });
}

function apiAnswers({ ports }: Parts, apiUrl: string): Promise<boolean> {
  const { hostname, port } = new URL(apiUrl);
  return ports.answers(hostname.replace(/^\[|\]$/g, ''), Number(port === '' ? 443 : port));
}

/** What this Mac tells the other of its cluster. That it does not answer is not that nothing is in it. */
export async function ownFacts(parts: Parts, of: string | null): Promise<Omit<PeerFacts, 'type' | 'id'>> {
  const { ports } = parts;
  const cluster = ports.cluster();
  const [hands, hasTool] = await Promise.all([handsOf(parts), parts.tool.isThere()]);
  // The built-in one has no Cilium; that no cluster is known yet says nothing of what there is.
  const isEmbedded = cluster?.provider === 'embedded';
  const [seen, authority] = await Promise.all([
    isEmbedded ? ({ kind: 'absent' } satisfies Seen) : lookAtMesh(hands),
    hands?.authority() ?? null,
  ]);
  if (seen.kind !== 'mesh' || cluster === null)
    return { known: seen.kind === 'absent', hasTool, mesh: null, apiUrl: null, reach: null };
  const isMeant = ports.cluster()?.name === cluster.name;
  if (isMeant) dropWord(parts, seen.mesh);
  const reach = of === null || !isMeant ? null : reachOf(parts, seen.mesh, of);
  const apiUrl = await ports.apiUrl(cluster);
  return { known: true, hasTool, mesh: tellingOf(seen.mesh, authority), apiUrl, reach };
}

/** How the agents here reach the other Mac's cluster, as they said lately; while they do not, they are asked again soon. */
function reachOf(parts: Parts, mesh: Mesh, of: string): PeerFacts['reach'] {
  if (!mesh.remotes.includes(of)) return null;
  askInTime(parts, mesh, of, 'soon');
  const word = wordOf(parts, of);
  if (word === null) return null;
  return { clusterName: of, connected: word.connected, total: word.total };
}

/** A verb of this Mac's own runs, or is half done: another one at once would take apart what this one connects. */
function isBusy({ progress, memory }: Parts, cluster: string | null): boolean {
  const intent = memory.intent();
  return progress !== null || (intent !== null && intent.cluster === cluster);
}

/**
 * The kubeconfig by which the paired Mac connects or disconnects both clusters: only where the settings let Cluster Mesh
 * be, and only where a person has enabled it in the cluster (or it is joined already).
 */
export async function ownAccess(parts: Parts): Promise<Result<string>> {
  const { ports } = parts;
  const cluster = ports.cluster();
  if (isBusy(parts, cluster?.name ?? null)) return fail('ciliumPeerBusy');
  const seen = await lookAtMesh(await handsOf(parts));
  const mesh = seen.kind === 'mesh' ? seen.mesh : null;
  if (!ports.isWanted() && !isJoinedHere(parts)) return fail('ciliumPeerHolds');
  if (cluster === null || mesh?.apiserver == null) return fail('ciliumPeerHolds');
  const server = await ports.apiUrl(cluster);
  if (server === null) return fail('ciliumPeerApiHidden');
  const text = await ports.kubeconfig(cluster.name);
  const access = text === null ? null : await ports.privately(text, { name: mesh.clusterName, server });
  // It may have begun while the cluster was looked at.
  if (isBusy(parts, cluster.name)) return fail('ciliumPeerBusy');
  if (access === null) return fail('ciliumPeerHolds');
  const what = `the other Mac was given access to ${cluster.name}`;
  ports.note('tunnel.access', what, { cluster: cluster.name, server });
  return ok(access.text);
}
