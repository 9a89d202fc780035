import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHelp } from '../../src-engine/kube/start-help.ts';
import { systemScheduler } from '../../src-engine/platform/clock.ts';
import { openPlane, type Plane } from './rig/plane.ts';

// What a start does away with, on a real API server.

let core: Plane;
const helpWith = (file: string) => startHelp(file, systemScheduler);
let help: ReturnType<typeof startHelp>;
const STARTED = new Map([['core-1', new Date('2026-03-01T10:00:00Z')]]);

beforeAll(async () => {
  core = await openPlane('core', { nodes: 1 });
  help = helpWith(core.kubeconfigFile);
});

afterAll(() => core?.dispose());

const lease = (name: string, holderIdentity: string, renewTime: string): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace: 'kube-system' },
  spec: { holderIdentity, renewTime, acquireTime: renewTime, leaseDurationSeconds: 15 },
});
const holderOf = (name: string): Promise<string> =>
  core.kubectl('get', 'lease', name, '-n', 'kube-system', '-o', 'jsonpath={.spec.holderIdentity}');

test('where nobody has ever led there is nothing to release; without an API nothing is released', async () => {
  expect(await help.releaseDead(STARTED)).toBe(true);
  expect(await helpWith(`${core.kubeconfigFile}.gone`).releaseDead(STARTED)).toBe(false);
});

test('the lease of the dead is given up, that of the living and that of strangers stay', async () => {
  await core.apply(
    lease('kube-controller-manager', 'core-1_a', '2026-03-01T09:59:59.999000Z'),
    lease('kube-scheduler', 'core-1_b', '2026-03-01T10:00:00.000000Z'),
    lease('somebody', 'core-1_c', '2026-03-01T09:00:00.000000Z'),
  );
  expect(await help.releaseDead(STARTED)).toBe(true);
  expect(await holderOf('kube-controller-manager')).toBe('');
  expect(await holderOf('kube-scheduler')).toBe('core-1_b');
  expect(await holderOf('somebody')).toBe('core-1_c');
});

test('a DNS pod that runs and is not ready is found, and that very one is replaced', async () => {
  await core.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace: 'kube-system' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      template: {
        metadata: { labels: { 'k8s-app': 'kube-dns' } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'coredns', image: 'played:1' }] },
      },
    },
  });
  await core.kubectl('rollout', 'status', 'deployment/coredns', '-n', 'kube-system', '--timeout=60s');
  expect((await help.waitingDns())?.pods).toEqual([]);
  const pods = (): Promise<string> =>
    core.kubectl('get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-dns', '-o', 'name');
  const [name = ''] = (await pods()).split('\n');
  const unready = { status: { containerStatuses: [unreadyContainer()] } };
  const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify(unready)];
  await core.kubectl('patch', name, '-n', 'kube-system', ...patch);
  const found = await help.waitingDns();
  const [waiting] = found?.pods ?? [];
  if (waiting === undefined) throw new Error('no pod was found to wait');
  expect(`pod/${waiting.name}`).toBe(name);
  expect(waiting).toMatchObject({ node: 'core-1', hasPlace: true });
  await core.kubectl('cordon', 'core-1');
  expect((await help.waitingDns())?.pods).toMatchObject([{ name: waiting.name, hasPlace: false }]);
  await core.kubectl('uncordon', 'core-1');
  expect(found?.apiAddress).toMatch(/^10\.96\.0\.\d+$/);

  expect(await help.replace({ ...waiting, uid: 'of-another' })).toBe(false);
  expect(await pods()).toBe(name);
  expect(await help.replace(waiting)).toBe(true);
  await expect.poll(pods, { timeout: 30_000 }).not.toContain(name);
  await core.kubectl('rollout', 'status', 'deployment/coredns', '-n', 'kube-system', '--timeout=60s');
});

const unreadyContainer = () => ({
  name: 'coredns',
  image: 'played:1',
  imageID: '',
  ready: false,
  restartCount: 1,
  started: true,
  state: { running: { startedAt: '2026-03-01T10:00:05Z' } },
});
