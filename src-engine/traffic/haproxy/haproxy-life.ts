import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem, Shares } from '../../../src-shared/world/traffic.ts';
import { pause } from '../../platform/clock.ts';
import { removeFile, writePrivately } from '../../platform/files.ts';
import { shortFolder } from '../../platform/home.ts';
import { isAlive, refOf, type ProcessRef } from '../../platform/processes.ts';
import type { Tools } from '../../platform/tools.ts';
import { createTurns, type Turns } from '../../platform/turns.ts';
import { textOf } from '../addresses.ts';
import type { FrontConfig } from '../ports.ts';
import type { DetachedSpec, Launch, ProcessPorts, Supervised } from '../process/process-ports.ts';
import { supervise } from '../process/supervisor.ts';
import { configText, wasEdited, type ConfigInput } from './config.ts';
import { problemOf, refusedBy } from './explain.ts';
import { haproxyClient, type HaproxyClient } from './haproxy-client.ts';
import { infoIn } from './replies.ts';
import { runtimeSocket, type AskHaproxy } from './runtime-socket.ts';

export interface HaproxyPorts extends ProcessPorts {
  readonly tools: Tools;
  /** Some settings exist on Linux alone. */
  readonly os: NodeJS.Platform;
}

/** What HAProxy is to serve by: each of its starts is written from it. */
export interface Wanted {
  readonly front: FrontConfig;
  readonly shares: Shares;
  readonly edgeOut: boolean;
}

export type FrontState = { readonly up: boolean; readonly problem: Problem | null };

/** One HAProxy of this home: its process, its socket and its configuration file. */
export interface Life {
  readonly ports: HaproxyPorts;
  /** Whatever writes: one after another. */
  readonly turns: Turns;
  readonly supervised: Supervised;
  readonly client: HaproxyClient;
  readonly listeners: Set<(state: FrontState) => void>;
  /** Null before the first `open`. */
  wanted: Wanted | null;
  /** What runs was adopted, and not yet replaced by what is wanted. */
  owesReload: boolean;
  program: string;
  state: FrontState;
  /** The file was found edited, and that was not yet taken back. */
  isEdited: boolean;
  /** Its silence is being looked into. */
  isHealing: boolean;
  isClosed: boolean;
}

export function beginLife(ports: HaproxyPorts): Life {
  const ask: AskHaproxy = async (...commands) => {
    const reply = await runtimeSocket(supervised.socket())(...commands);
    if (reply === null) lookIntoSilence(life);
    return reply;
  };
  const supervised = supervise(
    specOf(ports, () => life),
    ports,
  );
  const life: Life = {
    ports,
    turns: createTurns(),
    supervised,
    client: haproxyClient(ask),
    listeners: new Set(),
    wanted: null,
    owesReload: false,
    program: 'haproxy',
    state: { up: false, problem: null },
    isEdited: false,
    isHealing: false,
    isClosed: false,
  };
  supervised.onState(({ up, problem }) => tell(life, { up, problem: up ? editedProblem(life) : problem }));
  return life;
}

/** Told once per change. */
function tell(life: Life, state: FrontState): void {
  if (JSON.stringify(state) === JSON.stringify(life.state)) return;
  life.state = state;
  announce(life);
}

function announce({ isClosed, listeners, state }: Life): void {
  if (!isClosed) for (const listener of listeners) listener(state);
}

function editedProblem({ isEdited, ports }: Life): Problem | null {
  return isEdited ? { code: 'frontEdited', params: { file: fileOf(ports) } } : null;
}

export function inputOf({ ports }: Life, { front, shares, edgeOut }: Wanted): ConfigInput {
  return { front, shares, edgeOut, socketPath: socketOf(ports), os: ports.os };
}

/** Short: on its way there HAProxy binds to a longer name. */
export function socketOf({ home }: Pick<HaproxyPorts, 'home'>): string {
  return join(shortFolder(home.root), 'hap.sock');
}

/** Its argv names it, and so the home. */
export function fileOf({ home }: Pick<HaproxyPorts, 'home'>): string {
  return join(home.run, 'haproxy.cfg');
}

function specOf(ports: HaproxyPorts, life: () => Life): DetachedSpec {
  const front = (): FrontConfig => {
    const { wanted } = life();
    if (wanted === null) throw new Error('HAProxy is started before it was told what to serve');
    return wanted.front;
  };
  return {
    name: 'front',
    kind: 'haproxy',
    socket: socketOf(ports),
    listen: () => textOf(front().listen),
    prepare: (replaces) => prepare(life(), replaces),
    answers: pidBehind,
    explain: async (end) => problemOf(end, front().listen),
  };
}

export async function pidBehind(socket: string): Promise<number | null> {
  return infoIn((await runtimeSocket(socket)('show info')) ?? '')?.pid ?? null;
}

