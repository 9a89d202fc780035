import { onTestFinished } from 'vitest';
import type { TandemError } from '../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../src-shared/world/clusters.ts';
import { dockerApi } from '../../src-engine/cluster/docker/docker-api.ts';
import { kindFiles } from '../../src-engine/cluster/kind/kind-files.ts';
import type { KindHands } from '../../src-engine/cluster/kind/kind-hands.ts';
import { kindMemory } from '../../src-engine/cluster/kind/kind-memory.ts';
import { planOf } from '../../src-engine/cluster/kind/kind-plan.ts';
import type { ClusterRecord } from '../../src-engine/cluster/provider.ts';
import type { ApiSnapshot } from '../../src-engine/cluster/readiness.ts';
import { runPlan } from '../../src-engine/cluster/run-plan.ts';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import type { Tools } from '../../src-engine/platform/tools.ts';
import { dockerDaemon, type DockerDaemon } from './docker-daemon.ts';
import { replayedTool, toolsThatFind, type Replay, type ReplayedTool } from './replayed-tool.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** kind's plans on a daemon that is a list, with an API that tells what is wanted, and tools that are recordings. */
export interface KindBench {
  readonly hands: KindHands;
  readonly daemon: DockerDaemon;
  readonly kind: ReplayedTool;
  readonly docker: ReplayedTool;
  /** What the API says; null: it does not answer. Default: every node that runs is alive, and all is proven. */
  api: (running: readonly string[]) => ApiSnapshot | null;
  /** A cluster of so many nodes, in Docker. */
  cluster(nodes: number): void;
  run(verb: ClusterVerb, signal?: AbortSignal): Promise<Ran>;
}

export interface Ran {
  readonly error: TandemError | null;
  /** Steps and parts, as they began. */
  readonly steps: readonly string[];
  readonly details: readonly string[];
}

export interface KindBenchParts {
  readonly kind?: readonly Replay[];
  readonly docker?: readonly Replay[];
  readonly record?: Partial<ClusterRecord>;
  readonly hands?: Partial<KindHands>;
}

export const NAME = 'core';
const CONTROL_PLANE = `${NAME}-control-plane`;

/** Names as kind gives them. */
export const nodeNames = (count: number): string[] =>
  [CONTROL_PLANE, `${NAME}-worker`, `${NAME}-worker2`].slice(0, count);

export async function kindBench(parts: KindBenchParts = {}): Promise<KindBench> {
  const daemon = await dockerDaemon();
  onTestFinished(() => daemon.close());
  daemon.inside = () => 'answered\n';
  const folder = temporaryFolder('kind-bench');
  const kind = replayedTool(folder, 'kind', parts.kind ?? []);
  const docker = replayedTool(folder, 'docker', parts.docker ?? []);
  const record = {
    name: NAME,
    provider: 'kind',
    createdAt: '',
    nodes: 1,
    image: 'example/node:1',
    hostPort: 28080,
    nodePort: 30080,
    config: '',
    tunnel: null,
    ...parts.record,
  } as ClusterRecord;
  const running = (): string[] =>
    [...daemon.containers.values()].filter(({ state }) => state === 'running').map(({ name }) => name);
  const hands: KindHands = {
    docker: dockerApi(() => daemon.socket),
    api: {
      read: async () => bench.api(running()),
      why: () => null,
      settled: async () => true,
    },
    files: kindFiles(`${folder}/clusters`, `${folder}/logs`),
    clock: systemClock,
    scheduler: systemScheduler,
    memory: kindMemory(),
    log: silentLog,
    // Nothing is held by the dead, and no DNS waits.
    help: () => ({
      releaseDead: async () => true,
      waitingDns: async () => ({ apiAddress: '10.96.0.1', pods: [] }),
      replace: () => Promise.reject(new Error('not asked')),
    }),
    tools: withNodes(
      toolsThatFind({
        kind,
        docker,
      }),
      kind,
      daemon,
      () => bench.cluster(record.nodes),
    ),
    pods: {
      empty: () => Promise.reject(new Error('not asked')),
      open: async () => true,
    },
    readYaml: async (text) => JSON.parse(text) as unknown,
    probePort: async () => null,
    freeBytes: async () => null,
    ...parts.hands,
  };
  const bench: KindBench = {
    hands,
    daemon,
    kind,
    docker,
    api: allProven,
    cluster(nodes) {
      nodeNames(nodes).forEach((name, index) =>
        daemon.put(name, {
          cluster: NAME,
          role: index === 0 ? 'control-plane' : 'worker',
          ...(index === 0
            ? {
                ports: {
                  '30080/tcp': record.hostPort,
                  '6443/tcp': 26443,
                },
              }
            : {}),
        }),
      );
    },
    run: (verb, signal = new AbortController().signal) => run(hands, verb, record, signal),
  };
  return bench;
}

/**
 * What a recording cannot do: a create has nodes from its beginning, one that fails removes them itself, and one that is
 * killed does not (recordings of kind, note 11); a delete removes them.
 */
function withNodes(tools: Tools, kind: ReplayedTool, daemon: DockerDaemon, put: () => void): Tools {
  const clear = (): void => [...daemon.containers.keys()].forEach(daemon.remove);
  return {
    ...tools,
    async run(tool, args, options) {
      const isKind = tool === kind.path;
      if (isKind && args.includes('create')) put();
      const result = await tools.run(tool, args, options);
      const isFailed = args.includes('create') && (result.exitCode ?? 0) > 0;
      if (isKind && (isFailed || (args.includes('delete') && result.exitCode === 0))) clear();
      return result;
    },
  };
}

/** An API whose every word is of this moment. */
export function allProven(running: readonly string[]): ApiSnapshot {
  const now = new Date();
  return {
    nodes: running.map((name) => ({ name, ready: true, heartbeatAt: now, pods: 1 })),
    leaderSince: now,
    dns: [{ startedAt: now, ready: true }],
  };
}

async function run(
  hands: KindHands,
  verb: ClusterVerb,
  record: ClusterRecord,
  signal: AbortSignal,
): Promise<Ran> {
  const steps: string[] = [];
  const details: string[] = [];
  const plan = await planOf(hands, verb, record);
  if (!plan.ok) return { error: plan.error, steps, details };
  const events = {
    begins: (id: string) => void steps.push(id),
    part: (id: string) => void (steps.at(-1) === id ? undefined : steps.push(id)),
    detail: (text: string | null) => void (text === null ? undefined : details.push(text)),
    child: () => undefined,
  };
  const result = await runPlan(plan.value, events, signal, hands.scheduler);
  return { error: result.ok ? null : result.error, steps, details };
}
