import { expect, test } from 'vitest';
import { brokerArgs, joinArgs, lackOf, needed, tooOld, uninstallArgs, type JoinWish } from './subctl-args.ts';

const access = { kubeconfigFile: '/home/run/submariner/kubeconfig', context: 'lab-edge' };
const wish: JoinWish = {
  ...access,
  brokerFile: '/home/run/submariner/broker-info.subm',
  clusterId: 'lab-edge',
  podCidr: '10.20.0.0/16',
  serviceCidr: '10.120.0.0/16',
  isServer: false,
};
const all: ReadonlySet<string> = new Set(needed.join);

test('the corrections to the design document hold: NAT traversal on, no global network, nothing that asks', () => {
  const args = joinArgs(wish, all);
  expect(args).toEqual(
    expect.arrayContaining([
      '--natt=true',
      '--air-gapped',
      '--globalnet=false',
      '--force-udp-encaps',
      '--label-gateway=false',
      '--clusterid=lab-edge',
      '--clustercidr=10.20.0.0/16',
      '--servicecidr=10.120.0.0/16',
      '--preferred-server=false',
    ]),
  );
  expect(joinArgs({ ...wish, isServer: true }, all)).toContain('--preferred-server=true');
});

test('every verb has its own kubeconfig and context, and what asks is answered beforehand', () => {
  for (const args of [joinArgs(wish, all), brokerArgs(access, 'https://x:1', all), uninstallArgs(access)])
    expect(args).toEqual(
      expect.arrayContaining([`--kubeconfig=${access.kubeconfigFile}`, `--context=${access.context}`]),
    );
  expect(uninstallArgs(access)).toContain('--yes');
});

test('a flag that is only good to have goes out where it is known', () => {
  const lossy = '--health-check-max-packet-loss-count=2';
  expect(joinArgs(wish, all)).not.toContain(lossy);
  expect(joinArgs(wish, new Set([...all, 'health-check-max-packet-loss-count']))).toContain(lossy);
  expect(brokerArgs(access, 'https://192.168.1.10:6443', new Set())).toHaveLength(3);
  expect(brokerArgs(access, 'https://192.168.1.10:6443', new Set(['broker-url']))).toContain(
    '--broker-url=https://192.168.1.10:6443',
  );
});

test.each([
  ['v0.18.1', 'subctlOld'],
  ['devel', 'subctlOld'],
  ['v0.24.0-rc0', 'subctlOld'],
  ['v0.25.0', 'subctlNew'],
  ['v1.0.0', 'subctlNew'],
])('%s without a flag that is needed is %s, by the name of the flag', (version, code) => {
  const known = new Set(needed.join.filter((flag) => flag !== 'natt'));
  expect(lackOf('join', version, known)).toMatchObject({
    code,
    params: { flag: '--natt', verb: 'subctl join' },
  });
  expect(lackOf('join', version, all)).toBeNull();
});

test.each([
  ['v0.16.3', true],
  ['0.9.0', true],
  ['v0.17.0', false],
  ['v0.22.2', false],
  ['PR-build', false],
])('%s is too old: %s', (version, isOld) => {
  expect(tooOld(version) !== null).toBe(isOld);
});
