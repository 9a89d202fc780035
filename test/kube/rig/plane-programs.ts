import { join } from 'node:path';
import type { Pem } from './certificates.ts';

/** What the programs of a plane are told: files, and ports of 127.0.0.1. */
export interface PlaneFiles {
  readonly name: string;
  readonly folder: string;
  readonly authorityFile: string;
  readonly authorityKeyFile: string;
  readonly server: Pem;
  readonly serviceAccount: { readonly privateFile: string; readonly publicFile: string };
  /** kubeconfig files. */
  readonly users: Readonly<Record<'admin' | 'manager' | 'scheduler', string>>;
  readonly stagesFile: string;
}

export const portNames = ['etcd', 'etcdPeer', 'api', 'manager', 'scheduler', 'kwok'] as const;
export type Ports = Readonly<Record<(typeof portNames)[number], number>>;

const HOST = '127.0.0.1';
const SERVICES = '10.96.0.0/16';

const flags = (values: Readonly<Record<string, string | number | boolean>>): string[] =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`);

export function etcdArgs({ name, folder }: PlaneFiles, ports: Ports): string[] {
  const client = `http://${HOST}:${ports.etcd}`;
  const peer = `http://${HOST}:${ports.etcdPeer}`;
  return flags({
    name,
    'data-dir': join(folder, 'etcd'),
    'log-level': 'warn',
    'unsafe-no-fsync': true,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `${name}=${peer}`,
  });
}

export function apiArgs(files: PlaneFiles, ports: Ports): string[] {
  const { server, serviceAccount } = files;
  return flags({
    'bind-address': HOST,
    'secure-port': ports.api,
    'advertise-address': HOST,
    // Loopback may not stand in an Endpoints object.
    'endpoint-reconciler-type': 'none',
    'service-cluster-ip-range': SERVICES,
    'etcd-servers': `http://${HOST}:${ports.etcd}`,
    'authorization-mode': 'Node,RBAC',
    'client-ca-file': files.authorityFile,
    'tls-cert-file': server.certFile,
    'tls-private-key-file': server.keyFile,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': serviceAccount.publicFile,
    'service-account-signing-key-file': serviceAccount.privateFile,
  });
}

const actsAs = (file: string, port: number): string[] =>
  flags({
    kubeconfig: file,
    'authentication-kubeconfig': file,
    'authorization-kubeconfig': file,
    'bind-address': HOST,
    'secure-port': port,
    'leader-elect': false,
    // Its own clients are no part of what is measured: none may be the slow one.
    'kube-api-qps': 2000,
    'kube-api-burst': 4000,
  });

export function managerArgs(files: PlaneFiles, ports: Ports): string[] {
  const own = flags({
    'cluster-name': files.name,
    'use-service-account-credentials': true,
    'service-account-private-key-file': files.serviceAccount.privateFile,
    'root-ca-file': files.authorityFile,
    'cluster-signing-cert-file': files.authorityFile,
    'cluster-signing-key-file': files.authorityKeyFile,
    'service-cluster-ip-range': SERVICES,
  });
  return [...actsAs(files.users.manager, ports.manager), ...own];
}

export function schedulerArgs({ users }: PlaneFiles, ports: Ports): string[] {
  return actsAs(users.scheduler, ports.scheduler);
}

/** It plays the nodes that carry its annotation, and their pods; it renews leases only when it is told to. */
export function kwokArgs({ users, stagesFile }: PlaneFiles, ports: Ports): string[] {
  return flags({
    kubeconfig: users.admin,
    config: stagesFile,
    'server-address': `${HOST}:${ports.kwok}`,
    'node-ip': HOST,
    'node-lease-duration-seconds': 40,
    'manage-all-nodes': false,
    'manage-nodes-with-annotation-selector': 'kwok.x-k8s.io/node=fake',
  });
}

/** A node for kwok to play, with room for whatever a test puts on it. */
export function nodeObject(name: string): object {
  const room = { cpu: '1k', memory: '1Ti', pods: '10k' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake', 'node.alpha.kubernetes.io/ttl': '0' },
      labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name },
    },
    status: { allocatable: room, capacity: room },
  };
}
