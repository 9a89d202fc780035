import { expect, test } from 'vitest';
import { gatewayMarks, gatewayNodes, marksBefore, unmarks, type NodeFacts } from './gateway-node.ts';

const node = (name: string, more: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  isControlPlane: false,
  labels: {},
  annotations: {},
  ...more,
});
const labels = { 'submariner.io/gateway': 'true' };
const plane = node('lab-control-plane', { isControlPlane: true });

test.each<[string, NodeFacts[], string]>([
  ['the labelled one', [plane, node('lab-worker'), node('lab-worker2', { labels })], 'lab-worker2'],
  ['a worker before the control plane', [plane, node('lab-worker')], 'lab-worker'],
  ['the only one', [plane], 'lab-control-plane'],
  [
    'one whose label says no counts as none',
    [node('a', { labels: { 'submariner.io/gateway': 'false' } })],
    'a',
  ],
])('the gateway is %s', (_what, nodes, name) => {
  expect(gatewayMarks(nodes, '192.168.1.10')).toEqual({
    ok: true,
    value: { node: name, labels, annotations: { 'gateway.submariner.io/public-ip': 'ipv4:192.168.1.10' } },
  });
});

test('two labels are refused by name, before subctl asks which', () => {
  const nodes = [node('a', { labels }), node('b', { labels })];
  expect(gatewayNodes(nodes)).toEqual(['a', 'b']);
  expect(gatewayMarks(nodes, '192.168.1.10')).toEqual({
    ok: false,
    error: { code: 'gatewayLabels', params: { nodes: 'a, b' } },
  });
  expect(gatewayMarks([], '192.168.1.10').ok).toBe(false);
});

test('afterwards the label of a person is there again, and ours is not', () => {
  expect(unmarks('a', true).labels).toEqual(labels);
  expect(unmarks('a', false).labels).toEqual({ 'submariner.io/gateway': null });
  expect(unmarks('a', true).annotations).toEqual({ 'gateway.submariner.io/public-ip': null });
});

const annotations = { 'gateway.submariner.io/public-ip': 'dns:core.example' };

test('an annotation of a person’s is noted and put back', () => {
  const stood = marksBefore(node('a', { annotations }), null);
  expect(stood).toEqual({ hadLabel: false, publicIp: 'dns:core.example' });
  expect(unmarks('a', stood.hadLabel, stood.publicIp).annotations).toEqual(annotations);
  expect(marksBefore(node('a', { labels }), null)).toEqual({ hadLabel: true, publicIp: null });
  expect(marksBefore(undefined, null)).toEqual({ hadLabel: false, publicIp: null });
});

test('what a join of ours left on the node is not taken for a person’s', () => {
  const ours = node('a', {
    labels,
    annotations: { 'gateway.submariner.io/public-ip': 'ipv4:192.168.1.10' },
  });
  const found = { hadLabel: false, publicIp: 'dns:core.example' };
  expect(marksBefore(ours, found)).toEqual(found);
  expect(marksBefore(ours, { hadLabel: true, publicIp: null })).toEqual({ hadLabel: true, publicIp: null });
  // Made anew since: nothing of it stands there.
  expect(marksBefore(node('a'), found)).toEqual({ hadLabel: false, publicIp: null });
});
