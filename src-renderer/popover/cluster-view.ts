import { assertNever } from '../../src-shared/assert-never.ts';
import type { MessageKey } from '../../src-shared/language/translate.ts';
import type { Cluster, ClusterNode, StepStatus } from '../../src-shared/world/clusters.ts';
import type { Runtime } from '../../src-shared/world/runtime.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { Tone } from '../parts/tone.ts';

/** What a person can do about a cluster now; one action, the one that fits. */
export type ClusterAction = 'create' | 'start' | 'startAnyway' | 'stop' | 'cancel' | 'none';

/** @param refused the memory guard said no to a start, just now or on its own */
export function actionFor(cluster: Cluster | undefined, refused: boolean): ClusterAction {
  if (cluster === undefined) return 'create';
  if (cluster.operation !== null) return cluster.operation.cancelling ? 'none' : 'cancel';
  switch (cluster.state) {
    case 'absent':
      return 'create';
    case 'stopped':
    case 'paused':
      return refused ? 'startAnyway' : 'start';
    case 'running':
    case 'degraded':
    case 'partial':
    case 'starting':
      return 'stop';
    case 'stopping':
    case 'unknown':
      return 'none';
    default:
      return assertNever(cluster.state);
  }
}

/** What the memory guard found when it looked again after a start; null when all is well. */
export function memoryNote({ state, admission, operation }: Cluster): MessageKey | null {
  if (state !== 'running' || operation !== null || admission === null) return null;
  return admission.verdict === 'fits' ? null : `admission.running.${admission.verdict}`;
}

/** Whether a cluster stands in that runtime: minikube may have a machine of its own, and then nothing of its runs there. */
export function standsIn({ provider, state }: Cluster, { name, containers }: Runtime): boolean {
  if (name === null || provider === 'embedded') return false;
  return provider === 'kind' || state !== 'running' || (containers?.ours ?? 0) > 0;
}

export function stateTone({ state }: Pick<Cluster, 'state'>): Tone {
  switch (state) {
    case 'running':
      return 'ok';
    case 'degraded':
    case 'partial':
    case 'starting':
    case 'stopping':
    case 'unknown':
      return 'warn';
    case 'stopped':
    case 'absent':
    case 'paused':
      return 'dim';
    default:
      return assertNever(state);
  }
}

export function glyphTone({ ready }: Pick<ClusterNode, 'ready'>): Tone {
  return ready === null ? 'dim' : ready ? 'ok' : 'bad';
}

export function readyKey({ ready }: Pick<ClusterNode, 'ready'>): MessageKey {
  return ready === null ? 'cluster.ready.unknown' : ready ? 'cluster.ready.yes' : 'cluster.ready.no';
}

/** A node's name without the cluster's, which stands above it: tools put one before the other. */
export function nodeLabel(cluster: Pick<Cluster, 'name'>, node: Pick<ClusterNode, 'name'>): string {
  const prefix = `${cluster.name}-`;
  return node.name.startsWith(prefix) ? node.name.slice(prefix.length) : node.name;
}

/** What a step's time says: how long it took, how long it has been, how long it usually takes. */
export function stepTime({ status, elapsedMs, usualMs, slow }: StepStatus): Sentence | null {
  if (slow === true && elapsedMs !== null && usualMs !== null)
    return sentence('steps.slow', { tookMs: elapsedMs, usualMs });
  switch (status) {
    case 'done':
    case 'failed':
      if (elapsedMs === null) return null;
      return elapsedMs < 1000 ? sentence('steps.instant') : sentence('steps.took', { tookMs: elapsedMs });
    case 'running':
      if (elapsedMs === null) return null;
      return usualMs === null
        ? sentence('steps.took', { tookMs: elapsedMs })
        : sentence('steps.running', { tookMs: elapsedMs, usualMs });
    case 'waiting':
      return usualMs === null ? null : sentence('steps.usual', { usualMs });
    case 'skipped':
      return sentence('steps.skipped');
    default:
      return assertNever(status);
  }
}
