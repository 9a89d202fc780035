import { describe, expect, test } from 'vitest';
import type { ClusterRecord, TunnelPlan } from '../provider.ts';
import { createArgs, nodeMegabytes, startArgs } from './minikube-args.ts';
import { chooseDriver, needOf, type Driver } from './minikube-driver.ts';

const record = (over: Partial<ClusterRecord> = {}): ClusterRecord => ({
  name: 'lab',
  provider: 'minikube',
  createdAt: '',
  nodes: 1,
  image: '',
  hostPort: 47_390,
  nodePort: 30_080,
  config: '',
  tunnel: null,
  ...over,
});
function argsOf(over: Partial<ClusterRecord>, driver: Driver = 'docker', megabytes = 4096): string[] {
  const args = createArgs(record(over), driver, megabytes);
  if (!args.ok) throw new Error(args.error.code);
  return args.value;
}
const only = (args: readonly string[], flag: string): string[] => args.filter((arg) => arg.startsWith(flag));

test('a start of what is there asks nobody, and gives minikube nothing to change', () => {
  expect(startArgs('lab').join(' ')).toBe(
    'start -p lab -o json --interactive=false --wait=all --wait-timeout=6m0s',
  );
});

test('one node in Docker: its memory, and the NodePort on loopback', () => {
  const args = argsOf({});
  expect(args).toEqual(
    expect.arrayContaining(['--embed-certs', '--nodes=1', '--memory=4096mb', '--driver=docker']),
  );
  expect(only(args, '--ports')).toEqual(['--ports=127.0.0.1:47390:30080']);
  for (const flag of ['--subnet', '--network', '--extra-config', '--kubernetes-version', '--base-image'])
    expect(only(args, flag)).toEqual([]);
});

test('no port where minikube would publish it on each node, or where a machine has an address of its own', () => {
  expect(only(argsOf({ nodes: 2 }), '--ports')).toEqual([]);
  expect(only(argsOf({}, 'vfkit'), '--ports')).toEqual([]);
  expect(only(argsOf({}, null), '--driver')).toEqual([]);
});

test('machines of vfkit reach each other only over a shared network', () => {
  expect(only(argsOf({ nodes: 2 }, 'vfkit'), '--network')).toEqual(['--network=vmnet-shared']);
  expect(only(argsOf({ nodes: 1 }, 'vfkit'), '--network')).toEqual([]);
});

describe('memory', () => {
  test('is that of each machine, and never less than Kubernetes comes up in', () => {
    expect([nodeMegabytes(6144, 1), nodeMegabytes(6144, 3), nodeMegabytes(2048, 3)]).toEqual([
      6144, 2048, 1800,
    ]);
    expect(only(argsOf({ nodes: 3 }, 'docker', 6144), '--memory')).toEqual(['--memory=2048mb']);
  });
  test('of less than that is refused before anything is begun', () => {
    expect(createArgs(record(), 'docker', 1799)).toMatchObject({ error: { code: 'minikubeMemoryLow' } });
  });
});

describe('what it runs', () => {
  test.each([
    ['v1.34.1', '--kubernetes-version=v1.34.1'],
    ['1.34', '--kubernetes-version=v1.34'],
    ['stable', '--kubernetes-version=stable'],
    [
      'kindest/node:v1.33.4@sha256:25a6018e48dfcaee478f4a59af81157a437f15e6e140bf103f85a2e7cd0cbbf2',
      '--kubernetes-version=v1.33.4',
    ],
    ['mirror.example/kicbase:v0.0.48', '--base-image=mirror.example/kicbase:v0.0.48'],
  ])('%s', (image, flag) => {
    expect(argsOf({ image })).toContain(flag);
  });
  test('an image is nothing that a VM is made of, and a configuration file is kind’s', () => {
    expect(createArgs(record({ image: 'mirror.example/kicbase:1' }), 'vfkit', 4096)).toMatchObject({
      error: { code: 'minikubeVersion' },
    });
    expect(createArgs(record({ config: '/home/me/kind.yaml' }), 'docker', 4096)).toMatchObject({
      error: { code: 'minikubeNoConfig' },
    });
  });
});

test("networks that are this Mac's alone", () => {
  const own = { podSubnet: '10.20.0.0/16', serviceSubnet: '10.120.0.0/16' };
  expect(argsOf({ subnets: own })).toEqual(
    expect.arrayContaining([
      '--service-cluster-ip-range=10.120.0.0/16',
      '--extra-config=kubeadm.pod-network-cidr=10.20.0.0/16',
    ]),
  );
  const tunnel: TunnelPlan = {
    ...own,
    side: 'core',
    nodeSubnet: '172.30.1.0/24',
    lanNames: ['192.168.1.10'],
  };
  expect(argsOf({ tunnel })).toEqual(
    expect.arrayContaining(['--subnet=172.30.1.0/24', '--apiserver-ips=192.168.1.10']),
  );
  expect(only(argsOf({ tunnel }, 'vfkit'), '--subnet')).toEqual([]);
});

test('a driver: the setting, else a Docker that runs, a VM, or a Docker that can be started', () => {
  const has = (isDockerUp: boolean, hasDocker: boolean, hasVfkit: boolean) => ({
    isDockerUp,
    hasDocker,
    hasVfkit,
  });
  expect(chooseDriver('vfkit', has(true, true, false))).toBe('vfkit');
  expect(chooseDriver('docker', has(false, false, true))).toBe('docker');
  expect(chooseDriver('auto', has(true, true, true))).toBe('docker');
  expect(chooseDriver('auto', has(false, true, true))).toBe('vfkit');
  expect(chooseDriver('auto', has(false, true, false))).toBe('docker');
  expect(chooseDriver('auto', has(true, false, false))).toBeNull();
  expect([needOf('docker'), needOf('vfkit'), needOf('qemu2'), needOf(null)]).toEqual([
    'may',
    'no',
    'no',
    'no',
  ]);
});
