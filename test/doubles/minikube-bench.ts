import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type TandemError } from '../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../src-shared/world/clusters.ts';
import { minikubeFiles } from '../../src-engine/cluster/minikube/minikube-files.ts';
import {
  minikubeMemory,
  type MinikubeHands,
  type MinikubeSettings,
} from '../../src-engine/cluster/minikube/minikube-hands.ts';
import { planOf } from '../../src-engine/cluster/minikube/minikube-plan.ts';
import type { ClusterRecord } from '../../src-engine/cluster/provider.ts';
import { runPlan } from '../../src-engine/cluster/run-plan.ts';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { allProven } from './kind-bench.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const record = (over: Partial<ClusterRecord> = {}): ClusterRecord => ({
  name: 'lab',
  provider: 'minikube',
  createdAt: '',
  nodes: 1,
  image: '',
  hostPort: 28_080,
  nodePort: 30_080,
  config: '',
  tunnel: null,
  ...over,
});
const settings: MinikubeSettings = {
  memoryMegabytes: 2048,
  minikubeDriver: 'auto',
  hostPort: 28_080,
  nodePort: 30_080,
};

interface Parts {
  readonly hasDocker?: boolean;
  readonly hasVfkit?: boolean;
  readonly isDockerUp?: boolean;
  /** What a verb of minikube's exits with; default 0. */
  readonly exits?: Readonly<Record<string, number>>;
  readonly apiServer?: 'Running' | 'Paused';
  readonly settings?: Partial<MinikubeSettings>;
  /** Its API tells that everything has been anew for an hour. */
  readonly isProven?: true;
  /** Names of containers that are in Docker, whoever made them. */
  readonly taken?: readonly string[];
  readonly dockerId?: string;
}

/** Hands whose minikube only notes what it is asked, and says what a status is to say. */
export function minikubeBench({
  hasDocker = false,
  hasVfkit = true,
  isDockerUp = false,
  exits = {},
  apiServer = 'Running',
  settings: set,
  isProven,
  taken = [],
  dockerId = 'this-docker',
}: Parts = {}) {
  const place = temporaryFolder('minikube-plan');
  const calls: string[] = [];
  const drained: string[] = [];
  const status = {
    Name: 'lab',
    Host: 'Running',
    Kubelet: 'Running',
    APIServer: apiServer,
    Kubeconfig: 'Configured',
  };
  const files = minikubeFiles({
    clustersFolder: join(place, 'clusters'),
    logsFolder: join(place, 'logs'),
    minikubeHome: join(place, '.minikube'),
  });
  const found: Readonly<Record<string, boolean>> = { minikube: true, docker: hasDocker, vfkit: hasVfkit };
  const hands = {
    files,
    memory: minikubeMemory(),
    clock: systemClock,
    scheduler: systemScheduler,
    log: silentLog,
    settings: () => ({ ...settings, ...set }),
    probePort: async () => null,
    readYaml: async (text: string) => JSON.parse(text) as unknown,
    docker: {
      ping: async () => isDockerUp,
      publishers: async () => (isDockerUp ? ok([]) : fail('dockerDown')),
      containers: async () => ok([]),
      info: async () => ({ id: dockerId }),
      inspect: async (name: string) => (taken.includes(name) ? ok({}) : fail('nodeGone', { node: name })),
    },
    api: {
      read: async () => (isProven === true ? allProven(['lab']) : null),
      why: () => null,
      settled: async () => true,
    },
    pods: {
      async empty(name: string, kubeconfig: string) {
        drained.push(`${name} ${kubeconfig}`);
        return ok(undefined);
      },
      open: async () => true,
    },
    tools: {
      find: async (name: string) => (found[name] === true ? `/bin/${name}` : null),
      async run(_path: string, args: readonly string[]) {
        calls.push(args.join(' '));
        const verb = args[0] ?? '';
        const isThere = apiServer === 'Paused' || verb !== 'status';
        const inside = verb === 'ssh' ? 'btime 1700000000\nanswered\n' : '';
        const stdout = verb === 'status' && isThere ? JSON.stringify(status) : inside;
        return { exitCode: isThere ? (exits[verb] ?? 0) : 85, stdout, stderr: '', failure: null };
      },
    },
  } as unknown as MinikubeHands;
  /** A profile on disk, as a start of minikube's leaves it. */
  const profile = (driver: string, memory = 3072): void => {
    const folder = join(place, '.minikube/profiles/lab');
    mkdirSync(folder, { recursive: true });
    const config = { Driver: driver, Memory: memory, Nodes: [{ Name: '', ControlPlane: true }] };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  };
  return { hands, files, calls, drained, profile };
}

export async function run(
  hands: MinikubeHands,
  verb: ClusterVerb,
  stopAt?: { step: string; error: TandemError },
) {
  const steps: string[] = [];
  const over = new AbortController();
  const plan = await planOf(hands, verb, record());
  if (!plan.ok) return { error: plan.error, steps };
  const events = {
    begins(id: string) {
      steps.push(id);
      // A moment later, as a person would.
      if (id === stopAt?.step) setImmediate(() => over.abort(stopAt.error));
    },
    part: () => undefined,
    detail: () => undefined,
    child: () => undefined,
  };
  const result = await runPlan(plan.value, events, over.signal, systemScheduler);
  return { error: result.ok ? null : result.error, steps };
}
export const cancelled: TandemError = { code: 'cancelled', params: { name: 'lab', verb: 'start' } };
