import { pause } from '../../platform/clock.ts';
import { isAlive, signalGroup, type ProcessRef } from '../../platform/processes.ts';
import type { Intent } from './memory.ts';
import { unmarks } from './gateway-node.ts';
import { forgetBrokerIfGone, forgetEntries } from './broker-entries.ts';
import { accessTo, handsOf, runSubctl, type Parts } from './parts.ts';
import { MINUTE_MS } from './plan-broker.ts';
import { BROKER_NAMESPACE, OPERATOR_NAMESPACE } from './preflight-facts.ts';
import type { SubmarinerHands } from './ports.ts';
import { uninstallArgs } from './subctl-args.ts';

/** subctl waits 150 s for the operator, then takes its finalizer away and waits as long again. */
export const UNINSTALL_MS = 6 * MINUTE_MS;
/** How long a leftover tool gets to end politely. */
const GRACE_MS = 3000;

/** Nothing of the verb is left in the cluster. False: not all of it could be undone now. */
export async function undoIntent(parts: Parts, intent: Intent): Promise<boolean> {
  switch (intent.verb) {
    case 'broker':
      return undoBroker(parts, intent);
    case 'join':
      return undoJoin(parts, intent);
    case 'leave':
      // There is no way back from the middle of it: it is finished instead.
      return true;
  }
}

async function undoBroker(parts: Parts, { before, clusterId }: Intent): Promise<boolean> {
  // A broker that stood before is as it was: deploying it again changes nothing.
  if (before.brokerNamespace) return true;
  const hands = await handsOf(parts);
  if (hands === null) return false;
  await parts.memory.forgetBroker();
  if (!(await uninstall(parts, hands, clusterId, 'remove'))) return false;
  const removed = await hands.removeNamespace(BROKER_NAMESPACE);
  if (removed !== 'done' && removed !== 'absent') return false;
  await parts.memory.keep({ broker: null });
  return true;
}

async function undoJoin(parts: Parts, { before, clusterId, step }: Intent): Promise<boolean> {
  // It had joined: the tunnel goes on trying by itself, and how it is shows.
  if (step === 'proveTunnel') return true;
  const { memory, ports } = parts;
  const hands = await handsOf(parts);
  if (hands === null) return false;
  if (!(await uninstall(parts, hands, clusterId, 'keep'))) return false;
  if (before.gatewayNode !== null) {
    const marked = await hands.mark(unmarks(before.gatewayNode, before.hadLabel));
    if (marked !== 'done' && marked !== 'absent') return false;
  }
  if (ports.role() === 'edge') await memory.forgetBroker();
  await memory.keep({ joined: null });
  await forgetEntries(parts, hands, clusterId);
  await forgetBrokerIfGone(parts, hands);
  return true;
}

/**
 * Submariner goes from the cluster, where any of it stands. What counts is that it is seen to be gone.
 *
 * @param operator `keep`: beside a broker the operator is the broker's, and stays; `remove`: it goes as well
 */
async function uninstall(
  parts: Parts,
  hands: SubmarinerHands,
  clusterId: string,
  operator: 'keep' | 'remove',
): Promise<boolean> {
  const there = await standsIn(hands, operator);
  if (there === null) return false;
  if (!there) return true;
  const probed = await parts.subctl.probe('uninstall');
  const access = await accessTo(parts, { name: clusterId, server: null });
  if (!probed.ok || !access.ok) return false;
  const of = { kubeconfigFile: parts.memory.kubeconfigFile, context: access.value.context };
  await runSubctl(
    parts,
    probed.value,
    { args: uninstallArgs(of), limitMs: UNINSTALL_MS, clusterId, broker: '-' },
    {
      signal: AbortSignal.timeout(UNINSTALL_MS),
      child: (pid) => parts.noteChild(pid),
      detail: () => undefined,
    },
  );
  return (await standsIn(hands, operator)) === false;
}

/** Its own object, or the operator that every verb begins with. Null: no answer. */
async function standsIn(hands: SubmarinerHands, operator: 'keep' | 'remove'): Promise<boolean | null> {
  const [joined, hasOperator, hasBroker] = await Promise.all([
    isJoined(hands),
    hands.hasNamespace(OPERATOR_NAMESPACE),
    hands.hasNamespace(BROKER_NAMESPACE),
  ]);
  if (joined === null || hasOperator === null || hasBroker === null) return null;
  return joined || (hasOperator && (operator === 'remove' || !hasBroker));
}

/** The object by which a cluster is joined stands in it. */
export async function isJoined(hands: SubmarinerHands): Promise<boolean | null> {
  const listed = await hands.list('submariners', OPERATOR_NAMESPACE);
  return listed.kind === 'noAnswer' ? null : listed.kind === 'items' && listed.items.length > 0;
}

/** Tools that an engine left behind when it was killed. */
export async function endChildren(
  { ports }: { readonly ports: Pick<Parts['ports'], 'scheduler'> },
  children: readonly ProcessRef[],
): Promise<void> {
  for (const child of children)
    for (const name of ['SIGTERM', 'SIGKILL'] as const) {
      if (!(await signalGroup(child, name))) break;
      for (let waited = 0; waited < GRACE_MS && (await isAlive(child)); waited += 100)
        await pause(ports.scheduler, 100);
    }
}
