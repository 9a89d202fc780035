import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { eventually } from '../engine/tandem.ts';
import {
  containers,
  errorOf,
  holdPort,
  letGo,
  MINUTE_MS,
  openKindLab,
  settled,
  type KindLab,
} from './kind-lab.ts';
import { docker, run, tools } from './tools.ts';

// What is refused, and that nothing is begun then; what was made elsewhere; two clusters at once.
const NAME = `refused-${process.pid}`;
const OTHER = `other-${process.pid}`;

let lab: KindLab;
beforeAll(async () => {
  lab = await openKindLab(NAME, OTHER);
});
afterAll(() => lab.close());

/** Exit 1 with that code, sooner than kind could have begun anything. */
async function refuses(words: string[], code: string) {
  const ran = await lab.rig.tandem(...words, '--json');
  expect(ran.code).toBe(1);
  const error = errorOf(ran);
  expect(error.code).toBe(code);
  return error;
}

describe('before a create', () => {
  test('a port that a process has: its number, and no container was made', async () => {
    const holder = await holdPort(lab.hostPort);
    const error = await refuses(lab.create(NAME), 'portTaken');
    expect(error.message).toContain(String(lab.hostPort));
    await letGo(holder);
    expect(await containers(NAME)).toEqual([]);
    expect((await lab.rig.status()).clusters).toEqual([]);
    expect(existsSync(join(lab.rig.home, 'logs', `kind-${NAME}.log`))).toBe(false);
  });

  test('a port that a container has: which one it is', async () => {
    const holder = `holder-${process.pid}`;
    const publish = `127.0.0.1:${lab.hostPort}:80`;
    // Any container does; it need not even have anything that listens.
    await docker(
      'run',
      '-d',
      '--name',
      holder,
      '-p',
      publish,
      '--entrypoint',
      'sleep',
      tools.nodeImage,
      '600',
    );
    try {
      expect((await refuses(lab.create(NAME), 'portTaken')).message).toContain(holder);
    } finally {
      await docker('rm', '-f', '-v', holder);
    }
  });

  test('a configuration that kind would refuse late, or that does not survive a restart', async () => {
    const file = join(lab.rig.home, 'kind.yaml');
    const head = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n';
    const given = (text: string): string[] => {
      writeFileSync(file, head + text);
      return lab.create(NAME, '--config', file);
    };
    await refuses(given('nodes: [{role: control-plane}, {role: control-plane}]\n'), 'configNodes');
    await refuses(given('nodes: {{{\n'), 'configUnreadable');
    // Only kind itself knows every field: its own line is the cause.
    const error = await refuses(given('nodez: []\n'), 'configInvalid');
    expect(error.message).toContain('nodez');
    expect(await containers(NAME)).toEqual([]);
  });
});

test(
  'a file of the person decides about nodes and ports, and the image is that of the command line',
  async () => {
    const file = join(lab.rig.home, 'two.yaml');
    writeFileSync(
      file,
      [
        'kind: Cluster',
        'apiVersion: kind.x-k8s.io/v1alpha4',
        'networking: {podSubnet: 10.77.0.0/16, serviceSubnet: 10.177.0.0/16}',
        'nodes:',
        '- role: control-plane',
        `  extraPortMappings: [{containerPort: 30080, hostPort: ${lab.hostPort}, listenAddress: 127.0.0.1}]`,
        '- role: worker',
        '',
      ].join('\n'),
    );
    expect(await lab.rig.json<Cluster>(...lab.create(NAME, '--config', file))).toMatchObject({
      state: 'running',
      nodes: [{ ready: true }, { ready: true }],
    });
    const subnet = await lab.kubectl(NAME, 'get', 'nodes', '-o', 'jsonpath={.items[*].spec.podCIDR}');
    expect(subnet).toMatch(/^10\.77\.\d+\.0\/24 10\.77\.\d+\.0\/24$/);
    await lab.hello(NAME);
    await eventually('hello by name', lab.answersByName, MINUTE_MS);
  },
  8 * MINUTE_MS,
);

test(
  'its port taken before a start: refused with the number, and it stays stopped; free again, it starts',
  async () => {
    await lab.rig.json('cluster', 'stop', NAME);
    const holder = await holdPort(lab.hostPort);
    expect((await refuses(['cluster', 'start', NAME], 'portTaken')).message).toContain(String(lab.hostPort));
    expect(await containers(NAME)).toEqual([`${NAME}-control-plane exited`, `${NAME}-worker exited`]);
    expect(await docker('inspect', '-f', '{{.HostConfig.RestartPolicy.Name}}', `${NAME}-worker`)).toBe('no');
    await letGo(holder);
    expect(await lab.rig.json<Cluster>('cluster', 'start', NAME)).toMatchObject({ state: 'running' });
    expect(await lab.answersByName()).toBe(true);
  },
  8 * MINUTE_MS,
);

test(
  'made elsewhere: listed, adopted with consent alone; the kubeconfig of who made it stays byte for byte',
  async () => {
    const theirs = join(lab.rig.home, 'their-kubeconfig');
    mkdirSync(lab.rig.home, { recursive: true });
    const env = { ...process.env, DOCKER_HOST: tools.dockerHost, KUBECONFIG: theirs };
    await run(tools.kind, ['create', 'cluster', '--name', OTHER, '--image', tools.nodeImage], { env });
    const before = readFileSync(theirs, 'utf8');
    expect((await lab.rig.tandem('cluster', 'list')).stdout).toContain(OTHER);
    await refuses(['cluster', 'adopt', OTHER], 'notConfirmed');
    await refuses(['cluster', 'adopt', 'nobody-has-this', '--yes'], 'nothingToAdopt');
    await lab.rig.json('cluster', 'adopt', OTHER, '--yes');
    await settled(lab.rig, OTHER, 'running');
    // Two at once, each with its own operation.
    const [stopped, again] = await Promise.all([
      lab.rig.json<Cluster>('cluster', 'stop', OTHER),
      lab.rig.json<Cluster>('cluster', 'stop', NAME),
    ]);
    expect([stopped.state, again.state]).toEqual(['stopped', 'stopped']);
    const up = await Promise.all([
      lab.rig.json<Cluster>('cluster', 'start', OTHER),
      lab.rig.json<Cluster>('cluster', 'start', NAME),
    ]);
    expect(up.map(({ state }) => state)).toEqual(['running', 'running']);
    const { kubeconfig } = await lab.rig.json<{ kubeconfig: string }>('cluster', 'kubeconfig', OTHER);
    const copy = join(lab.rig.home, 'copy');
    writeFileSync(copy, kubeconfig, { mode: 0o600 });
    const nodes = await run(tools.kubectl, ['--kubeconfig', copy, 'get', 'nodes', '-o', 'name']);
    expect(nodes.stdout.trim()).toBe(`node/${OTHER}-control-plane`);
    expect(readFileSync(theirs, 'utf8')).toBe(before);
    for (const name of [NAME, OTHER]) await lab.rig.json('cluster', 'delete', name, '--yes');
    expect([await containers(NAME), await containers(OTHER)]).toEqual([[], []]);
    expect(readFileSync(theirs, 'utf8')).toBe(before);
  },
  12 * MINUTE_MS,
);
