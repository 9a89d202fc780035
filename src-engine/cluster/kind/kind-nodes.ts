import { fail, ok, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import { pause } from '../../platform/clock.ts';
import type { Container } from '../docker/docker-shapes.ts';
import type { ClusterRecord, Step, StepContext } from '../provider.ts';
import { byAddress } from './kind-files.ts';
import type { KindHands } from './kind-hands.ts';
import { isControlPlane, kindNodes, missingNodes } from './kind-observe.ts';
import { fetchKubeconfig } from './kind-tool.ts';

const MINUTE_MS = 60_000;
/** etcd ends within a second; the API server never does, whatever it is given (measured.md, kind 1). */
const STOP_GRACE_SECONDS = 10;
/** Of the control plane, whose time runs since its workers were asked: several times what etcd takes. */
const LEAST_GRACE_SECONDS = 5;
const AGAIN_MS = 1000;

/** Without this a stopped cluster comes up again by itself when Docker restarts (measured.md, kind 1). */
export function holdStopped(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'holdStopped',
    limitMs: 20_000,
    async run() {
      await keepOrder(hands, record);
      return setPolicy(hands, record, 'no');
    },
  };
}

export function allowRestart(hands: KindHands, record: ClusterRecord): Step {
  return { id: 'allowRestart', limitMs: 20_000, run: () => setPolicy(hands, record, 'on-failure:1') };
}

async function setPolicy(
  hands: KindHands,
  { name }: ClusterRecord,
  policy: 'no' | 'on-failure:1',
): Promise<Result<void>> {
  const nodes = await kindNodes(hands.docker, name);
  if (!nodes.ok) return nodes;
  for (const node of nodes.value) {
    const set = await hands.docker.setRestartPolicy(node.name, policy);
    if (!set.ok) return set;
  }
  return ok(undefined);
}

export function saveOrder(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'saveOrder',
    limitMs: 20_000,
    run: async () => {
      await keepOrder(hands, record);
      return ok(undefined);
    },
  };
}

/** The present order, unless some node has no address now; a node that was removed by hand keeps its place in the list. */
async function keepOrder(
  { docker, files }: KindHands,
  { name }: ClusterRecord,
  known?: readonly string[],
): Promise<void> {
  const nodes = await kindNodes(docker, name);
  if (!nodes.ok || nodes.value.length === 0) return;
  const id = (await docker.info())?.id ?? '';
  if (id !== '') await files.keep(name, { docker: id });
  const found: { name: string; address: string }[] = [];
  for (const node of nodes.value) {
    const detail = await docker.inspect(node.name);
    if (!detail.ok || detail.value.address === '') return;
    found.push({ name: node.name, address: detail.value.address });
  }
  const missing = missingNodes(known ?? (await files.kept(name)).order, nodes.value);
  await files.keep(name, { order: [...byAddress(found), ...missing] });
}

/**
 * One after the other in the order of their old addresses: another order swaps them (measured.md, kind). What is paused is
 * woken. Without its control plane nothing is begun; a worker that is gone is told at the end, and the others run.
 *
 * @param begun gets the names of those that did not run before
 */
export function startNodes(hands: KindHands, record: ClusterRecord, begun: Set<string>): Step {
  return {
    id: 'startNodes',
    limitMs: 2 * MINUTE_MS,
    async run({ signal, detail }) {
      const nodes = await kindNodes(hands.docker, record.name);
      if (!nodes.ok) return nodes;
      if (nodes.value.length === 0) return fail('clusterAbsent', { name: record.name });
      if (!nodes.value.some(isControlPlane))
        return fail('nodeGone', { node: `${record.name}-control-plane` });
      for (const node of inOrder(nodes.value, (await hands.files.kept(record.name)).order)) {
        detail(node.name);
        if (node.state !== 'running') begun.add(node.name);
        const up =
          node.state === 'paused'
            ? await wake(hands, record, node)
            : await hands.docker.start(node.name, signal);
        if (!up.ok) return up;
      }
      return ok(undefined);
    },
  };
}

/** Those that are not in the list come last, the control plane first among them. */
function inOrder(nodes: readonly Container[], order: readonly string[]): Container[] {
  const place = (node: Container): number => {
    const saved = order.indexOf(node.name);
    return saved >= 0 ? saved : order.length + (isControlPlane(node) ? 0 : 1);
  };
  return [...nodes].sort((a, b) => place(a) - place(b));
}

async function wake(
  { docker, clock, memory }: KindHands,
  { name }: ClusterRecord,
  node: Container,
): Promise<Result<void>> {
  memory.wokenAt.set(name, clock.wall());
  return docker.unpause(node.name);
}

