import type { TandemError } from '../../src-shared/errors/result.ts';
import type { Problem, Shares } from '../../src-shared/world/traffic.ts';
import { textOf } from './addresses.ts';
import type { FrontChoice } from './choose-front.ts';
import type { KeptMemory } from './front-memory.ts';
import type { FrontAdapter, FrontConfig } from './ports.ts';
import type { FrontSlice, PairFacts, TrafficPorts, TrafficSettings } from './room-ports.ts';
import type { WantedFront } from './wanted-front.ts';

/** What the keeper of the core's front knows of it, and how that changes by what is read, written and told. */

export interface Open {
  readonly adapter: FrontAdapter;
  readonly choice: FrontChoice;
  /** The setting that it was chosen by. */
  readonly setting: TrafficSettings['front'];
  config: FrontConfig;
  /** It serves otherwise than by `config`: to be told again. */
  isOwed: boolean;
}

export interface Core {
  readonly ports: TrafficPorts;
  readonly changed: () => void;
  readonly memory: KeptMemory;
  open: Open | null;
  state: FrontSlice['state'];
  problem: Problem | null;
  choice: FrontChoice | null;
  pair: PairFacts | null;
  weights: Shares;
  /** Counts writes of `weights`. */
  version: number;
  /** Another kind that was tried and failed: not tried again by itself, since each try costs requests. */
  refused: WantedFront | null;
  /** A change waits for the end of a departure, or failed and may succeed later. */
  unsettled: boolean;
  disposed: boolean;
}

export async function readWeights(core: Core, open: Open): Promise<void> {
  const { version } = core;
  const read = await open.adapter.read();
  if (read.ok && version === core.version) core.weights = sharesOnly(read.value);
}

/** Who wrote them is for who asks, and no part of what is kept. */
const sharesOnly = ({ core, edge }: Shares): Shares => ({ core, edge });

export function heard(
  core: Core,
  adapter: FrontAdapter,
  now: { up: boolean; problem: Problem | null },
): void {
  // While it is being opened, its opening tells.
  if (core.open?.adapter !== adapter) return;
  const state = now.up ? 'up' : 'down';
  core.problem = now.problem;
  if (core.state !== state) {
    const code = now.problem?.code ?? 'unknown';
    const what = now.up ? 'the front answers again' : `the front is down: ${code}`;
    core.ports.note('traffic.front', what, { front: adapter.kind, problem: now.problem });
  }
  core.state = state;
  core.changed();
}

/** Null: all is as it is wanted. History is told of a problem once. */
export function tell(core: Core, error: TandemError | null): void {
  const before = core.problem?.code;
  core.problem = error === null ? null : { code: error.code, params: { ...error.params } };
  if (error !== null && core.open === null) core.state = 'down';
  if (error !== null && error.code !== before)
    core.ports.note('traffic.front', `the front cannot be as it is wanted: ${error.code}`, {
      problem: core.problem,
    });
  core.changed();
}

/** The switch calls it before the front is told of a share that falls, and after it was told of one that rises. */
export async function noteWeights(core: Core, shares: Shares): Promise<void> {
  core.version += 1;
  core.weights = shares;
  await core.memory.keep({ shares });
}

/**
 * What the front says by itself counts, unless something was written since it was asked; but a share that somebody
 * else raised is not what the next one begins with.
 */
export async function noteSeen(core: Core, shares: Shares, version: number): Promise<void> {
  if (version !== core.version) return;
  core.weights = sharesOnly(shares);
  const memory = await core.memory.get();
  if (version === core.version && shares.edge < memory.shares.edge)
    await core.memory.keep({ shares: sharesOnly(shares) });
}

export function sliceOf({ ports, choice, open, state, problem, weights }: Core): FrontSlice {
  const settings = ports.settings();
  const shown = open?.choice ?? choice;
  return {
    front: shown?.kind ?? (settings.front === 'auto' ? 'embedded' : settings.front),
    why: shown?.why ?? 'setting',
    state,
    problem,
    listen: open === null ? settings.listen : textOf(open.config.listen),
    weights,
  };
}
