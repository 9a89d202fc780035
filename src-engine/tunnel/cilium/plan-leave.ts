import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Step } from '../submariner/ports.ts';
import {
  accessNow,
  areApart,
  disconnect,
  DISCONNECT_MS,
  isApart,
  type Pair,
  type PairAccess,
} from './apart.ts';
import { lookAtMesh } from './mesh-look.ts';
import type { Wish } from './operation.ts';
import { handsFor, silent, until, type Parts } from './parts.ts';
import { endExports, sayLeft, sweep } from './services.ts';

const MINUTE_MS = 60_000;
/** The tool has ended: what stands after it stays. */
const GONE_MS = 5000;

/** What a leave finds out on its way. */
interface Course {
  /** Cilium's name of this cluster. */
  own: string;
  /** Null: they are apart already, by whomever. */
  access: PairAccess | null;
}

/**
 * Takes both clusters apart. The other one's access comes first: without it nothing is begun. Every step may be run again,
 * from the first: what a crash cut off is finished so.
 */
export function leaveWish(parts: Parts, pair: Pair): Wish {
  const course: Course = { own: '-', access: null };
  return {
    verb: 'leave',
    cluster: pair.cluster,
    peerName: () => pair.peerName,
    // While this cluster is told of the other, all is as it was; beyond that there is no way back: it is finished instead.
    undo: async () => (await isApart(await handsFor(parts, pair.cluster), pair.peerName)) === false,
    steps: leaveSteps(parts, pair, course),
  };
}

function leaveSteps(parts: Parts, pair: Pair, course: Course): readonly Step[] {
  return [
    {
      id: 'fetchAccess',
      limitMs: MINUTE_MS,
      harmless: true,
      async run() {
        const seen = await lookAtMesh(await handsFor(parts, pair.cluster));
        if (seen.kind !== 'mesh') return silent(parts);
        course.own = seen.mesh.clusterName;
        if (await areApart(parts, pair, course.own)) return ok(undefined);
        const access = await accessNow(parts, pair, course.own);
        if (!access.ok) return access;
        course.access = access.value;
        return ok(undefined);
      },
    },
    {
      id: 'disconnectMesh',
      limitMs: DISCONNECT_MS,
      async run(context) {
        return course.access === null ? ok(undefined) : disconnect(parts, course.access, context);
      },
    },
    {
      id: 'proveApart',
      limitMs: MINUTE_MS / 2,
      async run({ signal }) {
        const gone = await until(parts, { signal, limitMs: GONE_MS }, async () =>
          (await areApart(parts, pair, course.own)) ? true : null,
        );
        if (gone === null) return fail('clusterMeshNotLeft', { clusterName: pair.peerName });
        await parts.memory.keep({ joined: null, imports: [], owesLeft: true });
        await sayLeft(parts);
        return ok(undefined);
      },
    },
    // Last: while the clusters are connected, what a person exported stays exported.
    { id: 'removeExports', limitMs: MINUTE_MS, run: () => removeServices(parts, pair.cluster) },
  ];
}

async function removeServices(parts: Parts, cluster: string): Promise<Result<void>> {
  const hands = await handsFor(parts, cluster);
  const here = hands === null ? null : { cluster, hands };
  if (here === null || !(await endExports(parts, here)) || !(await sweep(parts, here))) return silent(parts);
  return ok(undefined);
}
