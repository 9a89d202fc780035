import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Problem, Shares } from '../../src-shared/world/traffic.ts';
import type {
  Dealing,
  FrontAdapter,
  FrontConfig,
  FrontCounters,
  FrontSide,
} from '../../src-engine/traffic/ports.ts';

type Kind = FrontAdapter['kind'];

/** A front that is nothing but what it was told: shared by the adapters of all "engines" that find it. */
export interface FakeProcess {
  kind: Kind;
  pid: number;
  config: FrontConfig;
  shares: Shares;
  dead: boolean;
  counters: { core: number; edge: number };
  inFlight: { core: number; edge: number };
}

/** The machine: which front runs on it, what its adapters were asked, and what is to go wrong. */
export interface FakeFronts {
  process: FakeProcess | null;
  /** Every act, in order: `haproxy open`, `haproxy set 80`, … */
  readonly asked: string[];
  /** Acts that fail, by their name: `open`, `set`, `read`, … */
  readonly fails: Map<string, Problem>;
  /** The front takes a weight and says another one (a conflict, a proxy that lies). */
  readsBack: Shares | null;
  make(kind: Kind): FrontAdapter;
  /** What the adapters that are open tell their engine. */
  say(state: { up: boolean; problem: Problem | null }): void;
  /** Requests arrive, dealt by the weights. */
  serve(requests: number): void;
}

export function fakeFronts(dealing: Dealing = 'in-turn'): FakeFronts {
  let nextPid = 1000;
  const listeners = new Set<(state: { up: boolean; problem: Problem | null }) => void>();
  const fronts: FakeFronts = {
    process: null,
    asked: [],
    fails: new Map(),
    readsBack: null,
    make: (kind) => fakeFront(fronts, kind, dealing, listeners, () => (nextPid += 1)),
    say: (state) => listeners.forEach((listener) => listener(state)),
    serve(requests) {
      const { process } = fronts;
      if (process === null) return;
      const edge = Math.round((requests * process.shares.edge) / 100);
      process.counters.edge += edge;
      process.counters.core += requests - edge;
    },
  };
  return fronts;
}

function fakeFront(
  fronts: FakeFronts,
  kind: Kind,
  dealing: Dealing,
  listeners: Set<(state: { up: boolean; problem: Problem | null }) => void>,
  newPid: () => number,
): FrontAdapter {
  const own = new Set<(state: { up: boolean; problem: Problem | null }) => void>();
  async function act<T>(name: string, detail: string, done: (process: FakeProcess) => T): Promise<Result<T>> {
    fronts.asked.push(`${kind} ${name}${detail}`);
    const problem = fronts.fails.get(name);
    if (problem !== undefined) return fail(problem.code, problem.params);
    return fronts.process === null ? fail('frontDown', { listen: '-' }) : ok(done(fronts.process));
  }
  return {
    kind,
    dealing,
    async open(config, shares) {
      fronts.asked.push(`${kind} open`);
      const problem = fronts.fails.get('open') ?? fronts.fails.get(`open ${kind}`);
      if (problem !== undefined) return fail(problem.code, problem.params);
      if (fronts.process?.kind === kind) return ok('adopted');
      const none = { core: 0, edge: 0 };
      fronts.process = {
        kind,
        pid: newPid(),
        config,
        shares,
        dead: false,
        counters: { ...none },
        inFlight: { ...none },
      };
      return ok('started');
    },
    reconfigure: (config, shares) =>
      act(
        'reconfigure',
        ` ${config.edge === null ? 'no edge' : config.edge.host} ${shares.edge}`,
        (process) => {
          process.config = config;
          process.shares = shares;
        },
      ),
    read: () => act('read', '', ({ shares }) => fronts.readsBack ?? shares),
    set: (shares) =>
      act('set', ` ${shares.edge}`, (process) => {
        process.shares = shares;
        return fronts.readsBack ?? shares;
      }),
    counters: () => act('counters', '', countersOf),
    dead: () =>
      act('dead', '', (process) => {
        process.dead = true;
        process.shares = { core: 100, edge: 0 };
        return { resent: 2, cut: [{ method: 'POST', path: '/', ageMs: 40 }], cutCount: 1 };
      }),
    revive: () => act('revive', '', (process) => void (process.dead = false)),
    onState(listener) {
      own.add(listener);
      listeners.add(listener);
    },
    pid: () => fronts.process?.pid ?? null,
    async dispose(how) {
      fronts.asked.push(`${kind} dispose ${how}`);
      for (const listener of own) listeners.delete(listener);
      if (how === 'stop') fronts.process = null;
    },
  };
}

function countersOf({ pid, counters, inFlight }: FakeProcess): FrontCounters {
  const side = (name: 'core' | 'edge'): FrontSide => ({
    requests: counters[name],
    failures: 0,
    retried: 0,
    inFlight: inFlight[name],
    up: true,
  });
  return { generation: String(pid), core: side('core'), edge: side('edge') };
}
