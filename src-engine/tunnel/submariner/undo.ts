import { pause } from '../../platform/clock.ts';
import { isAlive, signalGroup, type ProcessRef } from '../../platform/processes.ts';
import type { Intent } from './memory.ts';
import { unmarks } from './gateway-node.ts';
import { forgetBrokerIfGone, forgetEntries } from './broker-entries.ts';
import { accessTo, handsOf, runSubctl, until, type Parts } from './parts.ts';
import { MINUTE_MS } from './plan-broker.ts';
import { BROKER_NAMESPACE, OPERATOR_NAMESPACE } from './preflight-facts.ts';
import type { SubmarinerHands } from './ports.ts';
import { isJoined } from './standing.ts';
import { uninstallArgs } from './subctl-args.ts';

/** subctl waits 150 s for the operator, then takes its finalizer away and waits as long again. */
export const UNINSTALL_MS = 6 * MINUTE_MS;
/** What the operator gets to take its own things out: as long as subctl gives it. */
const OPERATOR_GONE_MS = 150_000;
/** The one object by which a cluster is joined is always named so (research/cluster-tools.md, 1.3). */
const SUBMARINER = 'submariner';
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

/** Null also when another cluster is meant by now: in that one nothing is this verb's. */
async function handsFor(parts: Parts, { cluster }: Intent): Promise<SubmarinerHands | null> {
  return parts.ports.cluster()?.name === cluster ? handsOf(parts) : null;
}

async function undoBroker(parts: Parts, intent: Intent): Promise<boolean> {
  const { before, clusterId } = intent;
  // A broker that stood before is as it was: deploying it again changes nothing.
  if (before.brokerNamespace) return true;
  await parts.memory.forgetBroker();
  const hands = await handsFor(parts, intent);
  const joined = hands === null ? null : await isJoined(hands);
  if (hands === null || joined === null) return false;
  // A broker makes no Submariner object: one that stands is a person's, and so is the operator that serves it.
  const isOperatorOurs = !before.operatorNamespace && !before.submariner && !joined;
  if (isOperatorOurs && !(await uninstall(parts, hands, clusterId))) return false;
  const removed = await hands.removeNamespace(BROKER_NAMESPACE);
  if (removed !== 'done' && removed !== 'absent') return false;
  await parts.memory.keep({ broker: null });
  return true;
}

async function undoJoin(parts: Parts, intent: Intent): Promise<boolean> {
  const { memory, ports } = parts;
  const { before, clusterId } = intent;
  // The core's secret: it goes whether this cluster answers or not.
  if (ports.role() === 'edge') await memory.forgetBroker();
  // It had joined: the tunnel goes on trying by itself, and how it is shows.
  if (intent.step === 'proveTunnel') return true;
  const hands = await handsFor(parts, intent);
  const joined = hands === null ? null : await isJoined(hands);
  if (hands === null || joined === null) return false;
  const registers = noteRegisters(parts, intent, joined);
  if (!(await takeOut(parts, hands, intent, joined))) return false;
  if (before.gatewayNode !== null) {
    const marked = await hands.mark(unmarks(before.gatewayNode, before.hadLabel, before.publicIp));
    if (marked !== 'done' && marked !== 'absent') return false;
  }
  await memory.keep({ joined: null });
  if (registers) await forgetEntries(parts, hands, clusterId);
  await forgetBrokerIfGone(parts, hands);
  return true;
}

/**
 * Only by a Submariner object does the broker come to know an ID, and subctl makes it after it saw that the ID is free
 * (research/cluster-tools.md, 1.1). Where none of this join stood, whoever is known by the ID is somebody else. On disk,
 * since the object goes first.
 */
function noteRegisters({ memory }: Parts, { before, registers }: Intent, joined: boolean): boolean {
  const isOurs = registers || (joined && !before.submariner);
  const intent = memory.intent();
  if (isOurs && intent !== null) memory.intend({ ...intent, registers: true });
  return isOurs;
}

/** What this join put into the cluster goes, and nothing that stood there before. What counts is that it is seen to be gone. */
async function takeOut(
  parts: Parts,
  hands: SubmarinerHands,
  { before, clusterId }: Intent,
  joined: boolean,
): Promise<boolean> {
  if (before.submariner) return true;
  // subctl would take the operator along, and a broker that nobody else uses.
  if (before.operatorNamespace || before.brokerNamespace) return !joined || removeSubmariner(parts, hands);
  return uninstall(parts, hands, clusterId);
}

/** The operator takes out what belongs to its object, service discovery too, before it lets it go. */
async function removeSubmariner(parts: Parts, hands: SubmarinerHands): Promise<boolean> {
  const removed = await hands.remove('submariners', OPERATOR_NAMESPACE, SUBMARINER);
  if (removed !== 'done' && removed !== 'absent') return false;
  const gone = await until(parts, { limitMs: OPERATOR_GONE_MS }, async () =>
    (await isJoined(hands)) === false ? true : null,
  );
  return gone !== null;
}

/** Submariner and its operator go, where any of them stands. What counts is that they are seen to be gone. */
async function uninstall(parts: Parts, hands: SubmarinerHands, clusterId: string): Promise<boolean> {
  const there = await standsIn(hands);
  if (there === null) return false;
  if (!there) return true;
  const probed = await parts.subctl.probe('uninstall');
  if (!probed.ok) return false;
  const access = await accessTo(parts, { name: clusterId, server: null });
  if (!access.ok) return false;
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
  return (await standsIn(hands)) === false;
}

/** Its own object, or the operator that every verb begins with. Null: no answer. */
async function standsIn(hands: SubmarinerHands): Promise<boolean | null> {
  const [joined, hasOperator] = await Promise.all([isJoined(hands), hands.hasNamespace(OPERATOR_NAMESPACE)]);
  return joined === null || hasOperator === null ? null : joined || hasOperator;
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