/** Foreground: its pid is the child's, and its exit is seen. Beside a living one it takes the listening sockets over. */
async function prepare(life: Life, replaces: ProcessRef | null): Promise<Launch> {
  await keepFile(life);
  const args = ['-db', '-f', fileOf(life.ports)];
  if (replaces === null || !(await isAlive(replaces))) return { program: life.program, args };
  const socket = life.supervised.socket();
  // Its socket gone, the old one is told to let go of the port: a few milliseconds in which nobody listens.
  const handsOver = (await pidBehind(socket)) === replaces.pid;
  const takeOver = [...(handsOver ? ['-x', socket] : []), '-sf', String(replaces.pid)];
  return { program: life.program, args: [...args, ...takeOver] };
}

/** The file follows what is wanted: a start that is in a hurry finds it written. Not waited for. */
export function keepFileLater(life: Life): void {
  void life.turns
    .inTurn(async () => (life.isClosed ? undefined : keepFile(life)))
    .catch((error: unknown) =>
      life.ports.log.warn({ error: String(error) }, 'front: its configuration cannot be written'),
    );
}

/** Who opens a front hears what it says once it is open: an edited file is said again then. */
export function sayAgainIfEdited(life: Life): void {
  if (!life.isEdited) return;
  void life.turns.inTurn(async () => {
    await pause(life.ports.scheduler, 0);
    announce(life);
  });
}

/**
 * Writes the file where it is not as wanted; throws when that fails. One that somebody edited is written anew and
 * said: HAProxy runs by what we wrote.
 */
async function keepFile(life: Life): Promise<void> {
  const file = fileOf(life.ports);
  const text = life.wanted === null ? null : configText(inputOf(life, life.wanted));
  if (text === null || !text.ok) return;
  const found = await readFile(file, 'utf8').catch(() => null);
  life.isEdited = found !== null && wasEdited(found);
  if (life.isEdited)
    life.ports.log.warn({ file }, 'front: its configuration was edited by hand and is written anew');
  if (found !== text.value) await writePrivately(file, text.value);
  // While it is down the reason for that is said; this is said when it is up.
  if (life.state.up) tell(life, { up: true, problem: editedProblem(life) });
}

export async function removeConfig(life: Life): Promise<void> {
  await removeFile(fileOf(life.ports));
}

const CHECK_LIMIT_MS = 10_000;

/** Has HAProxy read a configuration without starting it. Errors: `frontRefused` with its line, `backendInvalid`. */
export async function checkWanted(life: Life, wanted: Wanted): Promise<Result<void>> {
  const text = configText(inputOf(life, wanted));
  if (!text.ok) return text;
  const file = `${fileOf(life.ports)}.next`;
  await writePrivately(file, text.value);
  const { exitCode, stdout, stderr } = await life.ports.tools.run(life.program, ['-c', '-f', file], {
    timeoutMs: CHECK_LIMIT_MS,
    graceMs: 0,
  });
  await removeFile(file);
  if (exitCode === 0) return ok(undefined);
  const problem = refusedBy(`${stderr}\n${stdout}`);
  return problem === null
    ? fail('frontRefused', { line: stderr.trim().split('\n').at(-1) ?? '' })
    : fail(problem.code, problem.params);
}

/** It did not answer although its process lives: hung, or its socket is gone. */
function lookIntoSilence(life: Life): void {
  if (life.isHealing || life.isClosed || !life.state.up) return;
  life.isHealing = true;
  void life.turns
    .inTurn(() => heal(life))
    .catch((error: unknown) => life.ports.log.error({ error: String(error) }, 'front: cannot be healed'))
    .finally(() => void (life.isHealing = false));
}

/** Each waits up to 1 s: a machine that is busy for so long has other troubles. */
const ASKED_TIMES = 2;

/**
 * A socket that is gone does not come back, and an HAProxy that nobody can talk to keeps its weights for ever:
 * another one takes over with the weights of now. It is asked to let its requests end first; a hung one is killed.
 */
async function heal(life: Life): Promise<void> {
  const { supervised, ports } = life;
  const pid = supervised.pid();
  // Dead: it is started anew already.
  if (pid === null || (await refOf(pid)) === null) return;
  const isThere = await lstat(supervised.socket()).then(
    () => true,
    () => false,
  );
  for (let left = isThere ? ASKED_TIMES : 0; left > 0; left -= 1)
    if ((await pidBehind(supervised.socket())) !== null) return;
  if (life.isClosed || supervised.pid() !== pid) return;
  ports.log.warn({ pid, isThere }, 'front: HAProxy does not answer on its socket, another takes over');
  const replaced = await supervised.replace();
  if (!replaced.ok && isThere) await supervised.restart();
}
