import { describe, expect, test } from 'vitest';
import { createParts, imageNamed, partBegun } from './kind-output.ts';

describe('steps of kind create', () => {
  test('only the begin line of a step counts, with or without its emoji', () => {
    expect(partBegun(' • Ensuring node image (kindest/node:v1.36.4) 🖼  ...')).toBe('ensureImage');
    expect(partBegun(' • Preparing nodes 📦   ...')).toBe('prepareNodes');
    expect(partBegun(' • Starting control-plane 🕹️  ...')).toBe('startControlPlane');
    expect(partBegun(' ✓ Preparing nodes 📦 ')).toBeNull();
    expect(partBegun('cgroup v1 is deprecated in Kubernetes and will not be supported')).toBeNull();
    expect(partBegun(' • Something that a later kind does  ...')).toBeNull();
  });

  test('workers join only where there are any', () => {
    expect(createParts(1)).not.toContain('joinWorkers');
    expect(createParts(3)).toContain('joinWorkers');
  });
});

test('the image that is being fetched is told by the first step alone', () => {
  expect(imageNamed(' • Ensuring node image (kindest/node:v1.36.4) 🖼  ...')).toBe('kindest/node:v1.36.4');
  expect(imageNamed(' ✓ Ensuring node image (kindest/node:v1.36.4) 🖼')).toBeNull();
});
