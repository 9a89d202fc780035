import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { BACKENDS } from './servers.ts';
import { infoIn, refusalIn, repliesIn, weightIn, type HaproxyInfo } from './replies.ts';
import type { AskHaproxy } from './runtime-socket.ts';
import { isHeldOut, isOut, parseStats, type Stats } from './stats.ts';
import { sharesFrom, weightWrites, type BackendWeights } from './weights.ts';

/** What a running HAProxy deals; where it differs between the backends, with the greater share of the edge. */
export interface Dealt {
  /** Percent. An edge that is held out has none, whatever its weight of before. */
  readonly shares: Shares;
  /** It was started with an edge. */
  readonly hasEdge: boolean;
  /** Out by a word to one of the backends at least, until it is revived. */
  readonly edgeOut: boolean;
}

/** A running HAProxy by its runtime socket. Errors: `frontDown` when it does not answer, `frontRefused` with its line. */
export interface HaproxyClient {
  info(): Promise<HaproxyInfo | null>;
  stats(): Promise<Result<Stats>>;
  /** Statistics, and the process that they are of. */
  counted(): Promise<Result<{ readonly pid: number; readonly stats: Stats }>>;
  /** One after another; the first that is refused ends it. */
  tell(commands: readonly string[]): Promise<Result<void>>;
  dealt(): Promise<Result<Dealt>>;
  /** Writes, the rising side first in both backends, and reads back what is dealt then. */
  write(to: Shares): Promise<Result<Dealt>>;
}

export function haproxyClient(ask: AskHaproxy): HaproxyClient {
  return {
    info: async () => infoIn((await ask('show info')) ?? ''),
    stats: () => asked(ask, 'show stat', parseStats),
    counted: () => counted(ask),
    tell: (commands) => tell(ask, commands),
    dealt: () => dealt(ask),
    async write(to) {
      const before = await dealt(ask);
      if (!before.ok) return before;
      const writes = weightWrites(before.value.shares, to, before.value.hasEdge);
      const told = await tell(
        ask,
        writes.map(({ backend, side, weight }) => `set server ${backend}/${side} weight ${weight}`),
      );
      return told.ok ? dealt(ask) : told;
    },
  };
}

const silence = () => fail('frontDown', { detail: 'HAProxy does not answer on its runtime socket' });

async function tell(ask: AskHaproxy, commands: readonly string[]): Promise<Result<void>> {
  for (const command of commands) {
    const reply = await ask(command);
    if (reply === null) return silence();
    const line = refusalIn(reply);
    if (line !== null) return fail('frontRefused', { line });
  }
  return ok(undefined);
}

/** A question whose answer has a form: another answer is a refusal. */
async function asked<T>(
  ask: AskHaproxy,
  command: string,
  read: (reply: string) => T | null,
): Promise<Result<T>> {
  const reply = await ask(command);
  return reply === null ? silence() : answer(reply, command, read);
}

function answer<T>(reply: string, command: string, read: (reply: string) => T | null): Result<T> {
  const value = read(reply);
  return value === null ? fail('frontRefused', { line: refusalIn(reply) ?? command }) : ok(value);
}

/** Several at once: a connection for each would be most of what an idle front costs the engine. */
async function askedTogether(
  ask: AskHaproxy,
  commands: readonly string[],
): Promise<Result<readonly string[]>> {
  const reply = await ask(...commands);
  return reply === null
    ? silence()
    : answer(reply, commands.join('; '), (text) => repliesIn(text, commands.length));
}

async function counted(ask: AskHaproxy): Promise<Result<{ pid: number; stats: Stats }>> {
  const replies = await askedTogether(ask, ['show info', 'show stat']);
  if (!replies.ok) return replies;
  const [about = '', counters = ''] = replies.value;
  const info = answer(about, 'show info', infoIn);
  if (!info.ok) return info;
  const stats = answer(counters, 'show stat', parseStats);
  return stats.ok ? ok({ pid: info.value.pid, stats: stats.value }) : stats;
}

const weightQuestions = BACKENDS.flatMap((backend) => [
  `get weight ${backend}/core`,
  `get weight ${backend}/edge`,
]);

async function dealt(ask: AskHaproxy): Promise<Result<Dealt>> {
  const replies = await askedTogether(ask, ['show stat', ...weightQuestions]);
  if (!replies.ok) return replies;
  const [counters = '', ...weights] = replies.value;
  const stats = answer(counters, 'show stat', parseStats);
  if (!stats.ok) return stats;
  const hasEdge = stats.value.has('be/edge');
  const backends: BackendWeights[] = [];
  for (const [index, backend] of BACKENDS.entries()) {
    const [ofCore = '', ofEdge = ''] = weights.slice(2 * index);
    const core = answer(ofCore, `get weight ${backend}/core`, weightIn);
    if (!core.ok) return core;
    const edge = hasEdge ? answer(ofEdge, `get weight ${backend}/edge`, weightIn) : ok(0);
    if (!edge.ok) return edge;
    // Its weight of before stands on while it is held out, but nothing goes there.
    const heldOut = isHeldOut(stats.value.get(`${backend}/edge`));
    backends.push({ core: core.value, edge: heldOut ? 0 : edge.value });
  }
  const edgeOut = BACKENDS.some((backend) => isOut(stats.value.get(`${backend}/edge`)));
  return ok({ shares: sharesFrom(backends), hasEdge, edgeOut });
}
