import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterRecord } from '../provider.ts';
import type { Driver } from './minikube-driver.ts';

/** Kubernetes itself does not come up in less: minikube refuses it (cmd/start.go, 1800 MiB). */
export const LEAST_MEGABYTES = 1800;

/** Ours are longer than minikube's own waits, so that its own words about a failure are heard. */
const WAIT = '6m0s';

/**
 * What each node gets: `--memory` is that of one, and the setting is what the cluster comes to hold.
 *
 * @param megabytes MiB, of the setting
 */
export function nodeMegabytes(megabytes: number, nodes: number): number {
  return nodes === 1 ? megabytes : Math.max(LEAST_MEGABYTES, Math.floor(megabytes / nodes));
}

/** Nobody is asked, and it ends when its own checks of the cluster pass. */
export const startArgs = (name: string): string[] => [
  'start',
  '-p',
  name,
  '-o',
  'json',
  '--interactive=false',
  '--wait=all',
  `--wait-timeout=${WAIT}`,
];

/**
 * The start of a cluster that is to be made. Refused: what no machine of minikube's could be.
 *
 * @param megabytes MiB, of the setting `cluster.memoryMegabytes`
 */
export function createArgs(record: ClusterRecord, driver: Driver, megabytes: number): Result<string[]> {
  const { name, nodes, config } = record;
  if (config !== '') return fail('minikubeNoConfig');
  const each = nodeMegabytes(megabytes, nodes);
  if (each < LEAST_MEGABYTES)
    return fail('minikubeMemoryLow', { name, detail: `${each} < ${LEAST_MEGABYTES} MiB`, log: '' });
  const version = versionArgs(record, driver);
  if (!version.ok) return version;
  return ok([
    ...startArgs(name),
    '--embed-certs',
    `--nodes=${nodes}`,
    `--memory=${each}mb`,
    ...(driver === null ? [] : [`--driver=${driver}`]),
    ...version.value,
    ...portArgs(record, driver),
    ...networkArgs(record, driver),
  ]);
}

/**
 * `cluster.image`: a version of Kubernetes, kind's image of one, or for containers minikube's own base image under another
 * name. Empty: minikube's default.
 */
function versionArgs({ image }: ClusterRecord, driver: Driver): Result<string[]> {
  if (image === '') return ok([]);
  const version = /^(?:v?(\d+\.\d+(?:\.\d+)?)|(?:.*\/)?kindest\/node:v?(\d+\.\d+\.\d+)(?:@.*)?)$/.exec(image);
  const number = version?.[1] ?? version?.[2];
  if (number !== undefined) return ok([`--kubernetes-version=v${number}`]);
  if (image === 'stable' || image === 'latest') return ok([`--kubernetes-version=${image}`]);
  if (driver === 'docker') return ok([`--base-image=${image}`]);
  return fail('minikubeVersion', { detail: image, log: '' });
}

/**
 * The workload's NodePort on loopback. A VM has an address of its own instead. minikube publishes a port on each container
 * of a cluster, of which the second then fails (kubernetes/minikube#16766).
 */
export function portArgs({ hostPort, nodePort, nodes }: ClusterRecord, driver: Driver): string[] {
  return driver === 'docker' && nodes === 1 ? [`--ports=127.0.0.1:${hostPort}:${nodePort}`] : [];
}

/** Networks that are this Mac's alone, and the names under which the LAN would call its API. */
function networkArgs({ tunnel, subnets, nodes }: ClusterRecord, driver: Driver): string[] {
  const own = tunnel ?? subnets;
  const ofPods =
    own === undefined
      ? []
      : [
          `--service-cluster-ip-range=${own.serviceSubnet}`,
          `--extra-config=kubeadm.pod-network-cidr=${own.podSubnet}`,
        ];
  const ofNodes = tunnel !== null && driver === 'docker' ? [`--subnet=${tunnel.nodeSubnet}`] : [];
  const lan = (tunnel?.lanNames ?? []).map((address) => `--apiserver-ips=${address}`);
  // VMs reach each other by no other network of vfkit's (minikube's handbook, driver vfkit).
  const between = driver === 'vfkit' && nodes > 1 ? ['--network=vmnet-shared'] : [];
  return [...ofPods, ...ofNodes, ...lan, ...between];
}
