import { expect, test } from 'vitest';
import { partReached, startParts } from './minikube-steps.ts';

/** The parts that a start shows, step by step. */
function walked(parts: readonly string[], names: readonly string[]): (string | null)[] {
  let at: string | null = null;
  return names.map((name) => (at = partReached(parts, at, name)));
}

test('a create of one node walks through its parts in order, whatever minikube passes over', () => {
  const parts = startParts('create', 1);
  const names = [
    'Initial Minikube Setup',
    'Selecting Driver',
    'Downloading Artifacts',
    'Starting Node',
    'Pulling Base Image',
    'Creating Container',
    'Preparing Kubernetes',
    'Generating certificates',
    'Booting control plane',
    'Configuring RBAC rules',
    'Configuring CNI',
    'Verifying Kubernetes',
    'Enabling Addons',
    'Done',
  ];
  expect(walked(parts, names)).toEqual([...parts, 'mkAddons']);
  expect(walked(parts, ['Selecting Driver', 'Creating VM', 'Done'])).toEqual([
    'mkDriver',
    'mkMachine',
    'mkMachine',
  ]);
});

test('the steps of a second node are the workers that join, and nothing goes back', () => {
  const parts = startParts('create', 3);
  const again = ['Starting Node', 'Pulling Base Image', 'Creating Container', 'Verifying Kubernetes', 'Done'];
  expect(walked(parts, ['Starting Node', 'Enabling Addons', ...again])).toEqual([
    'mkNode',
    'mkAddons',
    ...again.map(() => 'joinWorkers'),
  ]);
});

test('a detour and a word of a newer version change nothing', () => {
  const parts = startParts('start', 1);
  expect(walked(parts, ['Starting Node', 'Updating Driver', 'Deleting', 'Warming Caches'])).toEqual([
    'mkNode',
    'mkNode',
    'mkNode',
    'mkNode',
  ]);
  // Of a create only: a start that makes its container anew still goes on.
  expect(walked(parts, ['Creating Container', 'Preparing Kubernetes'])).toEqual([null, 'mkPrepare']);
  // One node of one: the same name again is the same node.
  expect(walked(parts, ['Preparing Kubernetes', 'Starting Node'])).toEqual(['mkPrepare', 'mkPrepare']);
});
