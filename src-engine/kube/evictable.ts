/** Of a pod, as the API of Kubernetes writes it: what is looked at here. */
export interface PodFacts {
  readonly metadata?: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly uid?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly deletionTimestamp?: Date | undefined;
    readonly ownerReferences?:
      readonly { readonly kind: string; readonly controller?: boolean | undefined }[] | undefined;
  };
  readonly spec?: {
    readonly nodeName?: string | undefined;
    readonly volumes?: readonly { readonly emptyDir?: unknown }[] | undefined;
  };
  readonly status?: { readonly phase?: string | undefined };
}

/**
 * What a departure makes of a pod. `evict`: asked to go, by its budget. `bare`, `localData`: never touched, since nobody
 * would make it anew, or its data would be gone; it ends with its node and comes back with it. All else has nothing to
 * move: it belongs to the node (`daemonSet`, `mirror`) or to the cluster itself (`system`), or it has `finished`.
 */
export type Standing = 'evict' | 'bare' | 'localData' | 'daemonSet' | 'mirror' | 'system' | 'finished';

/** Set by the kubelet on what it runs from a file of its node. */
const MIRROR = 'kubernetes.io/config.mirror';
/** The cluster's own: other pods need it while they end, and it comes and goes with the cluster. */
const ownNamespaces: readonly string[] = [
  'kube-system',
  'kube-node-lease',
  'kube-public',
  'local-path-storage',
];

/**
 * The rules of `kubectl drain` without its forcing flags (kubernetes, kubectl/pkg/drain/filters.go), but for what belongs
 * to the cluster itself: kubectl empties one node of a cluster that goes on, and here all of it ends.
 */
export function standingOf({ metadata, spec, status }: PodFacts): Standing {
  if (metadata?.annotations?.[MIRROR] !== undefined) return 'mirror';
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return 'finished';
  const controller = (metadata?.ownerReferences ?? []).find(({ controller: owns }) => owns === true);
  if (controller?.kind === 'DaemonSet') return 'daemonSet';
  if (ownNamespaces.includes(metadata?.namespace ?? '')) return 'system';
  if (controller === undefined) return 'bare';
  const keepsData = (spec?.volumes ?? []).some(({ emptyDir }) => emptyDir != null);
  return keepsData ? 'localData' : 'evict';
}

/** `NAMESPACE/NAME`. */
export function podName({ metadata }: PodFacts): string {
  return `${metadata?.namespace ?? '?'}/${metadata?.name ?? '?'}`;
}
