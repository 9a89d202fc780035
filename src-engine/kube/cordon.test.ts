import { expect, test } from 'vitest';
import { cordonOf, type NodeFacts } from './cordon.ts';

// As an API server 1.36 writes them.
const kubelet = {
  manager: 'kubelet',
  fieldsV1: { 'f:metadata': { 'f:labels': {} }, 'f:spec': { 'f:podCIDR': {} } },
};
const by = (manager: string) => ({ manager, fieldsV1: { 'f:spec': { 'f:unschedulable': {} } } });
const node = (
  unschedulable: boolean | undefined,
  ...managedFields: { manager: string; fieldsV1: unknown }[]
) => ({ metadata: { name: 'n', managedFields }, spec: { unschedulable } }) satisfies NodeFacts;

test('a node without a cordon is open, whoever owned one before', () => {
  expect(cordonOf(node(undefined, kubelet))).toBe('open');
  expect(cordonOf(node(false, by('tandem')))).toBe('open');
});

test('a cordon is his who has written it', () => {
  expect(cordonOf(node(true, kubelet, by('tandem')))).toBe('ours');
  expect(cordonOf(node(true, kubelet, by('kubectl-cordon')))).toBe('theirs');
});

test('a cordon that somebody shares with us, or that nobody owns, is not ours to take away', () => {
  expect(cordonOf(node(true, by('tandem'), by('argocd')))).toBe('theirs');
  expect(cordonOf(node(true, kubelet))).toBe('theirs');
  expect(cordonOf({ spec: { unschedulable: true } })).toBe('theirs');
});
