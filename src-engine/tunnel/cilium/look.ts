import type { PeerFacts } from '../../../src-shared/cilium-messages.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { lookAtMesh, tellingOf } from './mesh-look.ts';
import type { Mesh } from './mesh.ts';
import { handsOf, isJoinedHere, silent, type Parts } from './parts.ts';
import type { CiliumHands } from './ports.ts';
import { firstMeshProblem, meshPreflight } from './preflight.ts';

/** What a join stands on: all of it was looked at, and nothing is in its way. */
export interface Ground {
  readonly hands: CiliumHands;
  readonly mesh: Mesh;
  readonly peerName: string;
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
  return ok({ hands, mesh: own, peerName: peerMesh.clusterName, apiUrl, tool: probed.value });
}

function apiAnswers({ ports }: Parts, apiUrl: string): Promise<boolean> {
  const { hostname, port } = new URL(apiUrl);
  return ports.answers(hostname.replace(/^\[|\]$/g, ''), Number(port === '' ? 443 : port));
}

/** What this Mac tells the other of its cluster. */
export async function ownFacts(parts: Parts): Promise<Omit<PeerFacts, 'type' | 'id'>> {
  const { ports } = parts;
  const cluster = ports.cluster();
  const hands = await handsOf(parts);
  const [seen, authority] = await Promise.all([lookAtMesh(hands), hands?.authority() ?? null]);
  if (seen.kind !== 'mesh' || cluster === null) return { mesh: null, apiUrl: null };
  return { mesh: tellingOf(seen.mesh, authority), apiUrl: await ports.apiUrl(cluster) };
}

/**
 * The kubeconfig by which the paired Mac connects or disconnects both clusters: only where the settings let Cluster Mesh
 * be, and only where a person has enabled it in the cluster (or it is joined already).
 */
export async function ownAccess(parts: Parts): Promise<Result<string>> {
  const { ports } = parts;
  const cluster = ports.cluster();
  const seen = await lookAtMesh(await handsOf(parts));
  const mesh = seen.kind === 'mesh' ? seen.mesh : null;
  if (!ports.isWanted() && !isJoinedHere(parts)) return fail('ciliumPeerHolds');
  if (cluster === null || mesh?.apiserver == null) return fail('ciliumPeerHolds');
  const server = await ports.apiUrl(cluster);
  if (server === null) return fail('ciliumPeerApiHidden');
  const text = await ports.kubeconfig(cluster.name);
  const access = text === null ? null : await ports.privately(text, { name: mesh.clusterName, server });
  return access === null ? fail('ciliumPeerHolds') : ok(access.text);
}
