import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { createWords, errorOf, openMinikubeMac, type MinikubeMac } from '../doubles/minikube-mac.ts';
import { eventually } from './tandem.ts';

// The docker driver: its machines are containers, which are looked at and heard without a process of minikube's.
let mac: MinikubeMac;
afterEach(() => mac.close());

/** By force: the machine that Docker's double is in would not fit this Mac's double. */
const create = (name: string, ...more: string[]): string[] => createWords(name, '--force', ...more);
const cluster = (name: string): Promise<Cluster | undefined> => mac.rig.cluster(name);

test('two profiles at once: each its own machine, kubeconfig and port, and one is stopped without the other', async () => {
  mac = await openMinikubeMac('docker');
  await mac.api('lab');
  await mac.api('web');
  mac.scene({ stepMs: 30 });
  const [one, two] = await Promise.all([
    mac.rig.json<Cluster>(...create('lab')),
    mac.rig.json<Cluster>(...create('web', '--nodes', '2')),
  ]);
  expect([one.state, two.state]).toEqual(['running', 'running']);
  expect(two.nodes.map(({ name, role, ready }) => `${name} ${role} ${ready}`)).toEqual([
    'web control-plane true',
    'web-m02 worker true',
  ]);
  const starts = mac.calls('start').map(({ args }) => args.join(' '));
  expect(starts.find((line) => line.includes('-p lab'))).toMatch(/--ports=127\.0\.0\.1:\d+:30080/);
  // minikube would publish it on both nodes.
  expect(starts.find((line) => line.includes('-p web'))).not.toContain('--ports');
  const kubeconfigs = ['lab', 'web'].map((name) =>
    readFileSync(join(mac.rig.home, `clusters/minikube/${name}.kubeconfig`), 'utf8'),
  );
  expect(kubeconfigs[0]).not.toBe(kubeconfigs[1]);
  expect(await mac.rig.json<Cluster>('cluster', 'stop', 'web')).toMatchObject({ state: 'stopped' });
  expect((await cluster('lab'))?.state).toBe('running');
});

test('made elsewhere: listed, adopted with consent alone, and started by hand it is found at its new port', async () => {
  mac = await openMinikubeMac('docker');
  await mac.api('lab');
  expect(
    await mac.byHand('start', '-p', 'lab', '-o', 'json', '--driver=docker', '--ports=127.0.0.1:8080:30081'),
  ).toBe(0);
  expect((await mac.rig.tandem('cluster', 'list')).stdout).toContain('lab (minikube)');
  expect(errorOf(await mac.rig.tandem('cluster', 'adopt', 'lab', '--json')).code).toBe('notConfirmed');
  // It has run for a while: nothing of it has to be waited for.
  Object.assign(mac.daemon.containers.get('lab') ?? {}, { startedAt: new Date(Date.now() - 3_600_000) });
  expect(await mac.rig.json<Cluster>('cluster', 'adopt', 'lab', '--yes')).toMatchObject({ state: 'running' });
  const record = readFileSync(join(mac.rig.home, 'clusters/registry.json'), 'utf8');
  expect(record).toMatch(/"hostPort": 8080,\s*"nodePort": 30081/);
  const { kubeconfig } = await mac.rig.json<{ kubeconfig: string }>('cluster', 'kubeconfig', 'lab');
  // Of one whose certificates minikube names by their paths.
  expect(kubeconfig).toContain('client-key-data');
  // Whoever starts it by hand has its new address in their own kubeconfig alone.
  await mac.byHand('stop', '-p', 'lab');
  const moved = await mac.api('lab');
  await mac.byHand('start', '-p', 'lab', '-o', 'json');
  await eventually('running', async () => (await cluster('lab'))?.state === 'running', 15_000);
  const now = await mac.rig.json<{ kubeconfig: string }>('cluster', 'kubeconfig', 'lab');
  expect(now.kubeconfig).toContain(`127.0.0.1:${moved.port}`);
  expect(errorOf(await mac.rig.tandem('cluster', 'adopt', 'nowhere', '--yes', '--json')).code).toBe(
    'nothingToAdopt',
  );
});
