import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Disposable } from '../../platform/clock.ts';
import { isAlive, type ProcessRef } from '../../platform/processes.ts';
import { createTurns } from '../../platform/turns.ts';
import { adoptProcess } from './adopt-process.ts';
import { endProcess } from './end-process.ts';
import { wrongWithFolder } from './own-folder.ts';
import type { DetachedSpec, ProcessEnd, ProcessPorts, ProcessState, Supervised } from './process-ports.ts';
import { readProcessRecord, removeProcessRecord } from './process-record.ts';
import { restartDelayMs, STEADY_MS } from './restart-delay.ts';
import { startProcess } from './start-process.ts';

/** Of an adopted process no exit is told to us: it is looked at this often. */
const LOOK_MS = 100;
const unseen: ProcessEnd = { code: null, signal: null, output: 'it ended' };

interface Living {
  readonly ref: ProcessRef;
  readonly socket: string;
  readonly sinceMs: number;
  /** Watches for its end. */
  readonly watch: Disposable;
}

interface Care {
  readonly spec: DetachedSpec;
  readonly ports: ProcessPorts;
  readonly ended: AbortController;
  readonly turns: ReturnType<typeof createTurns>;
  readonly listeners: Set<(state: ProcessState) => void>;
  living: Living | null;
  /** Whoever an earlier engine left has been looked for: until then nothing is started beside it. */
  isLooked: boolean;
  retry: Disposable | null;
  deaths: number;
  told: string;
}

/**
 * Keeps one detached process alive as long as this engine lives: adopts, starts, starts again within about 0.1 s of
 * a death (later and later when it keeps dying), and leaves it alone or ends it at the end. One thing at a time.
 */
export function supervise(spec: DetachedSpec, ports: ProcessPorts): Supervised {
  const care: Care = {
    spec,
    ports,
    ended: new AbortController(),
    turns: createTurns(),
    listeners: new Set(),
    living: null,
    isLooked: false,
    retry: null,
    deaths: 0,
    told: '',
  };
  const { turns } = care;
  return {
    begin: () => turns.inTurn(() => begin(care)),
    replace: () => turns.inTurn(() => replace(care)),
    restart: () => turns.inTurn(() => restart(care)),
    socket: () => care.living?.socket ?? spec.socket,
    pid: () => care.living?.ref.pid ?? null,
    onState: (listener) => void care.listeners.add(listener),
    dispose: (how) => dispose(care, how),
  };
}

async function begin(care: Care): Promise<Result<'adopted' | 'started'>> {
  const { spec, ports } = care;
  const adopted = await adoptProcess(spec, ports).catch((error: unknown) => errorOf(error));
  if (adopted instanceof Error) {
    ports.log.error({ error: adopted.message }, `${spec.name}: nobody is adopted`);
    const problem = await spec.explain({ ...unseen, output: adopted.message });
    care.deaths += 1;
    tryLater(care, problem);
    return fail(problem.code, problem.params);
  }
  care.isLooked = true;
  if (adopted === null) {
    const started = await start(care);
    return started.ok ? ok('started') : started;
  }
  ports.log.info({ pid: adopted.ref.pid }, `${spec.name}: adopted`);
  settle(care, adopted.ref, adopted.socket, null);
  return ok('adopted');
}

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

async function start(care: Care): Promise<Result<void>> {
  care.retry?.dispose();
  const started = await startProcess(care.spec, care.ports, null, care.ended.signal);
  if (started.ok) {
    care.ports.log.info({ pid: started.ref.pid }, `${care.spec.name}: started`);
    settle(care, started.ref, care.spec.socket, started.ended);
    return ok(undefined);
  }
  care.deaths += 1;
  tryLater(care, started.problem);
  return fail(started.problem.code, started.problem.params);
}

/** A failure leaves the old one where it is. */
async function replace(care: Care): Promise<Result<void>> {
  const old = care.living;
  if (old === null) return start(care);
  const started = await startProcess(care.spec, care.ports, old.ref, care.ended.signal);
  if (!started.ok) return fail(started.problem.code, started.problem.params);
  old.watch.dispose();
  settle(care, started.ref, care.spec.socket, started.ended);
  return ok(undefined);
}

