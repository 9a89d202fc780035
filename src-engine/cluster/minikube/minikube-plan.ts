import type { ErrorCode } from '../../../src-shared/errors/codes.ts';
import { ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import { evictStepBy, isOnlyClosed, openAfterDrain, openStep } from '../drain-steps.ts';
import { unfollowed } from '../kind/kind-nodes.ts';
import { checkDocker, checkPorts } from '../kind/kind-preflight.ts';
import type { ClusterRecord, Plan, Step, StepContext } from '../provider.ts';
import { createArgs, portArgs, startArgs } from './minikube-args.ts';
import { chooseDriver, type Driver } from './minikube-driver.ts';
import { detailOf } from './minikube-events.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import { keepDocker } from './minikube-machine.ts';
import { checkFree, checkHere } from './minikube-checks.ts';
import { observeMinikube } from './minikube-observe.ts';
import { proofSteps } from './minikube-proofs.ts';
import { partReached, startParts } from './minikube-steps.ts';
import { fetchKubeconfig, keepKubeconfig, runMinikube } from './minikube-tool.ts';

const MINUTE_MS = 60_000;
/** Limits of research/cluster-tools.md, section 7. */
const LIMITS_MS = {
  start: 15 * MINUTE_MS,
  stop: 3 * MINUTE_MS,
  delete: 5 * MINUTE_MS,
  pause: MINUTE_MS,
};

/** How a verb is carried out. What no machine of minikube's could be is refused here, before anything is begun. */
export async function planOf(
  hands: MinikubeHands,
  verb: ClusterVerb,
  record: ClusterRecord,
): Promise<Result<Plan>> {
  switch (verb) {
    case 'create':
      return createPlan(hands, record, await driverNow(hands));
    case 'start':
      return ok(await startPlan(hands, record));
    case 'stop':
      // There is no way back from the middle of a stop: a cancel finishes it.
      return ok({
        steps: [...(await ofDocker(hands, record)), stopStep(hands, record)],
        expected: ['stopped'],
        undo: () => quietly(hands, record, stopStep),
      });
    case 'delete':
      return ok({
        steps: [...(await ofDocker(hands, record)), deleteStep(hands, record)],
        expected: ['absent'],
        undo: async () => undefined,
      });
    case 'drain':
      return ok({
        steps: [
          ...(await ofDocker(hands, record)),
          evictStepBy(hands, record, (asked) => observeMinikube(hands, asked)),
        ],
        expected: ['running', 'degraded'],
        undo: (_, { code }) => (untouched.includes(code) ? Promise.resolve() : undrain(hands, record)),
      });
  }
}

/** What a cluster that is made now would stand in. */
export async function driverNow({
  settings,
  docker,
  tools,
}: Pick<MinikubeHands, 'settings' | 'docker' | 'tools'>) {
  const [isDockerUp, dockerTool, vfkit] = await Promise.all([
    docker.ping(),
    tools.find('docker'),
    tools.find('vfkit'),
  ]);
  const facts = { isDockerUp, hasDocker: dockerTool !== null, hasVfkit: vfkit !== null };
  return chooseDriver(settings().minikubeDriver, facts);
}

function createPlan(hands: MinikubeHands, record: ClusterRecord, driver: Driver): Result<Plan> {
  const args = createArgs(record, driver, hands.settings().memoryMegabytes);
  if (!args.ok) return args;
  const { hostPort } = record;
  const port = { host: '127.0.0.1', port: hostPort, protocol: 'tcp' as const };
  return ok({
    steps: [
      ...(driver === 'docker' ? [checkDocker(hands)] : []),
      checkFree(hands, record),
      ...(portArgs(record, driver).length > 0 ? [checkPorts(hands, [port])] : []),
      startStep(hands, record, 'create', args.value),
      ...proofSteps(hands, record),
    ],
    expected: ['running'],
    undo: () => quietly(hands, record, removeStep),
  });
}

/** A paused cluster is woken, which takes seconds; everything else is started. */
async function startPlan(hands: MinikubeHands, record: ClusterRecord): Promise<Plan> {
  const { state } = await observeMinikube(hands, record);
  const isPaused = state === 'paused';
  const ran = state === 'running' || state === 'degraded' || state === 'partial';
  return {
    steps: [
      ...(await ofDocker(hands, record)),
      isPaused ? unpauseStep(hands, record) : startStep(hands, record, 'start', startArgs(record.name)),
      ...proofSteps(hands, record),
      openStep(hands, record),
    ],
    expected: ['running'],
    async undo(reached, error) {
      if (isOnlyClosed(reached, error)) return;
      // What ran before is left running.
      if (ran && error.code !== 'memoryRolledBack') return;
      // Only a stop gives memory back; a pause is how it was found.
      const back = isPaused && error.code !== 'memoryRolledBack' ? pauseStep : stopStep;
      await quietly(hands, record, back);
    },
  };
}

/** A daemon that is away, or is another one, is named at once, and not by a tool that waits for it or makes it all anew. */
async function ofDocker(hands: MinikubeHands, { name }: ClusterRecord): Promise<Step[]> {
  const profile = await hands.files.profile(name);
  return profile?.driver === 'docker' ? [checkDocker(hands), checkHere(hands, profile)] : [];
}

function startStep(
  hands: MinikubeHands,
  record: ClusterRecord,
  verb: 'create' | 'start',
  args: readonly string[],
): Step {
  const parts = startParts(verb, record.nodes);
  return {
    id: 'minikubeStart',
    limitMs: LIMITS_MS.start,
    parts,
    async run(context) {
      hands.memory.bootedAt.delete(record.name);
      let at: string | null = parts[0] ?? null;
      const started = await runMinikube(hands, record.name, args, {
        signal: context.signal,
        limitMs: LIMITS_MS.start,
        context,
        keepsLog: true,
        onEvent(event) {
          const reached = event.type === 'step' ? partReached(parts, at, event.name) : at;
          if (reached !== null && reached !== at) context.part(reached);
          at = reached;
          const detail = detailOf(event);
          if (detail !== null) context.detail(detail);
        },
      });
      if (!started.ok) return started;
      await keepDocker(hands, record.name);
      return settled(await keepKubeconfig(hands, record.name));
    },
  };
}

/** A step that is one run of minikube, with its own words about it. */
function runStep(
  hands: MinikubeHands,
  { name }: ClusterRecord,
  { id, limitMs, args }: { readonly id: string; readonly limitMs: number; readonly args: readonly string[] },
): Step {
  return {
    id,
    limitMs,
    async run(context: StepContext) {
      const onEvent = (event: Parameters<typeof detailOf>[0]): void => {
        const detail = detailOf(event);
        if (detail !== null) context.detail(detail);
      };
      const run = { signal: context.signal, limitMs, context, onEvent, keepsLog: true } as const;
      return settled(await runMinikube(hands, name, args, run));
    },
  };
}

/** The context stays in our kubeconfig, or the next look would have nothing to look with. */
const stopStep = (hands: MinikubeHands, record: ClusterRecord): Step =>
  runStep(hands, record, {
    id: 'minikubeStop',
    limitMs: LIMITS_MS.stop,
    args: ['stop', '-p', record.name, '-o', 'json', '--keep-context-active'],
  });

const pauseStep = (hands: MinikubeHands, record: ClusterRecord): Step =>
  runStep(hands, record, {
    id: 'minikubePause',
    limitMs: LIMITS_MS.pause,
    args: ['pause', '-p', record.name, '-A', '-o', 'json'],
  });

function unpauseStep(hands: MinikubeHands, record: ClusterRecord): Step {
  const args = ['unpause', '-p', record.name, '-A', '-o', 'json'];
  const step = runStep(hands, record, { id: 'minikubeUnpause', limitMs: LIMITS_MS.pause, args });
  return {
    ...step,
    async run(context) {
      const woken = await step.run(context);
      if (!woken.ok) return woken;
      // What was proven before is old.
      hands.memory.wokenAt.set(record.name, hands.clock.wall());
      const text = await hands.files.kubeconfigText(record.name);
      return text === null ? settled(await fetchKubeconfig(hands, record.name, context.signal)) : woken;
    },
  };
}

/** It says yes to what is not there, and its words are no events. */
const removeStep = (hands: MinikubeHands, record: ClusterRecord): Step => {
  const args = ['delete', '-p', record.name];
  const step = runStep(hands, record, { id: 'minikubeDelete', limitMs: LIMITS_MS.delete, args });
  return {
    ...step,
    async run(context) {
      const removed = await step.run(context);
      if (removed.ok) await hands.files.remove(record.name);
      return removed;
    },
  };
};

function deleteStep(hands: MinikubeHands, record: ClusterRecord): Step {
  const step = removeStep(hands, record);
  return {
    ...step,
    async run(context) {
      const result = await step.run(context);
      if (result.ok) await hands.files.removeLog(record.name);
      return result;
    },
  };
}

/** What a drain is refused by before any node was closed. */
const untouched: readonly ErrorCode[] = [
  'clusterNotRunning',
  'dockerDown',
  'kubeconfigMissing',
  'kubeconfigOther',
];

async function undrain(hands: MinikubeHands, record: ClusterRecord): Promise<void> {
  if (!(await openAfterDrain(hands, record)))
    hands.log.warn({ name: record.name }, 'nodes that a drain has closed stay closed: a start opens them');
}

type OneStep = (hands: MinikubeHands, record: ClusterRecord) => Step;

/** The way back of a verb, which nobody follows. What has failed keeps its own log. */
async function quietly(hands: MinikubeHands, record: ClusterRecord, step: OneStep): Promise<void> {
  const files = { ...hands.files, keepLog: async () => undefined };
  await step({ ...hands, files }, record).run(unfollowed(AbortSignal.timeout(MINUTE_MS)));
}

const settled = (result: Result<unknown>): Result<void> => (result.ok ? ok(undefined) : result);
