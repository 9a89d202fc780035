import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Step } from '../submariner/ports.ts';
import { accessNow, areApart, disconnect, DISCONNECT_MS, isApart, type PairAccess } from './apart.ts';
import { lookAtMesh } from './mesh-look.ts';
import type { Wish } from './operation.ts';
import { handsOf, silent, until, type Parts } from './parts.ts';
import { endExports, sweep } from './services.ts';

const MINUTE_MS = 60_000;
/** The tool has ended: what stands after it stays. */
const GONE_MS = 5000;

/** What a leave finds out on its way. */
interface Course {
  access: PairAccess | null;
}

/**
 * Takes both clusters apart. The other one's access comes first: without it nothing is begun. Every step may be run again,
 * from the first: what a crash cut off is finished so.
 */
export function leaveWish(parts: Parts, peerName: string): Wish {
  const course: Course = { access: null };
  return {
    verb: 'leave',
    peerName: () => peerName,
    // While this cluster is told of the other, all is as it was; beyond that there is no way back: it is finished instead.
    undo: async () => (await isApart(parts, peerName)) === false,
    steps: leaveSteps(parts, peerName, course),
  };
}

function leaveSteps(parts: Parts, peerName: string, course: Course): readonly Step[] {
  return [
    {
      id: 'fetchAccess',
      limitMs: MINUTE_MS,
      harmless: true,
      async run() {
        const seen = await lookAtMesh(await handsOf(parts));
        if (seen.kind !== 'mesh') return silent(parts);
        const access = await accessNow(parts, seen.mesh.clusterName, peerName);
        if (!access.ok) return access;
        course.access = access.value;
        return ok(undefined);
      },
    },
    { id: 'removeExports', limitMs: MINUTE_MS, run: () => removeServices(parts) },
    {
      id: 'disconnectMesh',
      limitMs: DISCONNECT_MS,
      async run(context) {
        if (course.access === null) return fail('internal', { detail: 'there is no access' });
        return disconnect(parts, course.access, context);
      },
    },
    {
      id: 'proveApart',
      limitMs: MINUTE_MS / 2,
      async run({ signal }) {
        const own = course.access?.contexts.own ?? '-';
        const gone = await until(parts, { signal, limitMs: GONE_MS }, async () =>
          (await areApart(parts, own, peerName)) ? true : null,
        );
        if (gone === null) return fail('clusterMeshNotLeft', { clusterName: peerName });
        await parts.memory.keep({ joined: null, imports: [] });
        parts.ports.send({ type: 'cilium.left' });
        return ok(undefined);
      },
    },
  ];
}

async function removeServices(parts: Parts): Promise<Result<void>> {
  const hands = await handsOf(parts);
  if (hands === null || !(await endExports(parts, hands)) || !(await sweep(parts, hands)))
    return silent(parts);
  return ok(undefined);
}
