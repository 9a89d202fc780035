import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { awaitForgotten, forgetEntries } from './broker-entries.ts';
import { brokerPlace, readBrokerFile } from './broker-file.ts';
import { gatewaysOf } from './crds.ts';
import { gatewayMarks, marksBefore, type NodeMarks } from './gateway-node.ts';
import { lookAround, type Ground } from './look.ts';
import { noteBefore } from './memory.ts';
import { isJoinedHere } from './own-cluster.ts';
import { accessTo, runSubctl, until, type Parts } from './parts.ts';
import { isSameAuthority, MINUTE_MS, OPERATOR_MS, TOOL_MS } from './plan-broker.ts';
import type { Step, StepContext } from './ports.ts';
import { OPERATOR_NAMESPACE } from './preflight-facts.ts';
import { noteStanding } from './standing.ts';
import { joinArgs } from './subctl-args.ts';
import { CONNECT_MS, STALE_MS, TUNNEL_PORT } from './tunnel-view.ts';

/** What a join finds out on its way. */
interface Course {
  ground: Ground | null;
  broker: string;
  marks: NodeMarks | null;
}

/**
 * This Mac's cluster joins; every step may be run again. What is waited for has a minute more than it is given: it ends by
 * a sentence of its own, not by the step's limit.
 */
export function joinSteps(parts: Parts, clusterId: string): readonly Step[] {
  const course: Course = { ground: null, broker: '-', marks: null };
  return [
    {
      id: 'preflight',
      limitMs: MINUTE_MS,
      harmless: true,
      run: () => lookFirst(parts, course, clusterId),
    },
    // What it writes is gone at every end of the verb (sweep.ts).
    { id: 'fetchBroker', limitMs: MINUTE_MS, harmless: true, run: () => fetchBroker(parts, course) },
    {
      id: 'clearLan',
      limitMs: MINUTE_MS,
      async run() {
        parts.claims = true;
        const cleared = await parts.ports.clearLan();
        return cleared ? ok(undefined) : apiSilent(parts);
      },
    },
    { id: 'markGateway', limitMs: MINUTE_MS, run: () => markGateway(parts, course) },
    {
      id: 'joinCluster',
      limitMs: OPERATOR_MS,
      run: (context) => joinCluster(parts, course, clusterId, context),
    },
    {
      id: 'proveGateway',
      limitMs: CONNECT_MS + MINUTE_MS,
      run: ({ signal }) => proveGateway(parts, course, clusterId, signal),
    },
    {
      id: 'proveTunnel',
      limitMs: CONNECT_MS + MINUTE_MS,
      run: ({ signal }) => proveTunnel(parts, course, signal),
    },
  ];
}

const apiSilent = ({ ports }: Parts): Result<never> =>
  fail('apiUnreachable', { name: ports.cluster()?.name ?? '-' });

async function lookFirst(parts: Parts, course: Course, clusterId: string): Promise<Result<void>> {
  const looked = await lookAround(parts, 'join', clusterId);
  if (!looked.ok) return looked;
  const stands = await noteStanding(parts, looked.value.hands);
  if (!stands.ok) return stands;
  // Pre-flight lets our own be: of a cluster that was made anew it has gone, or so it was seen a moment ago.
  if (stands.value.submariner) return fail('alreadyJoined', { clusterId });
  course.ground = looked.value;
  return ok(undefined);
}

/** The core has its own; the edge is given the core's. Either must be whole, and of the broker that is meant. */
async function fetchBroker(parts: Parts, course: Course): Promise<Result<void>> {
  const { ports, memory, talk } = parts;
  const isEdge = ports.role() === 'edge';
  const own = isEdge ? null : await memory.brokerText();
  const given = isEdge ? await talk.askForBroker() : own === null ? fail('brokerMissing') : ok(own);
  if (!given.ok) return given;
  const read = readBrokerFile(given.value);
  if (!read.ok) return read;
  const { url, print, authority } = read.value;
  const isOther = isEdge
    ? talk.last()?.broker?.print !== print
    : !isSameAuthority(authority, await ownAuthority(parts));
  if (isOther) return fail('brokerFileOther', { url });
  const { host, port } = brokerPlace(url);
  if (!(await ports.answers(host, port))) return fail('brokerUnreachable', { address: url });
  if (isEdge) await memory.keepBroker(given.value);
  course.broker = url;
  return ok(undefined);
}

/** Of the cluster as it is now: one that was made anew has another. */
export async function ownAuthority({ ports }: Parts): Promise<string> {
  const cluster = ports.cluster();
  const text = cluster === null ? null : await ports.kubeconfig(cluster.name);
  const access = text === null ? null : await ports.privately(text, { name: 'own', server: null });
  return access?.authority ?? '';
}

