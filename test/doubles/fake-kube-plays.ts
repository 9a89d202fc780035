import type { FakeKube, FakeKubeParts, KubeObject } from './fake-kube-types.ts';
import { gateway } from './submariner-objects.ts';

const ready = { type: 'Ready', status: 'True' };
const hourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();

/** A cluster of kind's as it is after a start: nodes that are ready, what proves that it works, and its flags. */
export function furnish(
  kube: FakeKube,
  { name = 'lab', pods = '10.10.0.0/16', services = '10.110.0.0/16', workers = 0 }: FakeKubeParts,
): void {
  const nodes = [
    'control-plane',
    ...Array.from({ length: workers }, (_, index) => `worker${index === 0 ? '' : index + 1}`),
  ];
  for (const node of nodes) {
    const labels: Record<string, string> = {};
    if (node === 'control-plane') labels['node-role.kubernetes.io/control-plane'] = '';
    kube.put(`/api/v1/nodes/${name}-${node}`, {
      metadata: { name: '', labels },
      status: { conditions: [{ ...ready, lastHeartbeatTime: new Date().toISOString() }] },
    });
  }
  const system = '/api/v1/namespaces/kube-system';
  const plane = (component: string, command: string[]): void =>
    kube.put(`${system}/pods/${component}-${name}`, {
      metadata: { name: '', labels: { tier: 'control-plane', component } },
      spec: { containers: [{ name: component, command }] },
      status: { phase: 'Running' },
    });
  plane('kube-apiserver', ['kube-apiserver', `--service-cluster-ip-range=${services}`]);
  plane('kube-controller-manager', ['kube-controller-manager', `--cluster-cidr=${pods}`]);
  kube.put(`${system}/pods/coredns`, {
    metadata: { name: '', labels: { 'k8s-app': 'kube-dns' } },
    spec: { containers: [] },
    status: {
      phase: 'Running',
      conditions: [ready],
      containerStatuses: [{ state: { running: { startedAt: hourAgo() } } }],
    },
  });
  kube.put(`${system}/configmaps/coredns`, { data: { Corefile: '.:53 {\n    reload\n}\n' } });
  kube.put(`${system}/configmaps/kube-proxy`, {
    data: { 'config.conf': 'kind: KubeProxyConfiguration\nmode: iptables\n' },
  });
  kube.put('/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager', {
    spec: { acquireTime: hourAgo() },
  });
}

/** What Submariner's own programs write: gateways speak each 5 s, exports are taken up, imports come over the tunnel. */
export function played(kube: FakeKube, plural: string, items: readonly KubeObject[]): readonly unknown[] {
  if (plural === 'gateways') return items.map((item) => spoken(kube, item));
  if (plural === 'serviceexports')
    return items.map((item) => {
      const { namespace, name } = item.metadata;
      const isThere = kube.objects.has(`/api/v1/namespaces/${namespace ?? ''}/services/${name}`);
      const valid = isThere
        ? [
            { type: 'Valid', status: 'True' },
            { ...ready, type: 'Ready' },
          ]
        : [{ type: 'Valid', status: 'False', reason: 'ServiceUnavailable', message: 'it is not there' }];
      return { ...item, status: { conditions: valid } };
    });
  return plural === 'serviceimports' ? importsOf(kube) : items;
}

const GATEWAYS = '/apis/submariner.io/v1/namespaces/submariner-operator/gateways';

function spoken(kube: FakeKube, { metadata, ...more }: KubeObject): unknown {
  const other =
    kube.peer === null
      ? undefined
      : [...kube.peer.objects].find(([key]) => key.startsWith(`${GATEWAYS}/`))?.[1];
  const clusterId = textOf(more['clusterId']);
  return gateway({
    node: metadata.name,
    clusterId,
    publicIp: textOf(more['publicIp']),
    failure: textOf(more['failure']),
    updatedSeconds: kube.silent ? 1_700_000_000 : Math.floor(Date.now() / 1000),
    peer:
      other === undefined
        ? null
        : {
            clusterId: textOf(other['clusterId']),
            state: kube.tunnel,
            ...(kube.tunnel === 'connected' ? { rtt: '1.16ms' } : { message: 'it is being tried' }),
          },
  });
}

function importsOf({ peer, tunnel }: FakeKube): readonly unknown[] {
  if (peer === null || tunnel !== 'connected') return [];
  const [, own] = [...peer.objects].find(([key]) => key.startsWith(`${GATEWAYS}/`)) ?? [];
  return [...peer.objects]
    .filter(([key]) => key.includes('/serviceexports/'))
    .map(([, { metadata }]) => ({
      metadata: { name: metadata.name, namespace: metadata.namespace },
      spec: { ips: ['10.110.0.7'], ports: [{ port: 80, protocol: 'TCP' }], type: 'ClusterSetIP' },
      status: { clusters: [{ cluster: textOf(own?.['clusterId']) }] },
    }));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