/** Only when it is lost, or the cluster was adopted while it was stopped: kind reads it inside the node. */
export function needKubeconfig(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'fetchKubeconfig',
    limitMs: MINUTE_MS,
    async run({ signal }) {
      let last: Result<unknown> = ok(undefined);
      while (!signal.aborted) {
        if ((await hands.files.kubeconfigText(record.name)) !== null) return ok(undefined);
        last = await fetchKubeconfig(hands, record, signal);
        if (last.ok) return ok(undefined);
        // No waiting brings a tool.
        if (last.error.code === 'toolMissing') return last;
        await pause(hands.scheduler, AGAIN_MS, signal);
      }
      return last.ok ? ok(undefined) : last;
    },
  };
}

/** Workers end in a second, and then the control plane has nobody left to serve. */
export function stopSteps(hands: KindHands, record: ClusterRecord): Step[] {
  let sinceMs: number | null = null;
  const step = (id: string, which: (node: Container) => boolean): Step => ({
    id,
    limitMs: 90_000,
    run: async ({ signal }) => {
      const nodes = await kindNodes(hands.docker, record.name);
      if (!nodes.ok) return nodes;
      const nowMs = hands.clock.monotonicMs();
      sinceMs ??= nowMs;
      return stopThese(hands, nodes.value.filter(which), signal, graceLeft(nowMs - sinceMs));
    },
  });
  // A configuration of the person's own may hold workers that the record does not count.
  const workers =
    record.nodes > 1 || record.config !== '' ? [step('stopWorkers', (node) => !isControlPlane(node))] : [];
  return [...workers, step('stopControlPlane', isControlPlane)];
}

const graceLeft = (goneMs: number): number =>
  Math.max(LEAST_GRACE_SECONDS, STOP_GRACE_SECONDS - Math.round(goneMs / 1000));

/** All of them for good: the way back of a start, and the rest of a stop. */
export async function stopAll(
  hands: KindHands,
  record: ClusterRecord,
  signal: AbortSignal,
): Promise<Result<void>> {
  const held = await setPolicy(hands, record, 'no');
  const nodes = await kindNodes(hands.docker, record.name);
  if (!nodes.ok) return nodes;
  // What one of them refuses is no reason to leave the others running.
  const stopped = await stopInTurn(hands, nodes.value, signal);
  return held.ok ? stopped : held;
}

/** Those of one start alone, which others ran before: what it found is left as it was. */
export async function stopBegun(
  hands: KindHands,
  record: ClusterRecord,
  begun: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Result<void>> {
  const nodes = await kindNodes(hands.docker, record.name);
  if (!nodes.ok) return nodes;
  const isAlone = nodes.value.every(({ name, state }) => state !== 'running' || begun.has(name));
  if (isAlone) return stopAll(hands, record, signal);
  return stopInTurn(
    hands,
    nodes.value.filter(({ name }) => begun.has(name)),
    signal,
  );
}

async function stopInTurn(
  hands: KindHands,
  nodes: readonly Container[],
  signal: AbortSignal,
): Promise<Result<void>> {
  const workers = await stopThese(
    hands,
    nodes.filter((node) => !isControlPlane(node)),
    signal,
  );
  const controlPlane = await stopThese(hands, nodes.filter(isControlPlane), signal);
  return workers.ok ? controlPlane : workers;
}

async function stopThese(
  { docker }: KindHands,
  nodes: readonly Container[],
  signal: AbortSignal,
  graceSeconds = STOP_GRACE_SECONDS,
): Promise<Result<void>> {
  const results = await Promise.all(
    nodes.map(async ({ name, state }) => {
      // A paused process hears no signal.
      if (state === 'paused') await docker.unpause(name);
      return docker.stop(name, graceSeconds, signal);
    }),
  );
  return results.find((result) => !result.ok) ?? ok(undefined);
}

const COUNT_STEP = 'countNodes';

/** The last step of a start: a node that somebody removed is named, while the others run on. */
export function countNodes(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: COUNT_STEP,
    limitMs: 20_000,
    async run() {
      const snapshot = await hands.api.read(hands.files.kubeconfig(record.name));
      const nodes = await kindNodes(hands.docker, record.name);
      if (!nodes.ok || snapshot === null) return ok(undefined);
      const [gone] = missingNodes(
        snapshot.nodes.map(({ name }) => name),
        nodes.value,
      );
      if (gone !== undefined) return fail('nodeGone', { node: gone });
      // Nobody is missing: whom the list still names was taken out of the cluster properly.
      await keepOrder(hands, record, []);
      return ok(undefined);
    },
  };
}

/** A cluster that lacks a worker still works: it is not stopped for that. */
export const isOnlyIncomplete = (reached: string, { code }: TandemError): boolean =>
  reached === COUNT_STEP && code !== 'cancelled' && code !== 'memoryRolledBack';

/** A step outside any operation, which nobody follows. */
export const unfollowed = (signal: AbortSignal): StepContext => ({
  signal,
  child: () => undefined,
  part: () => undefined,
  detail: () => undefined,
});
