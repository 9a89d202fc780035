import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { forgetBrokerIfGone, forgetEntries } from './broker-entries.ts';
import { unmarks } from './gateway-node.ts';
import { accessTo, handsOf, runSubctl, until, type Parts } from './parts.ts';
import { MINUTE_MS } from './plan-broker.ts';
import type { Step, StepContext, SubmarinerHands } from './ports.ts';
import { isJoined } from './standing.ts';
import type { Probed } from './subctl.ts';
import { uninstallArgs } from './subctl-args.ts';
import { UNINSTALL_MS } from './undo.ts';

/** subctl waits for the deletion itself: what stands after it stays. */
const GONE_MS = 5000;

/** What a leave finds out on its way. */
interface Course {
  hands: SubmarinerHands | null;
  probed: Probed | null;
}

/** Exports go first: they belong to nobody afterwards. Every step may be run again, from the first. */
export function leaveSteps(parts: Parts, clusterId: string): readonly Step[] {
  const course: Course = { hands: null, probed: null };
  return [
    {
      id: 'checkInstalled',
      limitMs: MINUTE_MS,
      harmless: true,
      run: () => checkInstalled(parts, course),
    },
    { id: 'removeExports', limitMs: MINUTE_MS, run: () => removeExports(parts, course) },
    {
      id: 'uninstall',
      limitMs: UNINSTALL_MS,
      run: (context) => uninstall(parts, course, clusterId, context),
    },
    {
      id: 'proveGone',
      limitMs: MINUTE_MS / 2,
      // It ends with 0 also when it did nothing: only what is seen counts.
      async run({ signal }) {
        const { hands } = course;
        const gone = await until(parts, { signal, limitMs: GONE_MS }, async () =>
          hands !== null && (await isJoined(hands)) === false ? true : null,
        );
        return gone === null ? fail('uninstallDidNothing') : ok(undefined);
      },
    },
    { id: 'cleanBroker', limitMs: MINUTE_MS, run: () => afterwards(parts, course.hands, clusterId) },
  ];
}

const silent = ({ ports }: Parts): Result<never> =>
  fail('apiUnreachable', { name: ports.cluster()?.name ?? '-' });

/** subctl is needed only where there is something to uninstall. */
async function checkInstalled(parts: Parts, course: Course): Promise<Result<void>> {
  course.hands = await handsOf(parts);
  const joined = course.hands === null ? null : await isJoined(course.hands);
  if (joined === null) return silent(parts);
  if (!joined) return ok(undefined);
  const found = await parts.subctl.probe('uninstall');
  if (!found.ok) return found;
  course.probed = found.value;
  return ok(undefined);
}

async function removeExports(parts: Parts, { hands }: Course): Promise<Result<void>> {
  const own = (await hands?.ownExports()) ?? null;
  if (hands === null || own === null) return silent(parts);
  const gone = await Promise.all(
    own.map(({ namespace, name }) => hands.remove('serviceexports', namespace, name)),
  );
  return gone.every((one) => one === 'done' || one === 'absent') ? ok(undefined) : silent(parts);
}

async function uninstall(
  parts: Parts,
  { probed }: Course,
  clusterId: string,
  context: StepContext,
): Promise<Result<void>> {
  if (probed === null) return ok(undefined);
  const access = await accessTo(parts, { name: clusterId, server: null });
  if (!access.ok) return access;
  const of = { kubeconfigFile: parts.memory.kubeconfigFile, context: access.value.context };
  // The step's own limit comes first, and its sentence with it.
  const limitMs = UNINSTALL_MS + MINUTE_MS;
  return runSubctl(parts, probed, { args: uninstallArgs(of), limitMs, clusterId, broker: '-' }, context);
}

/** The marks of the node, the broker's entries, and what this Mac remembers. */
async function afterwards(
  parts: Parts,
  hands: SubmarinerHands | null,
  clusterId: string,
): Promise<Result<void>> {
  const { memory } = parts;
  const { joined } = memory.kept();
  if (hands === null) return silent(parts);
  if (joined !== null) {
    const marked = await hands.mark(unmarks(joined.gatewayNode, joined.hadLabel, joined.publicIp));
    // What is remembered of the node stays until it is as it was: the leave may be run again.
    if (marked !== 'done' && marked !== 'absent') return silent(parts);
  }
  await forgetEntries(parts, hands, clusterId);
  await memory.keep({ joined: null });
  await forgetBrokerIfGone(parts, hands);
  return ok(undefined);
}
