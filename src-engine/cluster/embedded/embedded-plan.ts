import { assertNever } from '../../../src-shared/assert-never.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import type { ClusterRecord, Plan, Step } from '../provider.ts';
import {
  ask,
  endNewborn,
  lookAt,
  spawnNode,
  stopNode,
  stopNodes,
  until,
  type EmbeddedPorts,
  type NodeName,
} from './embedded-nodes.ts';
import { podAnswers } from './node-client.ts';
import type { NodeState } from './node-control.ts';
import { makeClusterFolder, removeClusterFolder } from './node-files.ts';
import { isTaken } from './port-taken.ts';
import { nodesOf } from './planned-nodes.ts';

/** Requests in flight get this long before the drain goes on without them. */
const DRAIN_MS = 10_000;

/** How each verb is carried out; every step may be run again. */
export function planOf(ports: EmbeddedPorts, verb: ClusterVerb, record: ClusterRecord): Plan {
  const stopAll = (): Promise<void> => stopNodes(ports, record);
  const up = [startNodes(ports, record), waitForPods(ports, record)];
  const drain = drainPods(ports, record, verb === 'drain' ? 'fails' : 'cut');
  const resume = (): Promise<void> => tellAll(ports, record, '/resume');
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
        undo: (reached) => (reached === drain.id ? resume() : stopAll()),
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
        undo: () => resume(),
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

/** The kernel calls a process dead when its first thread is; the port goes with the last one. */
const PORT_FREE_MS = 1000;

function isFreeSoon(ports: EmbeddedPorts, port: number): Promise<boolean> {
  return until(ports, AbortSignal.timeout(PORT_FREE_MS), async () => !(await isTaken(port)));
}

/** One node after the other, each until it answers; a node that is up already is left alone and takes traffic again. */
function startNodes(ports: EmbeddedPorts, record: ClusterRecord): Step {
  return {
    id: 'startNodes',
    limitMs: 60_000,
    async run({ signal, child }) {
      for (const node of nodesOf(record)) {
        const name: NodeName = { cluster: record.name, name: node.name };
        if ((await ask(ports, name, 'POST', '/resume')) !== null) continue;
        // One that lives and is silent would fight the new one for its place.
        await stopNode(ports, record.name, node.name);
        if (node.role === 'control-plane' && !(await isFreeSoon(ports, record.hostPort)))
          return fail('portTaken', { port: String(record.hostPort) });
        const born = await spawnNode(ports, record.name, node, record.hostPort);
        if (born.pid === undefined)
          return fail('nodeExited', { node: node.name, detail: 'its process could not be started' });
        child(born.pid);
        const up = await until(ports, signal, async () => (await lookAt(ports, name)).state !== null);
        if (!up) await endNewborn(ports, record.name, node.name, born);
      }
      return ok(undefined);
    },
  };
}

function statesOf(ports: EmbeddedPorts, record: ClusterRecord): Promise<(NodeState | null)[]> {
  return Promise.all(
    nodesOf(record).map(({ name }) => ask(ports, { cluster: record.name, name }, 'GET', '/state')),
  );
}

/** Every pod must say over HTTP that it is ready. */
function waitForPods(ports: EmbeddedPorts, record: ClusterRecord): Step {
  return {
    id: 'waitPods',
    limitMs: 30_000,
    async run({ signal, detail }) {
      await until(ports, signal, async () => {
        const states = await statesOf(ports, record);
        const pods = states.flatMap((state) => state?.pods ?? []);
        const answers = await Promise.all(pods.map(({ port }) => podAnswers(port)));
        detail(`${answers.filter(Boolean).length}/${answers.length}`);
        return states.every((state) => state !== null) && answers.every(Boolean);
      });
      return ok(undefined);
    },
  };
}

/**
 * Pods turn unready, then what is in flight may finish.
 *
 * @param whatIsLeft `cut`: a stop goes on without the rest; `fails`: a drain that leaves some is none
 */
function drainPods(ports: EmbeddedPorts, record: ClusterRecord, whatIsLeft: 'cut' | 'fails'): Step {
  return {
    id: 'drainPods',
    limitMs: DRAIN_MS + 5000,
    async run({ signal, detail }) {
      await tellAll(ports, record, '/drain');
      const late = AbortSignal.any([signal, AbortSignal.timeout(DRAIN_MS)]);
      const idle = await until(ports, late, async () => {
        const states = await statesOf(ports, record);
        const inFlight = states
          .flatMap((state) => state?.pods ?? [])
          .reduce((sum, pod) => sum + pod.inFlight, 0);
        detail(inFlight === 0 ? null : `${inFlight} in flight`);
        return inFlight === 0;
      });
      if (idle || whatIsLeft === 'cut') return ok(undefined);
      return fail('stepTimedOut', { step: 'drainPods', limitSeconds: DRAIN_MS / 1000 });
    },
  };
}

async function tellAll(
  ports: EmbeddedPorts,
  record: ClusterRecord,
  path: '/drain' | '/resume',
): Promise<void> {
  for (const { name } of nodesOf(record)) await ask(ports, { cluster: record.name, name }, 'POST', path);
}

function done(_nothing: void): Result<void> {
  return ok(undefined);
}
