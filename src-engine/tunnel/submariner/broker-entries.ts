import { clustersOf, endpointsOf } from './crds.ts';
import { isOwnId } from './own-cluster.ts';
import { handsOf, until, type Parts } from './parts.ts';
import type { SubmarinerHands } from './ports.ts';
import { BROKER_NAMESPACE } from './preflight-facts.ts';

/**
 * The broker forgets a cluster that has left: until then its ID is refused to the next one that asks for it
 * (research/cluster-tools.md, 1.1). On the edge the core is told, and told again until it answers.
 */
export async function forgetEntries(
  parts: Parts,
  hands: SubmarinerHands | null,
  clusterId: string,
): Promise<void> {
  const { ports, memory, talk } = parts;
  if (ports.role() === 'edge') {
    const leftIds = [...new Set([...memory.kept().leftIds, clusterId])].slice(-16);
    await memory.keep({ leftIds });
    talk.sayLeft(clusterId);
    return;
  }
  const { broker } = memory.kept();
  if (broker === null || hands === null) return;
  if (!(await removeEntries(hands, clusterId)))
    await memory.keep({ leftIds: [...new Set([...memory.kept().leftIds, clusterId])].slice(-16) });
}

/** On the edge, before it joins again: the core answers within this, or it is away, and pre-flight says so. */
const FORGET_MS = 5000;

/** What an undo has just told the core is taken up before the next join asks whether its ID is free. */
export async function awaitForgotten(parts: Parts): Promise<void> {
  const { ports, memory, talk } = parts;
  const left = (): readonly string[] => memory.kept().leftIds;
  if (ports.role() !== 'edge' || left().length === 0) return;
  for (const clusterId of left()) talk.sayLeft(clusterId);
  await until(parts, { limitMs: FORGET_MS }, async () => (left().length === 0 ? true : null));
}

/** subctl takes the broker along with the last cluster that used it: its file opens nothing any more. */
export async function forgetBrokerIfGone({ memory }: Parts, hands: SubmarinerHands): Promise<void> {
  const { broker } = memory.kept();
  if (broker === null || (await hands.hasNamespace(BROKER_NAMESPACE)) !== false) return;
  await memory.keep({ broker: null });
  await memory.forgetBroker();
}

/** On the core: entries that could not be removed when their cluster left. */
export async function tidyEntries(parts: Parts): Promise<void> {
  const { ports, memory } = parts;
  const [clusterId] = memory.kept().leftIds;
  if (clusterId === undefined || ports.role() === 'edge' || parts.progress !== null) return;
  const hands = await handsOf(parts);
  if (hands !== null && (await removeEntries(hands, clusterId)))
    await memory.keep({ leftIds: memory.kept().leftIds.filter((id) => id !== clusterId) });
}

/**
 * On the core: the other Mac has left under this ID. Its own is not the other's to give up: nothing goes then, and nothing
 * of the other's is left under it.
 *
 * @returns false: the entries could not be removed, and the other says it again
 */
export async function forgetLeft(parts: Parts, clusterId: string): Promise<boolean> {
  if (isOwnId(parts, clusterId)) {
    parts.ports.log.warn({ clusterId }, 'the other Mac gave up the ID of this one: its entries stay');
    return true;
  }
  const hands = await handsOf(parts);
  return hands !== null && removeEntries(hands, clusterId);
}

/** On the core. False: the API did not answer, or refused. */
export async function removeEntries(hands: SubmarinerHands, clusterId: string): Promise<boolean> {
  const [clusters, endpoints] = await Promise.all([
    hands.list('clusters', BROKER_NAMESPACE),
    hands.list('endpoints', BROKER_NAMESPACE),
  ]);
  if (clusters.kind === 'noAnswer' || endpoints.kind === 'noAnswer') return false;
  const ofIt = (each: { readonly clusterId: string }): boolean => each.clusterId === clusterId;
  const names = [
    ...(endpoints.kind === 'items' ? endpointsOf(endpoints.items) : [])
      .filter(ofIt)
      .map(({ name }) => ['endpoints', name] as const),
    ...(clusters.kind === 'items' ? clustersOf(clusters.items) : [])
      .filter(ofIt)
      .map(({ name }) => ['clusters', name] as const),
  ];
  const removed = await Promise.all(names.map(([kind, name]) => hands.remove(kind, BROKER_NAMESPACE, name)));
  return removed.every((one) => one === 'done' || one === 'absent');
}
