import { dirname, join } from 'node:path';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { pause } from '../../platform/clock.ts';
import { makePrivateFolder } from '../../platform/files.ts';
import { isAlive, refOf, type ProcessRef } from '../../platform/processes.ts';
import { endProcess } from './end-process.ts';
import { clearExitReport } from './exit-report.ts';
import type { DetachedSpec, Launch, ProcessEnd, ProcessPorts } from './process-ports.ts';
import { wrongWithFolder } from './own-folder.ts';
import { readProcessRecord, recordOrWarn } from './process-record.ts';
import { spawnDetached, type Spawned } from './spawn-detached.ts';

export type Started =
  | { readonly ok: true; readonly ref: ProcessRef; readonly ended: Promise<ProcessEnd> }
  | { readonly ok: false; readonly problem: Problem };

/** Starting takes some 60 ms; a machine that is short of memory takes seconds. */
const READY_LIMIT_MS = 10_000;
const POLL_MS = 10;
const nothing: ProcessEnd = { code: null, signal: null, output: '' };

/**
 * Starts the process and waits until it answers on its control socket with its own pid. One that ends before, or
 * stays silent, is a problem with a name; a silent one is ended. When `ended` aborts it goes on alone, recorded.
 *
 * @param replaces the living process it takes over from: its record is written only when the new one is ready
 */
export async function startProcess(
  spec: DetachedSpec,
  ports: ProcessPorts,
  replaces: ProcessRef | null,
  ended: AbortSignal,
): Promise<Started> {
  try {
    const wrong = await wrongWithFolder(dirname(spec.socket));
    if (wrong !== null) return await failed(spec, { ...nothing, output: wrong });
    const launch = await spec.prepare(replaces);
    await makePrivateFolder(dirname(spec.socket));
    await clearExitReport(ports.home, spec.name);
    const child = spawnDetached(launch, join(ports.home.logs, `${spec.name}.log`));
    const ref = child.pid === undefined ? null : await refOf(child.pid);
    if (ref === null) return await failed(spec, await child.ended);
    if (replaces === null) await record(spec, ports, launch, ref, null);
    const failure = await untilReady(spec, ports, child, ended);
    if (failure === null) {
      if (replaces !== null) await record(spec, ports, launch, ref, replaces);
      return { ok: true, ref, ended: child.ended };
    }
    if (!ended.aborted || replaces !== null) await endProcess(ports, ref);
    return await failed(spec, failure);
  } catch (error) {
    return failed(spec, { ...nothing, output: error instanceof Error ? error.message : String(error) });
  }
}

/** Null when it answers; else how it ended, or `nothing` when it lives and is silent. */
async function untilReady(
  spec: DetachedSpec,
  { clock, scheduler }: ProcessPorts,
  child: Spawned,
  ended: AbortSignal,
): Promise<ProcessEnd | null> {
  const seen: { end: ProcessEnd | null } = { end: null };
  void child.ended.then((end) => (seen.end = end));
  const limit = clock.monotonicMs() + READY_LIMIT_MS;
  while (!ended.aborted && clock.monotonicMs() < limit) {
    if (seen.end !== null) return seen.end;
    if ((await spec.answers(spec.socket)) === child.pid) return null;
    await pause(scheduler, POLL_MS, ended);
  }
  return { ...nothing, output: child.output() };
}

async function failed(spec: DetachedSpec, end: ProcessEnd): Promise<Started> {
  return { ok: false, problem: await spec.explain(end) };
}

async function record(
  spec: DetachedSpec,
  ports: ProcessPorts,
  launch: Launch,
  ref: ProcessRef,
  replaces: ProcessRef | null,
): Promise<void> {
  const { kind, socket, name } = spec;
  // Of ours the interpreter says nothing: the script is what was started.
  const program = launch.args.find((arg) => arg.endsWith('.js')) ?? launch.program;
  const known = (await readProcessRecord(ports.home, name))?.before ?? [];
  const before = await livingOf(replaces === null ? known : [...known, replaces]);
  const content = { ...ref, kind, socket, listen: spec.listen(), program, before };
  await recordOrWarn(ports, name, content);
}

async function livingOf(refs: readonly ProcessRef[]): Promise<ProcessRef[]> {
  const alive = await Promise.all(refs.map(isAlive));
  return refs.filter((_ref, index) => alive[index]);
}
