import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClusterHands } from '../../src-engine/kube/cluster-hands.ts';
import { emptyCluster, openNodes, type ClusterHands } from '../../src-engine/kube/empty-cluster.ts';
import { systemClock as clock, systemScheduler as scheduler } from '../../src-engine/platform/clock.ts';
import { openPlane, type Plane } from './rig/plane.ts';
import { deploymentOf, namespaceOf, onNodes, settled } from './rig/workloads.ts';

// Whose cordon stands on a node: ours is opened again, anybody else's is not.

interface NodeItem {
  readonly metadata: { readonly name: string; readonly labels: object; readonly annotations: object };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string }[] };
}

let edge: Plane;
let hands: ClusterHands;
beforeAll(async () => {
  edge = await openPlane('edge');
  const opened = await openClusterHands(edge.kubeconfig, { clock, scheduler });
  if (typeof opened === 'string') throw new Error(opened);
  hands = opened;
  await edge.apply(namespaceOf('shop'), deploymentOf('shop', 'web', 20));
  await settled(edge, 'shop');
});
afterAll(() => edge?.dispose());

const empty = () => emptyCluster(hands, { clock, scheduler, evictMs: 20_000, deleteMs: null });
const nodes = async () => ((await edge.get('nodes')) as { items: NodeItem[] }).items;
const closed = async () =>
  (await nodes()).filter(({ spec }) => spec.unschedulable === true).map(({ metadata }) => metadata.name);

test('a node that somebody has closed keeps its pods, and stays closed', async () => {
  await edge.kubectl('cordon', 'edge-2');
  const before = (await edge.get('pods', '-n', 'shop', '--field-selector', 'spec.nodeName=edge-2')) as {
    items: unknown[];
  };
  expect(await empty()).toMatchObject({ cordoned: ['edge-1'], left: [] });
  expect(await closed()).toEqual(['edge-1', 'edge-2']);
  expect(await onNodes(edge, 'shop')).toEqual({ web: before.items.length });
  expect(await openNodes(hands)).toBe(true);
  expect(await closed()).toEqual(['edge-2']);
  await edge.kubectl('uncordon', 'edge-2');
  await settled(edge, 'shop');
});

test('a cordon of ours that a person renews is theirs from then on', async () => {
  await empty();
  expect(await closed()).toEqual(['edge-1', 'edge-2']);
  await edge.kubectl('uncordon', 'edge-1');
  await edge.kubectl('cordon', 'edge-1');
  expect(await openNodes(hands)).toBe(true);
  expect(await closed()).toEqual(['edge-1']);
  await edge.kubectl('uncordon', 'edge-1');
  await settled(edge, 'shop');
});

test('nothing of a node is changed but its cordon, which the API keeps under our name', async () => {
  // The taint is the cluster's own answer to a cordon.
  const changing = { resourceVersion: '', unschedulable: false, taints: [] };
  const facts = ({ metadata, spec }: NodeItem) => ({ ...metadata, ...spec, ...changing });
  const before = (await nodes()).map(facts);
  await empty();
  expect((await nodes()).map(facts)).toEqual(before);
  expect(await closed()).toEqual(['edge-1', 'edge-2']);
  const shown = (await edge.get('node', 'edge-1', '--show-managed-fields')) as {
    metadata: { managedFields: { manager: string; fieldsV1: unknown }[] };
  };
  const ours = shown.metadata.managedFields.filter(({ manager }) => manager === 'tandem');
  expect(ours.map(({ fieldsV1 }) => fieldsV1)).toEqual([{ 'f:spec': { 'f:unschedulable': {} } }]);
  // A crash in between loses nothing: another engine reads it from the API.
  const another = await openClusterHands(edge.kubeconfig, { clock, scheduler });
  expect(typeof another !== 'string' && (await openNodes(another))).toBe(true);
  expect(await closed()).toEqual([]);
});
