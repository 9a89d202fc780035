import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Cilium } from './cilium-port.ts';
import { lookAround } from './look.ts';
import { cancel, operate } from './operation.ts';
import { handsOf, isJoinedHere, silent, type Parts } from './parts.ts';
import { joinWish } from './plan-join.ts';
import { leaveWish } from './plan-leave.ts';
import type { CiliumHands } from './ports.ts';
import { repair } from './repair.ts';
import { addExport, removeExport } from './services.ts';

type Verbs = Pick<Cilium, 'join' | 'leave' | 'cancel' | 'add' | 'remove' | 'examine'>;

/** What a person may ask for. */
export function verbsOf(parts: Parts): Verbs {
  return {
    join: () => join(parts),
    leave: () => leave(parts),
    cancel: () => cancel(parts),
    async add(service) {
      if (!isJoinedHere(parts)) return fail('notMeshed');
      return onCluster(parts, (hands) => addExport(parts, hands, service));
    },
    // What was exported may always be taken back.
    remove: (service) => onCluster(parts, (hands) => removeExport(parts, hands, service)),
    async examine() {
      if (parts.memory.intent() === null && parts.progress === null) await lookAround(parts);
      return parts.lines;
    },
  };
}

/** Nothing runs, and nothing of before is half done any more. */
async function isFree(parts: Parts): Promise<Result<void>> {
  if (parts.progress !== null) return fail('tunnelBusy', { verb: parts.progress.verb });
  await repair(parts, 'now');
  const intent = parts.memory.intent();
  return intent === null
    ? ok(undefined)
    : fail('tunnelUnfinished', { verb: intent.verb, step: intent.step, why: 'cilium' });
}

async function join(parts: Parts): Promise<Result<void>> {
  const free = await isFree(parts);
  return free.ok ? operate(parts, joinWish(parts)) : free;
}

async function leave(parts: Parts): Promise<Result<void>> {
  const free = await isFree(parts);
  if (!free.ok) return free;
  const { joined } = parts.memory.kept();
  if (joined === null || !isJoinedHere(parts)) return fail('notMeshed');
  return operate(parts, leaveWish(parts, joined.peerName));
}

async function onCluster(
  parts: Parts,
  act: (hands: CiliumHands) => Promise<Result<void>>,
): Promise<Result<void>> {
  const hands = await handsOf(parts);
  if (hands === null) return silent(parts);
  const done = await act(hands);
  parts.ports.changed();
  return done;
}
