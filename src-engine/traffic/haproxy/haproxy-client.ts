import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { BACKENDS } from './servers.ts';
import { infoIn, refusalIn, weightIn, type HaproxyInfo } from './replies.ts';
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
  if (reply === null) return silence();
  const value = read(reply);
  return value === null ? fail('frontRefused', { line: refusalIn(reply) ?? command }) : ok(value);
}

async function dealt(ask: AskHaproxy): Promise<Result<Dealt>> {
  const stats = await asked(ask, 'show stat', parseStats);
  if (!stats.ok) return stats;
  const hasEdge = stats.value.has('be/edge');
  const backends: BackendWeights[] = [];
  for (const backend of BACKENDS) {
    const core = await asked(ask, `get weight ${backend}/core`, weightIn);
    if (!core.ok) return core;
    const edge = hasEdge ? await asked(ask, `get weight ${backend}/edge`, weightIn) : ok(0);
    if (!edge.ok) return edge;
    // Its weight of before stands on while it is held out, but nothing goes there.
    const heldOut = isHeldOut(stats.value.get(`${backend}/edge`));
    backends.push({ core: core.value, edge: heldOut ? 0 : edge.value });
  }
  const edgeOut = BACKENDS.some((backend) => isOut(stats.value.get(`${backend}/edge`)));
  return ok({ shares: sharesFrom(backends), hasEdge, edgeOut });
}
