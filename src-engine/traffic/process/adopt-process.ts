import { dirname } from 'node:path';
import { pause } from '../../platform/clock.ts';
import { isAlive, refOf, type ProcessRef } from '../../platform/processes.ts';
import { endProcess } from './end-process.ts';
import { wrongWithFolder } from './own-folder.ts';
import type { DetachedSpec, ProcessPorts } from './process-ports.ts';
import { readProcessRecord, recordOrWarn, removeProcessRecord } from './process-record.ts';

export interface Adopted {
  readonly ref: ProcessRef;
  readonly socket: string;
}

/** A busy machine answers late; a hung process never does. Each question waits up to 1 s itself. */
const ASKED_TIMES = 3;
const ASK_AGAIN_MS = 100;

/**
 * The living process that an earlier engine started: by its record, or, when that engine died before it could
 * write one, by who answers on the socket. What the record names otherwise (another kind, or hung) is ended, since
 * it holds the port; null when there is nobody to adopt. Throws when a socket's folder is not ours: who answers
 * there may be anybody, and is not asked.
 */
export async function adoptProcess(spec: DetachedSpec, ports: ProcessPorts): Promise<Adopted | null> {
  const record = await readProcessRecord(ports.home, spec.name);
  for (const socket of [spec.socket, record?.socket ?? spec.socket]) await mustBeOurs(socket);
  if (record !== null && (await isAlive(record))) {
    const ref = { pid: record.pid, startedAt: record.startedAt };
    if (record.kind === spec.kind && (await answersAs(spec, ports, record))) {
      return { ref, socket: record.socket };
    }
    ports.log.warn({ ...record }, `${spec.name}: ended, since it cannot be adopted`);
    await endProcess(ports, ref);
  }
  await removeProcessRecord(ports.home, spec.name);
  return unrecorded(spec, ports);
}

async function mustBeOurs(socket: string): Promise<void> {
  const wrong = await wrongWithFolder(dirname(socket));
  if (wrong !== null) throw new Error(wrong);
}

async function answersAs(
  spec: DetachedSpec,
  ports: ProcessPorts,
  { pid, socket }: { readonly pid: number; readonly socket: string },
): Promise<boolean> {
  for (let time = 1; time <= ASKED_TIMES; time += 1) {
    if ((await spec.answers(socket)) === pid) return true;
    await pause(ports.scheduler, ASK_AGAIN_MS);
  }
  return false;
}

async function unrecorded(spec: DetachedSpec, ports: ProcessPorts): Promise<Adopted | null> {
  const pid = await spec.answers(spec.socket);
  const ref = pid === null ? null : await refOf(pid);
  if (ref === null) return null;
  const { kind, socket } = spec;
  await recordOrWarn(ports, spec.name, {
    ...ref,
    kind,
    socket,
    listen: spec.listen(),
    program: 'unknown',
    before: [],
  });
  return { ref, socket };
}
