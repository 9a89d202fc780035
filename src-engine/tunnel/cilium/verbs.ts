import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Cilium } from './cilium-port.ts';
import { lookAround } from './look.ts';
import { bindToPair } from './notice.ts';
import { cancel, operate } from './operation.ts';
import { hereOf, isJoinedHere, silent, type Here, type Parts } from './parts.ts';
import { joinWish } from './plan-join.ts';
import { leaveWish } from './plan-leave.ts';
import { repair, unfinished } from './repair.ts';
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
      return onCluster(parts, (here) => addExport(parts, here, service));
    },
    // What was exported may always be taken back.
    remove: (service) => onCluster(parts, (here) => removeExport(parts, here, service)),
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
  if (intent === null) return ok(undefined);
  const { code, params } = unfinished(parts, intent);
  return fail(code, params);
}

async function join(parts: Parts): Promise<Result<void>> {
  const free = await isFree(parts);
  if (!free.ok) return free;
  // What it will remember is of this pair.
  await bindToPair(parts);
  return operate(parts, joinWish(parts));
}

async function leave(parts: Parts): Promise<Result<void>> {
  const free = await isFree(parts);
  if (!free.ok) return free;
  const { joined } = parts.memory.kept();
  if (joined === null || !isJoinedHere(parts)) return fail('notMeshed');
  return operate(parts, leaveWish(parts, joined));
}

async function onCluster(parts: Parts, act: (here: Here) => Promise<Result<void>>): Promise<Result<void>> {
  const here = await hereOf(parts);
  if (here === null) return silent(parts);
  const done = await act(here);
  parts.ports.changed();
  return done;
}
