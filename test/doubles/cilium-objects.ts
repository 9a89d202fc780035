import type { FakeKube } from './fake-kube-types.ts';

const SYSTEM = '/api/v1/namespaces/kube-system';
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

export interface CiliumParts {
  readonly name: string;
  readonly id: number;
  readonly pods: string;
}

/** A cluster with Cilium and Cluster Mesh in it, as its installation leaves them; its authority is everybody's. */
export function furnishCilium(kube: FakeKube, { name, id, pods }: CiliumParts): void {
  kube.put(`${SYSTEM}/configmaps/cilium-config`, {
    data: {
      'cluster-name': name,
      'cluster-id': `${id}`,
      'routing-mode': 'tunnel',
      'tunnel-protocol': 'vxlan',
      'cluster-pool-ipv4-cidr': pods,
    },
  });
  const pod = (app: string, image: string): void =>
    kube.put(`${SYSTEM}/pods/${app}-x`, {
      metadata: { name: '', labels: { 'k8s-app': app } },
      spec: { containers: [{ name: app, image }] },
      status: ready,
    });
  pod('cilium', 'quay.io/cilium/cilium:v1.16.5@sha256:0000');
  pod('clustermesh-apiserver', 'quay.io/cilium/clustermesh-apiserver:v1.16.5');
  kube.put(`${SYSTEM}/services/clustermesh-apiserver`, {
    spec: { type: 'ClusterIP', clusterIP: '10.110.0.9', ports: [{ port: 2379 }] },
  });
  kube.put(`${SYSTEM}/secrets/cilium-ca`, {
    data: { 'ca.crt': Buffer.from('an authority').toString('base64') },
  });
  kube.put('/apis/cilium.io/v2/ciliumnodes/lab-control-plane', {
    spec: { ipam: { podCIDRs: [pods] } },
  });
}

/** Names of the clusters that it is told to connect to. */
export function remotesOf(kube: FakeKube): string[] {
  const data = kube.objects.get(`${SYSTEM}/secrets/cilium-clustermesh`)?.['data'] ?? {};
  return Object.keys(data).filter((name) => !name.includes('.'));
}
