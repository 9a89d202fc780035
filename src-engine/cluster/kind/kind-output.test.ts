import { describe, expect, test } from 'vitest';
import { createParts, kindFailure, partBegun } from './kind-output.ts';

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

describe('what went wrong, by name', () => {
  test.each([
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'dockerDown',
      {},
    ],
    [
      'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "lab"',
      'clusterExists',
      { name: 'lab' },
    ],
    ['Bind for 127.0.0.1:28080 failed: port is already allocated.', 'portTaken', { port: '28080' }],
    ['listen tcp4 127.0.0.1:28099: bind: address already in use', 'portTaken', { port: '28099' }],
    [
      'failed to pull image "example/none:1": command "docker pull example/none:1" failed',
      'imageMissing',
      { image: 'example/none:1' },
    ],
    [
      'I0101 12:00:00 init\nerror: error execution phase preflight: [preflight] fatal',
      'kubeadmFailed',
      { detail: 'error execution phase preflight: [preflight] fatal' },
    ],
    ['write /var/x: no space left on device', 'diskFull', { path: 'the disk of the container runtime' }],
    ['exec: "docker": executable file not found in $PATH', 'toolMissing', { tool: 'docker' }],
    [
      'something\nERROR: field nodez not found\n',
      'toolFailed',
      { tool: 'kind', detail: 'field nodez not found' },
    ],
    ['', 'toolFailed', { tool: 'kind', detail: 'it said nothing' }],
  ])('%s', (stderr, code, params) => {
    expect(kindFailure('lab', '', stderr)).toEqual({ ok: false, error: { code, params } });
  });
});
