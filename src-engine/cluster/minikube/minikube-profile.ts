import { z } from 'zod';
import type { ClusterState } from '../../../src-shared/world/clusters.ts';
import { jsonIn } from './json-in.ts';

/** A profile as minikube keeps it (profiles/NAME/config.json, and `Config` of `profile list -o json`). */
export interface Profile {
  readonly name: string;
  /** minikube's own word, such as `docker` or `vfkit`; empty when it is not told. */
  readonly driver: string;
  /** Of each machine, MiB; 0 when it is not told. */
  readonly memoryMegabytes: number;
  /** Such as `v1.35.0`; empty when it is not told. */
  readonly version: string;
  readonly machines: readonly Machine[];
  /** A NodePort that is published on this machine; null: none is. */
  readonly published: { readonly hostPort: number; readonly nodePort: number } | null;
}

/** A node's container or VM, which has the node's own name. */
export interface Machine {
  readonly name: string;
  readonly isControlPlane: boolean;
}

const configSchema = z.looseObject({
  Driver: z.string().nullish(),
  /** Of minikube before 1.8. */
  VMDriver: z.string().nullish(),
  Memory: z.number().nullish(),
  Nodes: z
    .array(z.looseObject({ Name: z.string().nullish(), ControlPlane: z.boolean().nullish() }))
    .nullish(),
  ExposedPorts: z.array(z.string()).nullish(),
  KubernetesConfig: z.looseObject({ KubernetesVersion: z.string().nullish() }).nullish(),
});

/** Null: it is no configuration of minikube's. */
export function profileOf(name: string, config: unknown): Profile | null {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) return null;
  const { Driver, VMDriver, Memory, Nodes, ExposedPorts, KubernetesConfig } = parsed.data;
  return {
    name,
    driver: Driver || VMDriver || '',
    memoryMegabytes: Memory ?? 0,
    version: KubernetesConfig?.KubernetesVersion ?? '',
    machines: machinesOf(name, Nodes ?? []),
    published: publishedOf(ExposedPorts ?? []),
  };
}

type NodeConfig = {
  readonly Name?: string | null | undefined;
  readonly ControlPlane?: boolean | null | undefined;
};

/** The first control plane has the profile's own name, every other node that and its own: `lab`, `lab-m02`. */
function machinesOf(profile: string, nodes: readonly NodeConfig[]): Machine[] {
  const first = nodes.findIndex(({ ControlPlane }) => ControlPlane === true);
  return nodes.map(({ Name, ControlPlane }, index) => ({
    name: index === Math.max(0, first) || (Name ?? '') === '' ? profile : `${profile}-${Name}`,
    isControlPlane: ControlPlane === true || nodes.length === 1,
  }));
}

/** As docker's `-p` has it: `ADDRESS:HOST:INSIDE`, `HOST:INSIDE`, each with or without `/tcp`. */
function publishedOf(ports: readonly string[]): Profile['published'] {
  const found = ports
    .map((port) => port.split('/')[0]?.split(':').slice(-2).map(Number) ?? [])
    .map(([hostPort = 0, nodePort = 0]) => ({ hostPort, nodePort }))
    .find(({ hostPort, nodePort }) => hostPort > 0 && nodePort >= 30_000 && nodePort <= 32_767);
  return found ?? null;
}

const listSchema = z.looseObject({
  valid: z
    .array(z.looseObject({ Name: z.string(), Status: z.string().nullish(), Config: z.unknown() }))
    .nullish(),
});

/** `minikube profile list -o json`: the valid ones; an invalid one is a folder that is no cluster any more. */
export function parseProfiles(stdout: string): { profile: Profile; state: ClusterState }[] {
  const parsed = listSchema.safeParse(jsonIn(stdout));
  if (!parsed.success) return [];
  return (parsed.data.valid ?? []).flatMap(({ Name, Status, Config }) => {
    const profile = profileOf(Name, Config);
    return profile === null ? [] : [{ profile, state: stateNamed(Status ?? '') }];
  });
}

/** Names of its status codes, and those that earlier versions had. */
const states: Readonly<Record<string, ClusterState>> = {
  OK: 'running',
  HAppy: 'running',
  Running: 'running',
  Warning: 'running',
  Degraded: 'degraded',
  Stopped: 'stopped',
  Paused: 'paused',
  Starting: 'starting',
  Unpausing: 'starting',
  Pausing: 'stopping',
  Stopping: 'stopping',
  Deleting: 'stopping',
  NotFound: 'absent',
  Nonexistent: 'absent',
};

const stateNamed = (status: string): ClusterState => states[status] ?? 'unknown';
