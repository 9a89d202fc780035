import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import type { World } from '../../src-shared/world/world.ts';
import { createWords, errorOf, openMinikubeMac, type MinikubeMac } from '../doubles/minikube-mac.ts';
import { eventually, processesNaming } from './tandem.ts';

// minikube itself cannot be had on the CI machine: an executable replays its documented grammar, under a whole engine.
let mac: MinikubeMac;
afterEach(() => mac.close());

const create = (): string[] => createWords('lab');
const lab = (): Promise<Cluster | undefined> => mac.rig.cluster('lab');

/** The person's own kubeconfig, which nothing of this may change. */
function ownKubeconfig(): { readonly file: string; readonly text: string } {
  const file = join(mac.rig.home, '.kube/config');
  const text = 'apiVersion: v1\ncurrent-context: their-own\n';
  mkdirSync(join(mac.rig.home, '.kube'));
  writeFileSync(file, text);
  return { file, text };
}

test('create, stop, start, delete of a VM: parts and proofs are steps, and the own kubeconfig stays', async () => {
  mac = await openMinikubeMac('vfkit');
  const own = ownKubeconfig();
  await mac.api('lab');
  mac.scene({ stepMs: 20, pieceBytes: 61 });
  const watch = mac.rig.begin('status', '--watch');
  await watch.documents.see(() => true, 20_000);
  expect(await mac.rig.json<Cluster>(...create())).toMatchObject({
    provider: 'minikube',
    state: 'running',
    nodes: [{ name: 'lab', role: 'control-plane', ready: true }],
  });
  const worlds = watch.documents.all as unknown as readonly World[];
  const steps = worlds.flatMap(({ clusters }) => clusters.flatMap(({ operation }) => operation?.steps ?? []));
  const seen = new Set(steps.map(({ step, status }) => `${step} ${status}`));
  watch.end();
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'mkSetup done',
      'mkMachine done',
      'startControlPlane done',
      'proveLeader done',
      'proveName running',
    ]),
  );
  const kubeconfig = join(mac.rig.home, 'clusters/minikube/lab.kubeconfig');
  expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
  expect((await mac.rig.json<{ kubeconfig: string }>('cluster', 'kubeconfig', 'lab')).kubeconfig).toBe(
    readFileSync(kubeconfig, 'utf8'),
  );
  expect(await mac.rig.json<Cluster>('cluster', 'stop', 'lab')).toMatchObject({
    state: 'stopped',
    nodes: [{ name: 'lab', ready: false }],
  });
  expect(await mac.rig.json<Cluster>('cluster', 'start', 'lab')).toMatchObject({ state: 'running' });
  expect(await mac.rig.json<Cluster>('cluster', 'delete', 'lab', '--yes')).toMatchObject({ state: 'absent' });
  expect([existsSync(kubeconfig), existsSync(join(mac.place, '.minikube/profiles/lab'))]).toEqual([
    false,
    false,
  ]);
  expect(readFileSync(own.file, 'utf8')).toBe(own.text);
  const asked = mac.calls().filter(({ args }) => args.includes('-p'));
  expect(new Set(asked.map((call) => call.kubeconfig))).toEqual(new Set([kubeconfig]));
  const [start] = mac.calls('start');
  expect(start?.args).toEqual(
    expect.arrayContaining(['--driver=vfkit', '--memory=2048mb', '--interactive=false', '--embed-certs']),
  );
  expect(start?.args.some((arg) => arg.startsWith('--ports'))).toBe(false);
});

test('"running" is not said before every proof of life is there, although minikube is done', async () => {
  mac = await openMinikubeMac('vfkit');
  await mac.api('lab');
  mac.withhold('leader', 'dns');
  const made = mac.rig.tandem(...create(), '--json');
  await eventually('minikube ended, and the leader is waited for', async () =>
    (await lab())?.operation?.steps.some(
      ({ step, status }) => step === 'proveLeader' && status === 'running',
    ),
  );
  expect((await lab())?.state).toBe('starting');
  mac.withhold('dns');
  await eventually('DNS is waited for', async () => (await lab())?.operation?.step === 'proveDns');
  mac.scene({ named: 'silent' });
  mac.withhold();
  await eventually(
    'a Service by name is waited for',
    async () => (await lab())?.operation?.step === 'proveName',
  );
  await eventually('it was asked inside of the machine', async () =>
    mac.calls('ssh').some(({ args }) => args.at(-1)?.endsWith('| base64 -d | sudo sh')),
  );
  expect((await lab())?.state).toBe('starting');
  mac.scene({});
  expect((await made).code).toBe(0);
  expect((await lab())?.state).toBe('running');
});

test.each([
  [
    'a reason that we name',
    {
      exit: 23,
      reason: 'RSRC_DOCKER_MEMORY',
      message: 'Docker Desktop has only 1000MiB',
      advice: 'Slide it.',
    },
    { code: 'minikubeMemoryShort', message: 'Docker Desktop has only 1000MiB', hint: 'memoryMegabytes' },
  ],
  [
    "a reason of another version: minikube's own words",
    { exit: 80, reason: 'GUEST_OF_THE_FUTURE', message: 'it is haunted', advice: 'Call somebody.' },
    { code: 'minikubeFailed', message: 'it is haunted', hint: 'Call somebody.' },
  ],
])('a create that fails with %s: told, logged, and nothing is left', async (_what, failed, told) => {
  mac = await openMinikubeMac('vfkit');
  await mac.api('lab');
  mac.scene({ pieceBytes: 61, failAt: { verb: 'start', step: 'Creating Container', ...failed } });
  const ran = await mac.rig.tandem(...create(), '--json');
  expect(ran.code).toBe(1);
  const error = errorOf(ran);
  expect(error.code).toBe(told.code);
  expect(error.message).toContain(told.message);
  expect(error.hint).toContain(told.hint);
  const log = readFileSync(join(mac.rig.home, 'logs/minikube-lab.log'), 'utf8');
  expect(log).toContain(failed.reason);
  expect(log).toContain('klog speaks on standard error');
  expect((await mac.rig.status()).clusters).toEqual([]);
  expect(mac.calls('delete')).toHaveLength(1);
  expect(existsSync(join(mac.place, '.minikube/profiles/lab'))).toBe(false);
});

test('cancel in the middle of a create deletes the half machine', async () => {
  mac = await openMinikubeMac('vfkit');
  await mac.api('lab');
  mac.scene({ staysAt: 'Preparing Kubernetes' });
  const creating = mac.rig.tandem(...create(), '--json');
  await eventually('a half machine', async () =>
    (await lab())?.operation?.detail?.includes('Preparing Kubernetes'),
  );
  mac.scene({});
  expect((await mac.rig.tandem('cluster', 'cancel', 'lab')).code).toBe(0);
  expect((await creating).code).toBe(1);
  expect((await mac.rig.status()).clusters).toEqual([]);
  expect(processesNaming(mac.tools)).toEqual([]);
  expect(existsSync(join(mac.place, '.minikube/profiles/lab'))).toBe(false);
});
