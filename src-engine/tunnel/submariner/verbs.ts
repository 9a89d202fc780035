import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { awaitForgotten, forgetEntries, removeEntries } from './broker-entries.ts';
import { lookAround } from './look.ts';
import { cancel, operate } from './operation.ts';
import { isJoinedHere, joinedElsewhere, ownId } from './own-cluster.ts';
import { clusterIdOf, handsOf, type Parts } from './parts.ts';
import { brokerSteps } from './plan-broker.ts';
import { joinSteps } from './plan-join.ts';
import type { SubmarinerHands } from './ports.ts';
import { registeredIds } from './preflight-facts.ts';
import { repair, unfinished } from './repair.ts';
import { runLeave } from './run-leave.ts';
import { addExport, removeExport } from './services.ts';
import { isJoined } from './standing.ts';
import type { Submariner } from './submariner-port.ts';

type Verbs = Pick<
  Submariner,
  'broker' | 'join' | 'leave' | 'forgetStale' | 'cancel' | 'add' | 'remove' | 'examine'
>;

/** What a person may ask for. */
export function verbsOf(parts: Parts): Verbs {
  return {
    broker: () => broker(parts),
    join: (asked) => join(parts, asked),
    leave: () => leave(parts),
    forgetStale: (clusterId) => forgetStale(parts, clusterId),
    cancel: () => cancel(parts),
    add: (service) => onCluster(parts, (hands) => addExport(parts, hands, service)),
    remove: (service) => onCluster(parts, (hands) => removeExport(parts, hands, service)),
    async examine() {
      const hands = await handsOf(parts);
      const isIdle = parts.memory.intent() === null && parts.progress === null;
      if (isIdle) await lookAround(parts, 'join', idOf(parts));
      return { lines: parts.lines, waiting: (await hands?.waitingPods()) ?? [] };
    },
  };
}

const nameOf = ({ ports }: Parts): string => ports.cluster()?.name ?? '-';

const idOf = (parts: Parts): string =>
  ownId(parts) ?? clusterIdOf(parts.ports.cluster()?.name ?? 'none', parts.ports.role());

/** Nothing runs, and nothing of before is half done any more. */
async function isFree(parts: Parts): Promise<Result<void>> {
  if (parts.progress !== null) return fail('tunnelBusy', { verb: parts.progress.verb });
  await repair(parts, 'now');
  const intent = parts.memory.intent();
  if (intent === null) return ok(undefined);
  const { code, params } = unfinished(parts, intent);
  return fail(code, params);
}

async function broker(parts: Parts): Promise<Result<void>> {
  if (parts.ports.role() === 'edge') return fail('notOnCore');
  const free = await isFree(parts);
  if (!free.ok) return free;
  const clusterId = idOf(parts);
  return operate(parts, { verb: 'broker', clusterId, steps: brokerSteps(parts, clusterId) });
}

async function join(parts: Parts, asked: string | undefined): Promise<Result<void>> {
  const { memory } = parts;
  const free = await isFree(parts);
  if (!free.ok) return free;
  // Only one of this Mac's clusters is in a pair: what is remembered of that one would be lost.
  const elsewhere = joinedElsewhere(parts);
  if (elsewhere !== null) return fail('joinedElsewhere', { name: elsewhere });
  await awaitForgotten(parts);
  const clusterId = asked ?? idOf(parts);
  if (isJoinedHere(parts)) {
    const hands = await handsOf(parts);
    // One that was made anew under its name has nothing of it: the join makes it whole.
    if (hands === null || (await isJoined(hands)) !== false)
      return fail('alreadyJoined', { clusterId: memory.kept().joined?.clusterId ?? clusterId });
  }
  return operate(parts, { verb: 'join', clusterId, steps: joinSteps(parts, clusterId) });
}

async function leave(parts: Parts): Promise<Result<void>> {
  const { memory, ports } = parts;
  const free = await isFree(parts);
  if (!free.ok) return free;
  const { joined } = memory.kept();
  if (joined === null) return fail('notJoined');
  if (isJoinedHere(parts)) return runLeave(parts, joined.clusterId);
  const elsewhere = joinedElsewhere(parts);
  if (elsewhere !== null) return fail('joinedElsewhere', { name: elsewhere });
  // Its cluster is gone, and everything in it: what is left is what the broker knows.
  await memory.keep({ joined: null });
  await forgetEntries(parts, await handsOf(parts), joined.clusterId);
  ports.changed();
  return ok(undefined);
}

async function forgetStale(parts: Parts, clusterId: string): Promise<Result<void>> {
  const { ports, memory } = parts;
  if (ports.role() === 'edge') return fail('notOnCore');
  const hands = await handsOf(parts);
  if (hands === null) return fail('apiUnreachable', { name: nameOf(parts) });
  const known = await registeredIds(hands, memory.kept(), ports.cluster());
  if (known === null) return fail('apiUnreachable', { name: nameOf(parts) });
  if (!known.includes(clusterId)) return fail('clusterIdUnknown', { clusterId });
  if (isJoinedHere(parts) && memory.kept().joined?.clusterId === clusterId)
    return fail('alreadyJoined', { clusterId });
  const gone = await removeEntries(hands, clusterId);
  return gone ? ok(undefined) : fail('apiUnreachable', { name: nameOf(parts) });
}

async function onCluster(
  parts: Parts,
  act: (hands: SubmarinerHands) => Promise<Result<void>>,
): Promise<Result<void>> {
  if (!isJoinedHere(parts)) return fail('notJoined');
  const hands = await handsOf(parts);
  if (hands === null) return fail('apiUnreachable', { name: nameOf(parts) });
  const done = await act(hands);
  parts.ports.changed();
  return done;
}
