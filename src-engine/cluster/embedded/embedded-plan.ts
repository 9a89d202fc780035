import { assertNever } from '../../../src-shared/assert-never.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import type { ClusterRecord, Plan, Step } from '../provider.ts';
import { spawnNode, stateOf, stopNodes, until, type EmbeddedPorts } from './embedded-nodes.ts';
import { askNode, podAnswers } from './node-client.ts';
import { makeClusterFolder, nodeSocket, removeClusterFolder } from './node-files.ts';
import { nodesOf } from './planned-nodes.ts';

/** Requests in flight get this long before the drain goes on without them. */
const DRAIN_MS = 10_000;

/** How each verb is carried out; every step may be run again. */
export function planOf(ports: EmbeddedPorts, verb: ClusterVerb, record: ClusterRecord): Plan {
  const stopAll = (): Promise<void> => stopNodes(ports, record);
  const up = [startNodes(ports, record), waitForPods(ports, record)];
  const drain = drainPods(ports, record);
  const stop: Step = { id: 'stopNodes', limitMs: 40_000, run: async () => done(await stopAll()) };
  switch (verb) {
    case 'create':
      return {
        steps: [makeFolder(ports, record), ...up],
        expected: ['running'],
        undo: () => removeAll(ports, record),
      };
    case 'start':
      return { steps: up, expected: ['running'], undo: stopAll };
    case 'stop':
      // Until the nodes begin to stop, a cancel keeps the cluster; from then on the stop is finished.
      return {
        steps: [drain, stop],
        expected: ['stopped'],
        undo: (reached) => (reached === drain.id ? resume(ports, record) : stopAll()),
      };
    case 'delete':
      return {
        steps: [stop, removeFolder(ports, record)],
        expected: ['absent'],
        undo: async () => undefined,
      };
    case 'drain':
      return {
        steps: [drain],
        expected: ['running', 'stopped', 'partial'],
        undo: () => resume(ports, record),
      };
    default:
      return assertNever(verb);
  }
}

function makeFolder(ports: EmbeddedPorts, record: ClusterRecord): Step {
  return {
    id: 'makeFolder',
    limitMs: 10_000,
    run: async () => done(await makeClusterFolder(ports.home, record.name)),
  };
}

function removeFolder(ports: EmbeddedPorts, record: ClusterRecord): Step {
  return {
    id: 'removeFiles',
    limitMs: 10_000,
    run: async () => done(await removeClusterFolder(ports.home, record.name)),
  };
}

async function removeAll(ports: EmbeddedPorts, record: ClusterRecord): Promise<void> {
  await stopNodes(ports, record);
  await removeClusterFolder(ports.home, record.name);
}

/** One node after the other, each until it answers; a node that is up already is left alone and takes traffic again. */
function startNodes(ports: EmbeddedPorts, record: ClusterRecord): Step {
  return {
    id: 'startNodes',
    limitMs: 60_000,
    async run({ signal, child }) {
      for (const node of nodesOf(record)) {
        if ((await askNode(nodeSocket(ports.home, node.name), 'POST', '/resume')) !== null) continue;
        const pid = await spawnNode(ports, record.name, node);
        if (pid === undefined)
          return fail('nodeExited', { node: node.name, detail: 'its process could not be started' });
        child(pid);
        await until(ports, signal, async () => (await stateOf(ports, node.name)) !== null);
      }
      return ok(undefined);
    },
  };
}

/** Every pod must say over HTTP that it is ready. */
function waitForPods(ports: EmbeddedPorts, record: ClusterRecord): Step {
  return {
    id: 'waitPods',
    limitMs: 30_000,
    async run({ signal, detail }) {
      await until(ports, signal, async () => {
        const states = await Promise.all(nodesOf(record).map(({ name }) => stateOf(ports, name)));
        const pods = states.flatMap((state) => state?.pods ?? []);
        const answers = await Promise.all(pods.map(({ port }) => podAnswers(port)));
        detail(`${answers.filter(Boolean).length}/${answers.length}`);
        return states.every((state) => state !== null) && answers.every(Boolean);
      });
      return ok(undefined);
    },
  };
}

/** Pods turn unready, then what is in flight may finish. */
function drainPods(ports: EmbeddedPorts, record: ClusterRecord): Step {
  return {
    id: 'drainPods',
    limitMs: DRAIN_MS + 5000,
    async run({ signal, detail }) {
      const nodes = nodesOf(record);
      for (const { name } of nodes) await askNode(nodeSocket(ports.home, name), 'POST', '/drain');
      const late = AbortSignal.any([signal, AbortSignal.timeout(DRAIN_MS)]);
      await until(ports, late, async () => {
        const states = await Promise.all(nodes.map(({ name }) => stateOf(ports, name)));
        const inFlight = states
          .flatMap((state) => state?.pods ?? [])
          .reduce((sum, pod) => sum + pod.inFlight, 0);
        detail(inFlight === 0 ? null : `${inFlight} in flight`);
        return inFlight === 0;
      });
      return ok(undefined);
    },
  };
}

async function resume(ports: EmbeddedPorts, record: ClusterRecord): Promise<void> {
  for (const { name } of nodesOf(record)) await askNode(nodeSocket(ports.home, name), 'POST', '/resume');
}

function done(_nothing: void): Result<void> {
  return ok(undefined);
}
