import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { StepContext } from '../submariner/ports.ts';
import { pairKubeconfig } from './access.ts';
import { lookAtMesh } from './mesh-look.ts';
import { noteChild } from './operation.ts';
import { handsOf, ownKubeconfig, type Parts } from './parts.ts';
import { disconnectArgs, type Contexts } from './tool-args.ts';

/** Two upgrades by Helm, one after the other. */
export const DISCONNECT_MS = 300_000;

/** Both clusters in one kubeconfig, with the credentials of this very verb. */
export interface PairAccess {
  readonly text: string;
  readonly contexts: Contexts;
  readonly apiUrl: string;
}

/** Asks the other Mac for access to its cluster, and lays it beside this Mac's own. */
export async function fetchAccess(
  parts: Parts,
  { own, peer, apiUrl }: Contexts & { readonly apiUrl: string },
): Promise<Result<PairAccess>> {
  const mine = await ownKubeconfig(parts, own);
  if (!mine.ok) return mine;
  const theirs = await parts.talk.askForAccess();
  if (!theirs.ok) return theirs;
  const text = pairKubeconfig({ name: own, text: mine.value }, { name: peer, text: theirs.value, apiUrl });
  return text === null ? fail('ciliumAccessBroken') : ok({ text, contexts: { own, peer }, apiUrl });
}

/** Both clusters forget each other; done again it changes nothing. */
export async function disconnect(
  { tool, memory }: Parts,
  access: PairAccess,
  { signal, child, detail }: Pick<StepContext, 'signal' | 'child' | 'detail'>,
): Promise<Result<void>> {
  const path = await tool.probe('disconnect');
  if (!path.ok) return path;
  return memory.withKubeconfig('pair', access.text, (kubeconfigFile) =>
    tool.run(path.value, disconnectArgs(access.contexts), {
      signal,
      // The step's own limit comes first, and its sentence with it.
      limitMs: DISCONNECT_MS + 60_000,
      kubeconfigFile,
      apiUrl: access.apiUrl,
      child,
      detail,
    }),
  );
}

/**
 * A join goes, whatever of it was done. What counts is what is seen in both clusters, before and after.
 *
 * @param access null: it is asked for, as after a crash
 */
export async function undoJoin(parts: Parts, peerName: string, access: PairAccess | null): Promise<boolean> {
  const seen = await lookAtMesh(await handsOf(parts));
  // Without Cilium nothing of it is left.
  if (seen.kind !== 'mesh') return seen.kind === 'absent';
  const own = seen.mesh.clusterName;
  if (await areApart(parts, own, peerName)) return true;
  const fetched = access === null ? await accessNow(parts, own, peerName) : ok(access);
  if (!fetched.ok) return false;
  const signal = AbortSignal.timeout(DISCONNECT_MS);
  const child = (pid: number): void => noteChild(parts, pid);
  const done = await disconnect(parts, fetched.value, { signal, child, detail: () => undefined });
  return done.ok && areApart(parts, own, peerName);
}

/** Access to the clusters as the other Mac names its own now. `peerAway`. */
export async function accessNow(parts: Parts, own: string, peerName: string): Promise<Result<PairAccess>> {
  const facts = await parts.talk.ask();
  if (facts === null) return fail('peerAway');
  if (facts.apiUrl === null) return fail('ciliumPeerApiHidden');
  return fetchAccess(parts, { own, peer: facts.mesh?.clusterName ?? peerName, apiUrl: facts.apiUrl });
}

/** This cluster is told of no such other. Null: no answer. */
export async function isApart(parts: Parts, peerName: string): Promise<boolean | null> {
  const remotes = (await (await handsOf(parts))?.remotes()) ?? null;
  return remotes === null ? null : !remotes.includes(peerName);
}

/** Neither cluster is told of the other: the tool writes to one after the other. False also while one of them is silent. */
export async function areApart(parts: Parts, own: string, peerName: string): Promise<boolean> {
  const [isOwnApart, facts] = await Promise.all([isApart(parts, peerName), parts.talk.ask()]);
  return isOwnApart === true && facts !== null && facts.mesh?.remotes.includes(own) !== true;
}
