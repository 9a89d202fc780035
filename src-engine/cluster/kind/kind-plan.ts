import { ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import { checkAbsent } from '../check-absent.ts';
import { isOnlyClosed, openAfterDrain, openStep } from '../drain-steps.ts';
import type { ClusterRecord, Plan, Step } from '../provider.ts';
import type { ConfigFacts } from './kind-config-file.ts';
import { kindConfig } from './kind-config.ts';
import { evictStep } from './kind-drain.ts';
import type { KindHands } from './kind-hands.ts';
import { hastenStart } from './kind-hasten.ts';
import {
  allowRestart,
  countNodes,
  holdStopped,
  isOnlyIncomplete,
  needKubeconfig,
  saveOrder,
  startNodes,
  stopAll,
  stopBegun,
  stopSteps,
  unfollowed,
} from './kind-nodes.ts';
import { kindNodes, observeKind } from './kind-observe.ts';
import { createParts, imageNamed, partBegun } from './kind-output.ts';
import { checkDisk, checkDocker, checkOwnPorts, checkPorts, factsOf } from './kind-preflight.ts';
import { proofSteps } from './kind-proofs.ts';
import { pullImages } from './kind-pull.ts';
import { runKind } from './kind-tool.ts';

const MINUTE_MS = 60_000;
/** The network that kind takes, and that is ours only when we made it. */
const NETWORK = 'kind';

/** How a verb is carried out. A configuration that cannot work is refused here, before anything is begun. */
export async function planOf(
  hands: KindHands,
  verb: ClusterVerb,
  record: ClusterRecord,
): Promise<Result<Plan>> {
  switch (verb) {
    case 'create': {
      const facts = await factsOf(hands, record);
      return facts.ok ? ok(createPlan(hands, record, facts.value)) : facts;
    }
    case 'start':
      return ok(startPlan(hands, record));
    case 'stop':
      // There is no way back from the middle of a stop: a cancel finishes it.
      return ok({
        steps: [checkDocker(hands), holdStopped(hands, record), ...stopSteps(hands, record)],
        expected: ['stopped'],
        undo: () => stopWhole(hands, record),
      });
    case 'delete':
      return ok({
        steps: [checkDocker(hands), deleteStep(hands, record)],
        expected: ['absent'],
        // Half a cluster is of no use to anybody: a cancel finishes it, as it does a stop.
        undo: () => remove(hands, record),
      });
    case 'drain':
      return ok({
        steps: [checkDocker(hands), evictStep(hands, record)],
        expected: ['running', 'degraded'],
        undo: () => undrain(hands, record),
      });
  }
}

function createPlan(hands: KindHands, record: ClusterRecord, facts: ConfigFacts): Plan {
  // An image that was asked for is that of every node; without one, those of the file; else kind's own, which it alone knows.
  const images = record.image === '' ? facts.images : [record.image];
  return {
    steps: [
      checkDocker(hands),
      checkAbsent(record, (asked) => observeKind(hands, asked)),
      checkPorts(hands, facts.ports),
      checkDisk(hands, images, facts.nodes),
      ...(images.length === 0 ? [] : [pullImages(hands, images)]),
      createStep(hands, record, facts.nodes),
      ...proofSteps(hands, hands.scheduler, record),
      saveOrder(hands, record),
    ],
    expected: ['running'],
    // What was there before is somebody else's.
    undo: async (_, { code }) => (code === 'clusterExists' ? undefined : remove(hands, record)),
  };
}

function startPlan(hands: KindHands, record: ClusterRecord): Plan {
  const begun = new Set<string>();
  return {
    steps: [
      checkDocker(hands),
      checkOwnPorts(hands, record),
      allowRestart(hands, record),
      startNodes(hands, record, begun),
      needKubeconfig(hands, record),
      ...proofSteps(hands, hands.scheduler, record, hastenStart(hands, record)),
      openStep(hands, record),
      countNodes(hands, record),
    ],
    expected: ['running'],
    async undo(reached, error) {
      if (isOnlyClosed(reached, error) || isOnlyIncomplete(reached, error)) return;
      if (error.code === 'memoryRolledBack') await stopWhole(hands, record);
      else noted(hands, record, await stopBegun(hands, record, begun, AbortSignal.timeout(MINUTE_MS)));
    },
  };
}

const stopWhole = async (hands: KindHands, record: ClusterRecord): Promise<void> =>
  noted(hands, record, await stopAll(hands, record, AbortSignal.timeout(MINUTE_MS)));

/** Nobody waits for the way back; the next look tells what became of it. */
function noted({ log }: KindHands, { name }: ClusterRecord, stopped: Result<void>): void {
  if (!stopped.ok) log.warn({ name, error: stopped.error }, 'not all of its nodes were stopped');
}

async function undrain(hands: KindHands, record: ClusterRecord): Promise<void> {
  if (!(await openAfterDrain(hands, record)))
    hands.log.warn({ name: record.name }, 'nodes that a drain has closed stay closed: a start opens them');
}

/** kind pulls its own image too, silently: that alone may take twenty minutes. */
function createStep(hands: KindHands, record: ClusterRecord, nodes: number): Step {
  const limitMs = (record.image === '' ? 30 : 10) * MINUTE_MS;
  return {
    id: 'createCluster',
    limitMs,
    parts: createParts(nodes),
    async run(context) {
      await hands.files.prepare();
      // A pull may have taken twenty minutes.
      const absent = await checkAbsent(record, (asked) => observeKind(hands, asked)).run(context);
      if (!absent.ok) return absent;
      const given = record.config === '' ? ['--config', '-'] : ['--config', record.config];
      const image = record.image === '' ? [] : ['--image', record.image];
      // kind takes a network of its name that is there, and would make one that every Mac has alike.
      const made =
        record.tunnel === null
          ? ok(undefined)
          : await hands.docker.ensureNetwork(NETWORK, record.tunnel.nodeSubnet);
      if (!made.ok) return made;
      const created = await runKind(hands, record, [...to(hands, record, 'create'), ...given, ...image], {
        signal: context.signal,
        limitMs,
        context,
        keepsLog: true,
        onLine: (line) => {
          const part = partBegun(line);
          if (part !== null) context.part(part);
          if (part === 'writeConfig') void keepMade(hands, record);
          const fetched = imageNamed(line);
          if (fetched !== null) context.detail(fetched);
        },
        ...(record.config === '' ? { input: kindConfig(record) } : {}),
      });
      // An API that the LAN calls is called on loopback from here.
      if (created.ok) await hands.files.callOnLoopback(record.name);
      return created.ok ? ok(undefined) : created;
    },
  };
}

/** Once they are there: after a crash nothing else may be removed under that name. */
async function keepMade(hands: KindHands, { name }: ClusterRecord): Promise<void> {
  const nodes = await kindNodes(hands.docker, name);
  if (!nodes.ok) return;
  await hands.files
    .keep(name, { made: nodes.value.map(({ id }) => id) })
    .catch((error: unknown) => hands.log.warn({ error: String(error) }, 'its containers were not noted'));
}

const to = (hands: KindHands, { name }: ClusterRecord, verb: 'create' | 'delete'): string[] => [
  verb,
  'cluster',
  '--kubeconfig',
  hands.files.kubeconfig(name),
];

function deleteStep(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'deleteCluster',
    limitMs: 2 * MINUTE_MS,
    async run(context) {
      const result = await deleted(hands, record, context);
      if (result.ok) await hands.files.removeLog(record.name);
      return result;
    },
  };
}

/** After a killed create, kubeadm goes on inside the container: only the container's end ends it. */
const remove = async (hands: KindHands, record: ClusterRecord): Promise<void> =>
  void (await deleted(hands, record, unfollowed(AbortSignal.timeout(MINUTE_MS))));

/** kind removes its nodes with their volumes, and says yes to what is not there. */
async function deleted(
  hands: KindHands,
  record: ClusterRecord,
  context: Pick<Parameters<Step['run']>[0], 'signal' | 'child'>,
): Promise<Result<void>> {
  const limitMs = 2 * MINUTE_MS;
  const result = await runKind(hands, record, to(hands, record, 'delete'), {
    signal: context.signal,
    limitMs,
    context,
  });
  if (!result.ok) return result;
  await hands.files.remove(record.name);
  await hands.docker.removeNetwork(NETWORK);
  return ok(undefined);
}
