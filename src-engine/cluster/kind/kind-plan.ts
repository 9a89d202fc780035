import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import { checkAbsent } from '../check-absent.ts';
import type { ClusterRecord, Plan, Step, StepContext } from '../provider.ts';
import { kindConfig } from './kind-config.ts';
import { evictStep, isOnlyClosed, openAfterDrain, openStep, type DrainHands } from './kind-drain.ts';
import { byAddress } from './kind-files.ts';
import { nodesWorkersFirst, observeKind } from './kind-observe.ts';
import { proofSteps } from './kind-proofs.ts';
import { createParts, kindFailure, partBegun } from './kind-output.ts';

export interface KindHands extends DrainHands {
  readonly tools: Tools;
  readonly log: Logger;
}

const MINUTE_MS = 60_000;
/** etcd ends within a second; the API server never does, whatever it is given (measured.md, kind 1). */
const STOP_GRACE_SECONDS = 10;

export function planOf(hands: KindHands, verb: ClusterVerb, record: ClusterRecord): Result<Plan> {
  const check = checkDocker(hands);
  const stopAll = async (): Promise<void> =>
    void (await stopNodes(hands, record, AbortSignal.timeout(MINUTE_MS)));
  const removal = deleteStep(hands, record);
  switch (verb) {
    case 'create':
      return ok({
        steps: [
          check,
          checkAbsent(record, (asked) => observeKind(hands, asked)),
          createStep(hands, record),
          ...proofSteps(hands, hands.scheduler, record),
          saveOrder(hands, record),
        ],
        expected: ['running'],
        undo: () => remove(hands, record),
      });
    case 'start':
      return ok({
        steps: [
          check,
          allowRestart(hands, record),
          startStep(hands, record),
          ...proofSteps(hands, hands.scheduler, record),
          openStep(hands, record),
        ],
        expected: ['running'],
        undo: async (reached, error) => (isOnlyClosed(reached, error) ? undefined : stopAll()),
      });
    case 'stop':
      // There is no way back from the middle of a stop: a cancel finishes it.
      return ok({
        steps: [check, holdStopped(hands, record), ...stopSteps(hands, record)],
        expected: ['stopped'],
        undo: stopAll,
      });
    case 'delete':
      return ok({ steps: [check, removal], expected: ['absent'], undo: async () => undefined });
    case 'drain':
      return ok({
        steps: [check, evictStep(hands, record)],
        expected: ['running', 'degraded'],
        undo: () => undrain(hands, record),
      });
  }
}

async function undrain(hands: KindHands, record: ClusterRecord): Promise<void> {
  if (!(await openAfterDrain(hands, record)))
    hands.log.warn({ name: record.name }, 'nodes that a drain has closed stay closed: a start opens them');
}

function checkDocker({ docker }: KindHands): Step {
  return {
    id: 'checkDocker',
    limitMs: 10_000,
    harmless: true,
    run: async () => ((await docker.ping()) ? ok(undefined) : fail('dockerDown')),
  };
}

/** Runs kind with a private kubeconfig: the person's own stays as it is. */
async function kind(
  hands: KindHands,
  record: ClusterRecord,
  args: readonly string[],
  options: { signal: AbortSignal; limitMs: number; context?: StepContext; input?: string },
): Promise<Result<void>> {
  const path = await hands.tools.find('kind');
  if (path === null) return fail('toolMissing', { tool: 'kind' });
  const kubeconfig = hands.files.kubeconfig(record.name);
  const { context } = options;
  const result = await hands.tools.run(path, [...args, '--name', record.name, '--kubeconfig', kubeconfig], {
    timeoutMs: options.limitMs,
    signal: options.signal,
    env: { KUBECONFIG: kubeconfig, KIND_EXPERIMENTAL_PROVIDER: 'docker' },
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(context === undefined
      ? {}
      : {
          onSpawn: context.child,
          onStderrLine: (line: string) => {
            const part = partBegun(line);
            if (part !== null) context.part(part);
          },
        }),
  });
  hands.log.info(
    { tool: 'kind', args, exitCode: result.exitCode, failure: result.failure, stderr: result.stderr },
    'kind ended',
  );
  return result.exitCode === 0 ? ok(undefined) : kindFailure(record.name, record.image, result.stderr);
}

/** kind pulls the image too, silently: that alone may take twenty minutes. */
function createStep(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'createCluster',
    limitMs: 30 * MINUTE_MS,
    parts: createParts(record.nodes),
    async run(context) {
      await hands.files.prepare();
      const given = record.config === '' ? ['--config', '-'] : ['--config', record.config];
      const image = record.image === '' ? [] : ['--image', record.image];
      const input = record.config === '' ? { input: kindConfig(record) } : {};
      // kind takes a network of its name that is there, and would make one that every Mac has alike.
      const made =
        record.tunnel === null
          ? ok(undefined)
          : await hands.docker.ensureNetwork('kind', record.tunnel.nodeSubnet);
      if (!made.ok) return made;
      const created = await kind(hands, record, ['create', 'cluster', ...given, ...image], {
        signal: context.signal,
        limitMs: 30 * MINUTE_MS,
        context,
        ...input,
      });
      // An API that the LAN calls is called on loopback from here.
      if (created.ok && record.tunnel !== null) await hands.files.callOnLoopback(record.name);
      return created;
    },
  };
}

