import type { Result, TandemError } from '../../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import type { DockerEndpoint } from '../../platform/docker-socket.ts';
import type { Tools } from '../../platform/tools.ts';
import type { ClusterProvider, ClusterRecord, Plan, Step } from '../provider.ts';
import { START_LIMIT_MS } from './runtime-change.ts';
import type { RuntimeRoom } from './runtime-room.ts';

/** Whether a cluster stands in containers: surely, only when its runtime could be started, or not at all. */
export type Need = 'must' | 'may' | 'no';

type Runtime = Pick<RuntimeRoom, 'get' | 'look' | 'start' | 'used' | 'takeBack' | 'need'>;

/**
 * A provider whose clusters stand in the container runtime: a start or create begins with the runtime when
 * that is down, as a step of its own, and the memory guard weighs the runtime's machine.
 */
export function runtimeFirst(
  inner: ClusterProvider,
  runtime: Runtime,
  needs: (record: ClusterRecord, verb: ClusterVerb) => Promise<Need>,
): ClusterProvider {
  return {
    ...inner,
    async status() {
      const status = await inner.status();
      // It can be used: a start begins with the runtime.
      const comesFirst = status.why === 'dockerDown' && (runtime.get() ?? (await runtime.look())).startable;
      return comesFirst ? { ...status, available: true, why: null } : status;
    },
    async plan(verb, record) {
      const planned = await inner.plan(verb, record);
      if (!planned.ok || (verb !== 'create' && verb !== 'start')) return planned;
      const need = await needs(record, verb);
      if (need === 'no') return planned;
      const { value: plan } = planned;
      if (await isFirst(runtime, need)) return { ok: true, value: begunWith(runtime, plan, record.name) };
      runtime.used();
      return planned;
    },
    async memoryNeed(record) {
      const own = await inner.memoryNeed(record);
      const need = await needs(record, 'create');
      return need === 'no' ? own : runtime.need(own, record);
    },
  };
}

/**
 * A runtime that nobody knows is left to the provider's own words, which say that it is down; so is one that may be
 * up and does not say so, or does not let us in.
 */
async function isFirst(runtime: Runtime, need: Need): Promise<boolean> {
  const { state, name, startable } = await runtime.look();
  if (state === 'running' || name === 'other' || state === 'unknown') return false;
  return need === 'must' || startable || state === 'starting';
}

function begunWith(runtime: Runtime, plan: Plan, cluster: string): Plan {
  const first: Step = {
    id: 'startRuntime',
    limitMs: START_LIMIT_MS,
    // Nothing of the cluster is begun: what fails here leaves nothing to undo.
    harmless: true,
    run: ({ signal }) => startHeeding(runtime, cluster, signal),
  };
  return {
    ...plan,
    steps: [first, ...plan.steps],
    after(error) {
      plan.after?.(error);
      // Only the machine's stop gives back what its start has taken.
      if (error.code === 'memoryRolledBack') void runtime.takeBack(cluster);
    },
  };
}

/**
 * A cancel does not wait for the runtime, which goes on starting: somebody may try again. A start that was ended
 * for memory stops it once it is up, or it would hold what was to come back.
 */
async function startHeeding(runtime: Runtime, cluster: string, signal: AbortSignal): Promise<Result<void>> {
  const work = runtime.start(cluster);
  const ended = new Promise<Result<never>>((resolve) => {
    signal.addEventListener('abort', () => resolve({ ok: false, error: signal.reason as TandemError }));
  });
  const result = await Promise.race([work, ended]);
  if (signal.aborted && (signal.reason as TandemError).code === 'memoryRolledBack')
    void work.then(() => runtime.takeBack(cluster));
  return result;
}

/** Where every tool looks by itself. */
const USUAL = '/var/run/docker.sock';

/**
 * Tools that talk to Docker find the runtime where Tandem found it: in a place that no context names, they
 * are told.
 */
export function toolsAt(tools: Tools, endpoint: () => DockerEndpoint): Tools {
  return {
    ...tools,
    run(tool, args, options) {
      const { path, by } = endpoint();
      const isTold = by === 'place' && path !== null && path !== USUAL;
      const env = { ...(isTold ? { DOCKER_HOST: `unix://${path}` } : {}), ...options.env };
      return tools.run(tool, args, { ...options, env });
    },
  };
}
