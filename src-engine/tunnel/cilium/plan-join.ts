import type { PeerFacts } from '../../../src-shared/cilium-messages.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Step, StepContext } from '../submariner/ports.ts';
import { fetchAccess, undoJoin, type PairAccess } from './apart.ts';
import { haveMet } from './ask-agents.ts';
import { lookAround, type Ground } from './look.ts';
import { CONNECT_MS } from './mesh-view.ts';
import type { Wish } from './operation.ts';
import { askAgents, clusterName, until, type Parts } from './parts.ts';
import { connectArgs } from './tool-args.ts';

const MINUTE_MS = 60_000;
/** Upgrades by Helm of both clusters; newer tools wait in between until the agents trust the other authority. */
const UPGRADE_MS = 10 * MINUTE_MS;

/** What a join finds out on its way. */
interface Course {
  /** That was meant when it began. */
  readonly cluster: string;
  ground: Ground | null;
  access: PairAccess | null;
}

/** Connects both clusters, in both directions; every step may be run again. */
export function joinWish(parts: Parts): Wish {
  const course: Course = { cluster: clusterName(parts), ground: null, access: null };
  const { cluster } = course;
  const peerName = (): string => course.ground?.peerName ?? parts.memory.kept().peerName ?? '-';
  return {
    verb: 'join',
    cluster,
    peerName,
    undo: () => undoJoin(parts, { cluster, peerName: peerName() }, course.access),
    steps: joinSteps(parts, course),
  };
}

function joinSteps(parts: Parts, course: Course): readonly Step[] {
  return [
    { id: 'preflight', limitMs: MINUTE_MS, harmless: true, run: () => preflight(parts, course) },
    { id: 'fetchAccess', limitMs: MINUTE_MS, harmless: true, run: () => takeAccess(parts, course) },
    { id: 'connectMesh', limitMs: UPGRADE_MS, run: (context) => connect(parts, course, context) },
    // A minute more than it is given: it ends by a sentence of its own.
    {
      id: 'proveMesh',
      limitMs: CONNECT_MS + MINUTE_MS,
      run: ({ signal }) => prove(parts, course, signal),
    },
  ];
}

async function preflight(parts: Parts, course: Course): Promise<Result<void>> {
  const looked = await lookAround(parts);
  if (!looked.ok) return looked;
  const { peerName, peerRemotes, mesh } = looked.value;
  // Connected by hand, or half of it: it is not ours to undo, should anything fail.
  if (mesh.remotes.includes(peerName)) return fail('alreadyJoined', { clusterId: mesh.clusterName });
  if (peerRemotes.includes(mesh.clusterName))
    return fail('ciliumPeerTold', { own: mesh.clusterName, other: peerName });
  course.ground = looked.value;
  return ok(undefined);
}

async function takeAccess(parts: Parts, course: Course): Promise<Result<void>> {
  const { cluster, ground } = course;
  if (ground === null) return fail('internal', { detail: 'nothing was looked at' });
  const { mesh, peerName, apiUrl } = ground;
  const access = await fetchAccess(parts, { cluster, own: mesh.clusterName, peer: peerName, apiUrl });
  if (!access.ok) return access;
  course.access = access.value;
  return ok(undefined);
}

function connect(
  { memory, tool }: Parts,
  { ground, access }: Course,
  { signal, child, detail }: StepContext,
): Promise<Result<void>> {
  if (ground === null || access === null)
    return Promise.resolve(fail('internal', { detail: 'nothing was looked at' }));
  return memory.withKubeconfig('pair', access.text, (kubeconfigFile) =>
    tool.run(ground.tool, connectArgs(access.contexts), {
      signal,
      limitMs: UPGRADE_MS + MINUTE_MS,
      kubeconfigFile,
      apiUrl: access.apiUrl,
      child,
      detail,
    }),
  );
}

/** How it was last. */
interface Met {
  /** The agents of this cluster reach the other. */
  here: boolean;
  /** What the other Mac's agents said; null: nothing lately. */
  reach: PeerFacts['reach'];
}

/** Exit 0 says that both were told of each other; only the agents know whether they meet: those of both clusters. */
async function prove(parts: Parts, { cluster, ground }: Course, signal: AbortSignal): Promise<Result<void>> {
  if (ground === null) return fail('internal', { detail: 'nothing was looked at' });
  const { mesh, peerName } = ground;
  const own = mesh.clusterName;
  const last: Met = { here: false, reach: null };
  const met = await until(parts, { limitMs: CONNECT_MS, signal }, async () => {
    const word = await askAgents(parts, { cluster, own, remote: peerName });
    last.here = word !== null && haveMet(word);
    if (!last.here) return null;
    const reach = (await parts.talk.ask(own))?.reach ?? null;
    last.reach = reach;
    return reach?.clusterName === own && haveMet(reach) ? true : null;
  });
  if (met === null) return fail('clusterMeshApart', apartOf(parts, ground, last));
  await parts.memory.keep({ peerName, joined: { cluster, peerName }, owesLeft: false });
  return ok(undefined);
}

/** Whose agents do not reach whom: those of the other Mac's cluster only where those here do. */
function apartOf({ word }: Parts, { mesh, peerName }: Ground, { here, reach }: Met): Problem['params'] {
  const seconds = CONNECT_MS / 1000;
  if (!here) {
    const { connected, total } = word ?? { connected: 0, total: mesh.agents.total };
    return { clusterName: peerName, connected, total, seconds };
  }
  const { connected, total } = reach ?? { connected: '?', total: '?' };
  return { clusterName: mesh.clusterName, connected, total, seconds, why: 'peer' };
}