function deleteStep(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'deleteCluster',
    limitMs: 2 * MINUTE_MS,
    async run({ signal, child }) {
      const context: StepContext = { signal, child, part: () => undefined, detail: () => undefined };
      const result = await kind(hands, record, ['delete', 'cluster'], {
        signal,
        limitMs: 2 * MINUTE_MS,
        context,
      });
      if (result.ok) await hands.files.remove(record.name);
      return result;
    },
  };
}

/** After a killed create, kubeadm goes on inside the container: only the container's end ends it. */
async function remove(hands: KindHands, record: ClusterRecord): Promise<void> {
  const result = await kind(hands, record, ['delete', 'cluster'], {
    signal: AbortSignal.timeout(MINUTE_MS),
    limitMs: MINUTE_MS,
  });
  if (result.ok) await hands.files.remove(record.name);
}

/** Without this a stopped cluster comes up again by itself when Docker restarts (measured.md, kind 1). */
function holdStopped(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'holdStopped',
    limitMs: 20_000,
    async run() {
      const order = await currentOrder(hands, record);
      if (order.length > 0) await hands.files.saveOrder(record.name, order);
      return setPolicy(hands, record, 'no');
    },
  };
}

function allowRestart(hands: KindHands, record: ClusterRecord): Step {
  return { id: 'allowRestart', limitMs: 20_000, run: () => setPolicy(hands, record, 'on-failure:1') };
}

async function setPolicy(
  hands: KindHands,
  record: ClusterRecord,
  policy: 'no' | 'on-failure:1',
): Promise<Result<void>> {
  const nodes = await nodesWorkersFirst(hands.docker, record.name);
  if (nodes === null) return fail('dockerDown');
  for (const node of [...nodes.workers, ...nodes.controlPlanes]) {
    const set = await hands.docker.setRestartPolicy(node, policy);
    if (!set.ok) return set;
  }
  return ok(undefined);
}

/** Nodes by their present address; empty unless all run. */
async function currentOrder(hands: KindHands, record: ClusterRecord): Promise<string[]> {
  const nodes = await nodesWorkersFirst(hands.docker, record.name);
  if (nodes === null) return [];
  const found: { name: string; address: string }[] = [];
  for (const name of [...nodes.controlPlanes, ...nodes.workers]) {
    const detail = await hands.docker.inspect(name);
    if (!detail.ok || detail.value.address === '') return [];
    found.push({ name, address: detail.value.address });
  }
  return byAddress(found);
}

function saveOrder(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'saveOrder',
    limitMs: 20_000,
    run: async () => {
      await hands.files.saveOrder(record.name, await currentOrder(hands, record));
      return ok(undefined);
    },
  };
}

/** One after the other in the order of their old addresses: another order swaps them (measured.md, kind). */
function startStep(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'startNodes',
    limitMs: 2 * MINUTE_MS,
    async run({ signal, detail }) {
      const nodes = await nodesWorkersFirst(hands.docker, record.name);
      if (nodes === null) return fail('dockerDown');
      const all = [...nodes.controlPlanes, ...nodes.workers];
      if (all.length === 0) return fail('clusterAbsent', { name: record.name });
      const saved = (await hands.files.order(record.name)).filter((name) => all.includes(name));
      for (const node of [...saved, ...all.filter((name) => !saved.includes(name))]) {
        detail(node);
        const started = await hands.docker.start(node, signal);
        if (!started.ok) return started;
      }
      return ok(undefined);
    },
  };
}

function stopSteps(hands: KindHands, record: ClusterRecord): Step[] {
  const step = (id: string, which: 'workers' | 'controlPlanes'): Step => ({
    id,
    limitMs: 90_000,
    run: async ({ signal }) => {
      const nodes = await nodesWorkersFirst(hands.docker, record.name);
      return nodes === null ? fail('dockerDown') : stopAll(hands, nodes[which], signal);
    },
  });
  // A configuration of the person's own may hold workers that the record does not count.
  const workers = record.nodes > 1 || record.config !== '' ? [step('stopWorkers', 'workers')] : [];
  return [...workers, step('stopControlPlane', 'controlPlanes')];
}

async function stopNodes(
  hands: KindHands,
  record: ClusterRecord,
  signal: AbortSignal,
): Promise<Result<void>> {
  const held = await setPolicy(hands, record, 'no');
  const nodes = await nodesWorkersFirst(hands.docker, record.name);
  if (!held.ok || nodes === null) return fail('dockerDown');
  const workers = await stopAll(hands, nodes.workers, signal);
  return workers.ok ? stopAll(hands, nodes.controlPlanes, signal) : workers;
}

async function stopAll(
  hands: KindHands,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Result<void>> {
  const results = await Promise.all(names.map((name) => hands.docker.stop(name, STOP_GRACE_SECONDS, signal)));
  return results.find((result) => !result.ok) ?? ok(undefined);
}
