import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Step, StepContext } from '../submariner/ports.ts';
import { fetchAccess, undoJoin, type PairAccess } from './apart.ts';
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
  ground: Ground | null;
  access: PairAccess | null;
}

/** Connects both clusters, in both directions; every step may be run again. */
export function joinWish(parts: Parts): Wish {
  const course: Course = { ground: null, access: null };
  const peerName = (): string => course.ground?.peerName ?? parts.memory.kept().peerName ?? '-';
  return {
    verb: 'join',
    peerName,
    undo: () => undoJoin(parts, peerName(), course.access),
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
  const { peerName, mesh } = looked.value;
  // Connected by hand: it is not ours to undo, should anything fail.
  if (mesh.remotes.includes(peerName)) return fail('alreadyJoined', { clusterId: mesh.clusterName });
  course.ground = looked.value;
  return ok(undefined);
}

async function takeAccess(parts: Parts, course: Course): Promise<Result<void>> {
  const { ground } = course;
  if (ground === null) return fail('internal', { detail: 'nothing was looked at' });
  const { mesh, peerName, apiUrl } = ground;
  const access = await fetchAccess(parts, { own: mesh.clusterName, peer: peerName, apiUrl });
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

/** Exit 0 says that both were told of each other; only the agents know whether they meet. */
async function prove(parts: Parts, { ground }: Course, signal: AbortSignal): Promise<Result<void>> {
  if (ground === null) return fail('internal', { detail: 'nothing was looked at' });
  const { mesh, peerName } = ground;
  const met = await until(parts, { limitMs: CONNECT_MS, signal }, async () => {
    const word = await askAgents(parts, mesh.clusterName, peerName);
    return word !== null && word.total > 0 && word.connected >= word.total ? true : null;
  });
  if (met === null) {
    const { connected, total } = parts.word ?? { connected: 0, total: mesh.agents.total };
    return fail('clusterMeshApart', { clusterName: peerName, connected, total, seconds: CONNECT_MS / 1000 });
  }
  await parts.memory.keep({ peerName, joined: { cluster: clusterName(parts), peerName } });
  return ok(undefined);
}
