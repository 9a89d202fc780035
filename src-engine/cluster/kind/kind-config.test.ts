import { expect, test } from 'vitest';
import type { ClusterRecord } from '../provider.ts';
import { tunnelPlan } from '../tunnel-plan.ts';
import { kindConfig } from './kind-config.ts';

const lan = [{ address: '192.168.1.10', cidr: '192.168.1.10/24' }];
const record: ClusterRecord = {
  name: 'lab',
  provider: 'kind',
  createdAt: '2026-01-01T00:00:00.000Z',
  nodes: 1,
  image: '',
  hostPort: 47_390,
  nodePort: 30_080,
  config: '',
  tunnel: null,
};

interface Config {
  readonly networking: Record<string, unknown>;
  readonly kubeadmConfigPatches?: string[];
  readonly nodes: {
    readonly role: string;
    readonly labels?: Record<string, string>;
    readonly extraPortMappings?: {
      readonly hostPort: number;
      readonly protocol: string;
      readonly listenAddress: string;
    }[];
  }[];
}
const configOf = (more: Partial<ClusterRecord>) => JSON.parse(kindConfig({ ...record, ...more })) as Config;
const portsOf = (config: Config): string[][] =>
  config.nodes.map(({ extraPortMappings }) =>
    (extraPortMappings ?? []).map(
      ({ hostPort, protocol, listenAddress }) => `${listenAddress}:${hostPort}/${protocol}`,
    ),
  );

test('without a tunnel nothing of it listens beyond this Mac', () => {
  const config = configOf({ nodes: 3 });
  expect(config.networking).toEqual({ apiServerAddress: '127.0.0.1' });
  expect(portsOf(config)).toEqual([['127.0.0.1:47390/TCP'], [], []]);
  expect(config.nodes.some(({ labels }) => labels !== undefined)).toBe(false);
});

test('of a pair without a tunnel: networks that the other Mac has not, and nothing else', () => {
  const { networking } = configOf({ subnets: { podSubnet: '10.20.0.0/16', serviceSubnet: '10.120.0.0/16' } });
  expect(networking).toEqual({
    apiServerAddress: '127.0.0.1',
    podSubnet: '10.20.0.0/16',
    serviceSubnet: '10.120.0.0/16',
  });
});

test('there is one control plane, whatever the number of nodes', () => {
  for (const nodes of [1, 2, 3])
    expect(configOf({ nodes, tunnel: tunnelPlan('core', '', lan) }).nodes.map(({ role }) => role)).toEqual([
      'control-plane',
      ...Array.from({ length: nodes - 1 }, () => 'worker'),
    ]);
});

test('a core for a tunnel: its own networks, its API on the LAN by a name in its certificate, one gateway that is called', () => {
  const config = configOf({ nodes: 2, tunnel: tunnelPlan('core', '', lan) });
  expect(config.networking).toEqual({
    podSubnet: '10.10.0.0/16',
    serviceSubnet: '10.110.0.0/16',
    kubeProxyMode: 'iptables',
    apiServerAddress: '0.0.0.0',
    apiServerPort: 6443,
  });
  expect(config.kubeadmConfigPatches?.map((patch) => JSON.parse(patch) as unknown)).toEqual([
    {
      kind: 'ClusterConfiguration',
      apiServer: { certSANs: ['localhost', '127.0.0.1', '0.0.0.0', '192.168.1.10'] },
    },
  ]);
  expect(portsOf(config)).toEqual([['127.0.0.1:47390/TCP'], ['0.0.0.0:4500/UDP', '0.0.0.0:4490/UDP']]);
  expect(config.nodes.map(({ labels }) => labels?.['submariner.io/gateway'])).toEqual([undefined, 'true']);
});

test('an edge for a tunnel calls and is not called', () => {
  const config = configOf({ tunnel: tunnelPlan('edge', '', lan) });
  expect(config.networking).toMatchObject({ podSubnet: '10.20.0.0/16', apiServerAddress: '127.0.0.1' });
  expect(portsOf(config)).toEqual([['127.0.0.1:47390/TCP']]);
  expect(config.nodes[0]?.labels).toEqual({ 'submariner.io/gateway': 'true' });
  expect(config.kubeadmConfigPatches).toBeUndefined();
});