async function restart(care: Care): Promise<Result<void>> {
  const old = care.living;
  old?.watch.dispose();
  care.living = null;
  if (old !== null) await endProcess(care.ports, old.ref, asked(care, old.socket));
  return startOrAdopt(care);
}

async function startOrAdopt(care: Care): Promise<Result<void>> {
  const begun = await (care.isLooked ? start(care) : begin(care));
  return begun.ok ? ok(undefined) : begun;
}

/** From now on this is the process. */
function settle(care: Care, ref: ProcessRef, socket: string, ended: Promise<ProcessEnd> | null): void {
  const watch = ended === null ? lookAt(care, ref) : listenTo(care, ref, ended);
  care.living = { ref, socket, sinceMs: care.ports.clock.monotonicMs(), watch };
  tell(care, { up: true, problem: null });
}

function listenTo(care: Care, ref: ProcessRef, ended: Promise<ProcessEnd>): Disposable {
  let isWatched = true;
  void ended.then((end) => (isWatched ? care.turns.inTurn(() => died(care, ref, end)) : undefined));
  return { dispose: () => void (isWatched = false) };
}

function lookAt(care: Care, ref: ProcessRef): Disposable {
  let isLooking = false;
  const timer = care.ports.scheduler.every(LOOK_MS, () => {
    if (isLooking) return;
    isLooking = true;
    void isAlive(ref).then((alive) => {
      isLooking = false;
      if (alive) return;
      timer.dispose();
      void care.turns.inTurn(() => died(care, ref, unseen));
    });
  });
  return timer;
}

async function died(care: Care, ref: ProcessRef, end: ProcessEnd): Promise<void> {
  const { living, ports, spec } = care;
  if (living === null || living.ref.pid !== ref.pid || living.ref.startedAt !== ref.startedAt) return;
  living.watch.dispose();
  care.living = null;
  if (care.ended.signal.aborted) return;
  const livedMs = ports.clock.monotonicMs() - living.sinceMs;
  care.deaths = livedMs >= STEADY_MS ? 1 : care.deaths + 1;
  ports.log.warn({ pid: ref.pid, code: end.code, signal: end.signal, livedMs }, `${spec.name}: died`);
  tryLater(care, await spec.explain(end));
}

function tryLater(care: Care, problem: Problem): void {
  if (care.ended.signal.aborted) return;
  tell(care, { up: false, problem });
  care.retry?.dispose();
  care.retry = care.ports.scheduler.after(restartDelayMs(care.deaths), () => {
    care.retry = null;
    void care.turns.inTurn(async () => {
      if (care.living === null && !care.ended.signal.aborted) await startOrAdopt(care);
    });
  });
}

function tell(care: Care, state: ProcessState): void {
  const text = JSON.stringify(state);
  if (text === care.told || care.ended.signal.aborted) return;
  care.told = text;
  for (const listener of care.listeners) listener(state);
}

async function dispose(care: Care, how: 'keep' | 'stop'): Promise<void> {
  const { ports, spec } = care;
  care.ended.abort();
  care.retry?.dispose();
  care.living?.watch.dispose();
  if (how === 'keep') return;
  await care.turns.inTurn(async () => {
    // By the record too: a start that was under way has written one and is nobody's `living` yet.
    const record = await readProcessRecord(ports.home, spec.name);
    const socket = care.living?.socket ?? record?.socket ?? spec.socket;
    const ref = care.living?.ref ?? refIn(record);
    const isOurs = (await wrongWithFolder(dirname(socket))) === null;
    if (ref !== null) await endProcess(ports, ref, isOurs ? asked(care, socket) : undefined);
    await Promise.all((record?.before ?? []).map((old) => endProcess(ports, old)));
    await removeProcessRecord(ports.home, spec.name);
    if (isOurs) await rm(socket, { force: true });
  });
}

const refIn = (record: ProcessRef | null): ProcessRef | null =>
  record === null ? null : { pid: record.pid, startedAt: record.startedAt };

function asked(care: Care, socket: string): (() => Promise<unknown>) | undefined {
  const { askToEnd } = care.spec;
  return askToEnd === undefined ? undefined : () => askToEnd(socket);
}
