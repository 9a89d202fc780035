import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { StepContext } from '../submariner/ports.ts';
import { pairKubeconfig } from './access.ts';
import { lookAtMesh } from './mesh-look.ts';
import { noteChild } from './operation.ts';
import { handsFor, ownKubeconfig, type Parts } from './parts.ts';
import type { CiliumHands } from './ports.ts';
import { disconnectArgs, type Contexts } from './tool-args.ts';

/** Two upgrades by Helm, one after the other. */
export const DISCONNECT_MS = 300_000;

/** Two clusters: this Mac's by its own name, the other Mac's by Cilium's. */
export interface Pair {
  readonly cluster: string;
  readonly peerName: string;
}

/** Both clusters in one kubeconfig, with the credentials of this very verb. */
export interface PairAccess {
  readonly text: string;
  readonly contexts: Contexts;
  readonly apiUrl: string;
}

/** Asks the other Mac for access to its cluster, and lays it beside this Mac's own. */
export async function fetchAccess(
  parts: Parts,
  { cluster, own, peer, apiUrl }: Contexts & { readonly cluster: string; readonly apiUrl: string },
): Promise<Result<PairAccess>> {
  const mine = await ownKubeconfig(parts, cluster, own);
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
export async function undoJoin(parts: Parts, pair: Pair, access: PairAccess | null): Promise<boolean> {
  const seen = await lookAtMesh(await handsFor(parts, pair.cluster));
  // Without Cilium nothing of it is left.
  if (seen.kind !== 'mesh') return seen.kind === 'absent';
  const own = seen.mesh.clusterName;
  if (await areApart(parts, pair, own)) return true;
  const fetched = access === null ? await accessNow(parts, pair, own) : ok(access);
  if (!fetched.ok) return false;
  const signal = AbortSignal.any([AbortSignal.timeout(DISCONNECT_MS), parts.closing.signal]);
  const child = (pid: number): void => noteChild(parts, pid);
  const done = await disconnect(parts, fetched.value, { signal, child, detail: () => undefined });
  return done.ok && areApart(parts, pair, own);
}

/** Access to both clusters, where the other Mac's is still the one that was connected. `peerAway`. */
export async function accessNow(
  parts: Parts,
  { cluster, peerName }: Pair,
  own: string,
): Promise<Result<PairAccess>> {
  const facts = await parts.talk.ask();
  if (facts === null) return fail('peerAway');
  const { mesh, known, apiUrl } = facts;
  if (!known) return fail('ciliumPeerApiSilent', { address: '-', why: 'peer' });
  if (mesh === null) return fail('ciliumPeerAbsent');
  if (mesh.clusterName !== peerName)
    return fail('ciliumPeerOther', { name: mesh.clusterName, other: peerName });
  if (apiUrl === null) return fail('ciliumPeerApiHidden');
  return fetchAccess(parts, { cluster, own, peer: peerName, apiUrl });
}

/** The cluster is told of no such other. Null: no answer. */
export async function isApart(hands: CiliumHands | null, peerName: string): Promise<boolean | null> {
  const remotes = (await hands?.remotes()) ?? null;
  return remotes === null ? null : !remotes.includes(peerName);
}

/**
 * Neither cluster is told of the other: the tool writes to one after the other. False also while one of them is silent,
 * or the other Mac does not know it of its own.
 */
export async function areApart(parts: Parts, { cluster, peerName }: Pair, own: string): Promise<boolean> {
  const hands = await handsFor(parts, cluster);
  const [isOwnApart, facts] = await Promise.all([isApart(hands, peerName), parts.talk.ask()]);
  if (isOwnApart !== true || facts?.known !== true) return false;
  return facts.mesh === null || !facts.mesh.remotes.includes(own);
}
