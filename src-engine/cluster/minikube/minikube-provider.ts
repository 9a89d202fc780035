import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { MIB } from '../../../src-shared/units.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import { onceFound } from '../once-found.ts';
import { checkAbsent } from '../check-absent.ts';
import type { ClusterProvider, ClusterRecord, Observation, Plan, Step, StepContext } from '../provider.ts';
import { minikubeFailure, parseEvent, type MinikubeEvent } from './minikube-events.ts';
import { statusOf } from './minikube-status.ts';

export interface MinikubeHands {
  readonly tools: Tools;
  readonly log: Logger;
  /** What a cluster gets and holds, from the settings. */
  memoryMegabytes(): number;
}

const MINUTE_MS = 60_000;
/** Limits of research/cluster-tools.md, section 7. */
const LIMITS_MS = {
  version: 10_000,
  status: 15_000,
  start: 15 * MINUTE_MS,
  stop: 3 * MINUTE_MS,
  delete: 5 * MINUTE_MS,
};

/** Clusters of minikube, thin: start, stop, delete and status of a profile, by its documented events and exit codes. */
export function minikubeProvider(hands: MinikubeHands): ClusterProvider {
  const version = onceFound(() => readVersion(hands));
  return {
    name: 'minikube',
    status: async () => {
      const found = await version();
      return {
        provider: 'minikube',
        available: found !== null,
        version: found,
        why: found === null ? 'minikubeMissing' : null,
      };
    },
    observe: (record) => observe(hands, record),
    plan: async (verb, record) => planOf(hands, verb, record),
    kubeconfig: async ({ name }) => kubeconfig(hands, name),
    async memoryNeed(record) {
      const needBytes = hands.memoryMegabytes() * MIB;
      const { state } = await observe(hands, record);
      return {
        needBytes,
        touchedBytes: state === 'running' || state === 'degraded' || state === 'paused' ? needBytes : 0,
      };
    },
    endOrphans: async () => [],
  };
}

async function observe({ tools }: MinikubeHands, { name }: ClusterRecord): Promise<Observation> {
  const path = await tools.find('minikube');
  if (path === null)
    return { state: 'unknown', why: 'minikubeMissing', nodes: [], source: 'minikube status' };
  const { stdout, exitCode } = await tools.run(path, ['status', '-p', name, '-o', 'json'], {
    timeoutMs: LIMITS_MS.status,
  });
  return statusOf(stdout, exitCode);
}

function planOf(hands: MinikubeHands, verb: ClusterVerb, record: ClusterRecord): Result<Plan> {
  const { name } = record;
  const start = startStep(hands, record);
  const stop = simpleStep(
    hands,
    'minikubeStop',
    ['stop', '-p', name, '-o', 'json', '--keep-context-active'],
    LIMITS_MS.stop,
  );
  const remove = simpleStep(hands, 'minikubeDelete', ['delete', '-p', name], LIMITS_MS.delete);
  const undoing = (step: Step) => async (): Promise<void> =>
    void (await step.run(quiet(AbortSignal.timeout(MINUTE_MS))));
  switch (verb) {
    case 'create':
      return ok({
        steps: [checkAbsent(record, (asked) => observe(hands, asked)), start],
        expected: ['running'],
        undo: undoing(remove),
      });
    case 'start':
      return ok({ steps: [start], expected: ['running'], undo: undoing(stop) });
    case 'stop':
      return ok({ steps: [stop], expected: ['stopped'], undo: undoing(stop) });
    case 'delete':
      return ok({ steps: [remove], expected: ['absent'], undo: async () => undefined });
    case 'drain':
      return fail('providerUnsupported', { provider: 'minikube', verb });
  }
}

function startStep(hands: MinikubeHands, record: ClusterRecord): Step {
  const args = [
    'start',
    '-p',
    record.name,
    '-o',
    'json',
    '--interactive=false',
    `--nodes=${record.nodes}`,
    `--memory=${hands.memoryMegabytes()}mb`,
  ];
  return simpleStep(hands, 'minikubeStart', args, LIMITS_MS.start);
}

function simpleStep(hands: MinikubeHands, id: string, args: readonly string[], limitMs: number): Step {
  return { id, limitMs, run: (context) => minikube(hands, args, limitMs, context) };
}

async function minikube(
  hands: MinikubeHands,
  args: readonly string[],
  limitMs: number,
  context: StepContext,
): Promise<Result<void>> {
  const path = await hands.tools.find('minikube');
  if (path === null) return fail('toolMissing', { tool: 'minikube' });
  const events: MinikubeEvent[] = [];
  const { exitCode, stderr, failure } = await hands.tools.run(path, args, {
    timeoutMs: limitMs,
    signal: context.signal,
    onSpawn: context.child,
    onStdoutLine: (line) => {
      const event = parseEvent(line);
      if (event === null) return;
      events.push(event);
      context.detail(textOf(event));
    },
  });
  hands.log.info({ tool: 'minikube', args, exitCode, failure, stderr }, 'minikube ended');
  return exitCode === 0 ? ok(undefined) : minikubeFailure(events, exitCode);
}

/** minikube's own words for what it is doing; its step numbers skip, so they are shown and not counted with. */
function textOf(event: MinikubeEvent): string | null {
  if (event.type === 'step')
    return event.current === null || event.total === null
      ? event.name
      : `${event.current}/${event.total} ${event.name}`;
  if (event.type === 'download')
    return `${event.artifact} ${event.progress === null ? '' : `${Math.round(event.progress * 100)} %`}`.trim();
  return null;
}

async function kubeconfig({ tools }: MinikubeHands, name: string): Promise<Result<string>> {
  const path = await tools.find('minikube');
  if (path === null) return fail('toolMissing', { tool: 'minikube' });
  const args = ['-p', name, 'kubectl', '--', 'config', 'view', '--minify', '--flatten', `--context=${name}`];
  const { exitCode, stdout } = await tools.run(path, args, { timeoutMs: MINUTE_MS });
  return exitCode === 0 ? ok(stdout) : fail('clusterNotRunning', { name, state: 'unknown' });
}

async function readVersion({ tools }: MinikubeHands): Promise<string | null> {
  const path = await tools.find('minikube');
  if (path === null) return null;
  const { stdout } = await tools.run(path, ['version', '-o', 'json'], { timeoutMs: LIMITS_MS.version });
  return /"minikubeVersion":\s*"v?([^"]+)"/.exec(stdout)?.[1] ?? 'unknown';
}

function quiet(signal: AbortSignal): StepContext {
  return { signal, child: () => undefined, part: () => undefined, detail: () => undefined };
}