async function markGateway(parts: Parts, course: Course): Promise<Result<void>> {
  const { ports, memory } = parts;
  const nodes = (await course.ground?.hands.nodes()) ?? null;
  const lan = ports.linkHost();
  if (lan === null) return fail('noNetwork');
  if (nodes === null || course.ground === null) return apiSilent(parts);
  const marks = gatewayMarks(nodes, lan);
  if (!marks.ok) return marks;
  const { node } = marks.value;
  const { joined } = memory.kept();
  const ours = isJoinedHere(parts) && joined?.gatewayNode === node ? joined : null;
  const stood = marksBefore(
    nodes.find(({ name }) => name === node),
    ours,
  );
  // On disk before the node is touched.
  noteBefore(memory, { gatewayNode: node, ...stood });
  const marked = await course.ground.hands.mark(marks.value);
  course.marks = marks.value;
  return marked === 'done' ? ok(undefined) : apiSilent(parts);
}

async function joinCluster(
  parts: Parts,
  { ground, broker }: Course,
  clusterId: string,
  context: StepContext,
): Promise<Result<void>> {
  const { ports, memory } = parts;
  const podCidr = ground?.networks?.pods[0];
  const serviceCidr = ground?.networks?.services[0];
  if (ground === null || podCidr === undefined || serviceCidr === undefined) return apiSilent(parts);
  await forgetFormer(parts, ground);
  const access = await accessTo(parts, { name: clusterId, server: null });
  if (!access.ok) return access;
  const args = joinArgs(
    {
      kubeconfigFile: memory.kubeconfigFile,
      context: access.value.context,
      brokerFile: memory.brokerFile,
      clusterId,
      podCidr,
      serviceCidr,
      isServer: ports.role() !== 'edge',
    },
    ground.probed.flags,
  );
  return runSubctl(parts, ground.probed, { args, limitMs: TOOL_MS, clusterId, broker }, context);
}

/** What this Mac's cluster joined as before it was made anew: the broker would refuse that ID to the new one. */
async function forgetFormer(parts: Parts, { hands }: Ground): Promise<void> {
  const { joined } = parts.memory.kept();
  if (joined === null || !isJoinedHere(parts)) return;
  await forgetEntries(parts, hands, joined.clusterId);
  await awaitForgotten(parts);
}

/** subctl ends as soon as it has said what is wanted: nothing of it may run yet, or ever. */
async function proveGateway(
  parts: Parts,
  { ground, broker, marks }: Course,
  clusterId: string,
  signal: AbortSignal,
): Promise<Result<void>> {
  const { memory, ports } = parts;
  let why = '-';
  const active = await until(parts, { signal, limitMs: CONNECT_MS }, async () => {
    const listed = await ground?.hands.list('gateways', OPERATOR_NAMESPACE);
    const gateways = listed?.kind === 'items' ? gatewaysOf(listed.items) : [];
    why = gateways.find(({ failure }) => failure !== null)?.failure ?? why;
    const ageMs = (seconds: number): number => Math.abs(ports.clock.wall().getTime() - seconds * 1000);
    return (
      gateways.find(
        ({ isActive, updatedSeconds, failure }) =>
          isActive && failure === null && updatedSeconds !== null && ageMs(updatedSeconds) <= STALE_MS,
      ) ?? null
    );
  });
  // Its file has done what it was for: nothing of it stays on the edge.
  if (ports.role() === 'edge') await memory.forgetBroker();
  if (active === null) {
    const pods = (await ground?.hands.waitingPods()) ?? [];
    const [first] = pods;
    const detail = why === '-' && first !== undefined ? `${first.name}: ${first.why}` : why;
    return fail('gatewayInactive', { detail: detail.slice(0, 300) });
  }
  const intent = memory.intent();
  await memory.keep({
    joined: {
      clusterId,
      cluster: ports.cluster()?.name ?? '-',
      brokerUrl: broker,
      gatewayNode: marks?.node ?? active.name,
      hadLabel: intent?.before.hadLabel ?? false,
      publicIp: intent?.before.publicIp ?? null,
    },
    leftIds: memory.kept().leftIds.filter((id) => id !== clusterId),
  });
  return ok(undefined);
}

/** The first of the pair has nobody to meet yet; a connection to a third cluster is not the one to the other Mac. */
async function proveTunnel(parts: Parts, { ground }: Course, signal: AbortSignal): Promise<Result<void>> {
  const peer = await parts.talk.ask();
  if (peer?.joined !== true) return ok(undefined);
  const seen = await until(parts, { signal, limitMs: CONNECT_MS }, async () => {
    const listed = await ground?.hands.list('gateways', OPERATOR_NAMESPACE);
    const gateways = listed?.kind === 'items' ? gatewaysOf(listed.items) : [];
    const isConnected = gateways.some(
      ({ isActive, connections }) =>
        isActive &&
        connections.some(
          ({ endpoint, state, rttMs }) =>
            endpoint.clusterId === peer.clusterId && state === 'connected' && (rttMs ?? 0) > 0,
        ),
    );
    return isConnected ? true : null;
  });
  if (seen !== null) return ok(undefined);
  return fail('tunnelBlocked', { port: TUNNEL_PORT, seconds: CONNECT_MS / 1000 });
}
