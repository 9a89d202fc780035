import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { errorSentences, translator } from '../../../src-shared/language/translate.ts';
import { refusal } from '../docker/docker-refusal.ts';
import { kindFailure, kindResult, pullFailure, type KindAsked, type KindSaid } from './kind-failure.ts';

const folder = fileURLToPath(new URL('../../../test/recordings/kind/', import.meta.url));
const read = (file: string): string => (existsSync(folder + file) ? readFileSync(folder + file, 'utf8') : '');

/** A run as it was recorded; a signal where its meta file says one. */
function recorded(name: string): KindSaid {
  const exit = /^exit: (.*)$/m.exec(read(`${name}.meta.txt`))?.[1] ?? '';
  const stderr = read(`${name}.stderr.txt`);
  return exit.startsWith('signal/')
    ? { exitCode: null, failure: 'killed', signal: 'SIGINT', stderr }
    : { exitCode: Number(exit), failure: null, stderr };
}

const asked = (name: string): KindAsked => ({ name, image: 'example/node:1', log: '/home/logs/kind.log' });

/** NAME of the recording, name of the cluster, code, and the values of its sentence. */
const failures: readonly (readonly [string, string, string, Record<string, unknown>])[] = [
  [
    'bad-config-field',
    'edge',
    'configInvalid',
    { detail: 'line 3: field nodez not found in type v1alpha4.Cluster' },
  ],
  [
    'bad-config-subnet',
    'edge',
    'configInvalid',
    { detail: expect.stringContaining('10.10.0.0/33') as string },
  ],
  ['bad-flag', 'x', 'toolOld', { tool: 'kind', detail: 'unknown flag: --nmae' }],
  ['bad-name', 'Bad_Name!', 'clusterNameInvalid', { name: 'Bad_Name!' }],
  ['cli20-docker-down-create', 'core', 'dockerDown', {}],
  ['cli20-name-exists', 'edge', 'clusterExists', { name: 'edge' }],
  ['create-killed-SIGINT', 'edge', 'toolKilled', { tool: 'kind', signal: 'SIGINT' }],
  ['create-killed-SIGTERM', 'edge', 'toolKilled', { tool: 'kind', signal: 'SIGTERM' }],
  ['create-over-leftovers', 'edge', 'clusterExists', { name: 'edge' }],
  ['docker-down-create', 'core', 'dockerDown', {}],
  ['docker-down-delete', 'core', 'dockerDown', {}],
  ['docker-down-get-kubeconfig', 'core', 'dockerDown', {}],
  ['docker-missing-create', 'core', 'toolMissing', { tool: 'docker' }],
  ['docker-missing-get-clusters', 'core', 'toolMissing', { tool: 'docker' }],
  ['get-kubeconfig-missing', 'nope', 'clusterAbsent', { name: 'nope' }],
  [
    'image-missing',
    'edge',
    'pullFailed',
    { image: 'tandem/none:dev', detail: expect.stringContaining('no such host') as string },
  ],
  [
    'kubeadm-init-fails',
    'edge',
    'kubeadmFailed',
    {
      node: 'edge-control-plane',
      detail: expect.stringMatching(/^error execution phase wait-control-plane: /) as string,
      log: '/home/logs/kind.log',
    },
  ],
  [
    'kubeadm-join-fails',
    'core',
    'kubeadmJoinFailed',
    {
      node: 'core-worker',
      detail: expect.stringMatching(/^error execution phase kubelet-start: couldn't validate/) as string,
      log: '/home/logs/kind.log',
    },
  ],
  ['load-image-no-cluster', 'nope', 'clusterAbsent', { name: 'nope' }],
  ['load-image-not-local', 'core', 'imageMissing', { image: 'localhost/nope:v1' }],
  ['name-exists', 'core', 'clusterExists', { name: 'core' }],
  ['node-image-without-init', 'core', 'nodeNotBooted', { node: 'core-control-plane' }],
  ['port-taken-by-container', 'edge', 'portTaken', { port: '28080', why: 'container' }],
  ['port-taken-by-process', 'edge', 'portTaken', { port: '28099' }],
  ['start-missing', 'edge', 'nodeGone', { node: 'edge-worker9' }],
  ['start-of-removed', 'edge', 'nodeGone', { node: 'edge-worker' }],
  ['start-port-taken', 'edge', 'portTaken', { port: '28081' }],
  ['stop-missing', 'edge', 'nodeGone', { node: 'edge-worker9' }],
  ['stopped-export-kubeconfig', 'edge', 'clusterNotRunning', { name: 'edge', state: 'stopped' }],
  ['stopped-get-kubeconfig', 'edge', 'clusterNotRunning', { name: 'edge', state: 'stopped' }],
  ['stopped-load', 'edge', 'clusterNotRunning', { name: 'edge', state: 'stopped' }],
];

describe('recorded failures, by name', () => {
  test.each(failures)('%s', (recording, name, code, params) => {
    const result = kindResult(asked(name), recorded(recording));
    expect(result).toMatchObject({ ok: false, error: { code, params } });
    if (result.ok) return;
    // Every value that the sentences name is there, in both languages; a cause is one line.
    for (const language of ['en', 'ko'] as const) {
      const { message, hint } = errorSentences(result.error, translator(language));
      expect(`${message} ${hint}`).not.toMatch(/\{\{|\n/);
    }
  });

  test('every recording is read here: those that ended well are successes', () => {
    const named = new Set(failures.map(([recording]) => recording));
    const others = readdirSync(folder)
      .flatMap((file) => (file.endsWith('.meta.txt') ? [file.replace('.meta.txt', '')] : []))
      .filter((recording) => !named.has(recording));
    expect(others).toContain('create-wait-timeout');
    for (const recording of others)
      expect(kindResult(asked('any'), recorded(recording)), recording).toEqual({
        ok: true,
        value: undefined,
      });
  });
});

describe('what no recording has, in the words of the tools', () => {
  test.each([
    ['write /var/x: no space left on device', 'runtimeDiskFull', {}],
    [
      'listen tcp 10.9.8.7:6443: bind: cannot assign requested address',
      'addressNotHere',
      { address: '10.9.8.7' },
    ],
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'dockerDenied',
      {},
    ],
    ['all predefined address pools have been fully subnetted', 'networkPoolFull', {}],
    ['Error response from daemon: Pool overlaps with other one on this address space', 'networkOverlaps', {}],
    ['ERROR: failed to create cluster: must have at least one control-plane node', 'configInvalid', {}],
    [
      'ERROR: failed to create cluster: command "docker run x" failed with error: exit status 125\n\nCommand Output: docker: Error response from daemon: something new.\nhelp',
      'toolFailed',
      { tool: 'kind', detail: 'something new.', why: 'logged', log: '/home/logs/kind.log' },
    ],
    ['', 'toolFailed', { detail: 'it said nothing' }],
  ])('%s', (stderr, code, params) => {
    expect(kindFailure(asked('lab'), stderr)).toMatchObject({ code, params });
  });

  test('a pull: not there, or not to be reached', () => {
    const missing = 'Error response from daemon: manifest for example/node:2 not found: manifest unknown';
    expect(pullFailure('example/node:2', missing)).toEqual({
      code: 'imageMissing',
      params: { image: 'example/node:2' },
    });
    const limited = 'Error response from daemon: toomanyrequests: You have reached your pull rate limit.';
    expect(pullFailure('example/node:2', limited)).toEqual({
      code: 'pullFailed',
      params: {
        image: 'example/node:2',
        detail: 'toomanyrequests: You have reached your pull rate limit.',
      },
    });
  });

  test('without a log of its own, an unknown failure names none; other words of Docker stay unnamed', () => {
    expect(kindFailure({ ...asked('lab'), log: null }, 'ERROR: what?')).toEqual({
      code: 'toolFailed',
      params: { tool: 'kind', detail: 'what?' },
    });
    expect(refusal('something that nobody has read before')).toBeNull();
  });
});
