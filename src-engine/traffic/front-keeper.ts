import { isDeepStrictEqual } from 'node:util';
import { fail, ok, type Result, type TandemError } from '../../src-shared/errors/result.ts';
import type { Problem, Shares } from '../../src-shared/world/traffic.ts';
import { createTurns } from '../platform/turns.ts';
import { textOf } from './addresses.ts';
import type { FrontChoice } from './choose-front.ts';
import { allOnCore } from './front-config.ts';
import { keptMemory, noMemory, type KeptMemory } from './front-memory.ts';
import type { FrontAdapter, FrontConfig } from './ports.ts';
import type {
  FrontKeeper,
  FrontSlice,
  KnownGate,
  PairFacts,
  TrafficPorts,
  TrafficSettings,
} from './room-ports.ts';
import { wantedFront, type WantedFront } from './wanted-front.ts';

interface Open {
  readonly adapter: FrontAdapter;
  readonly choice: FrontChoice;
  /** The setting that it was chosen by. */
  readonly setting: TrafficSettings['front'];
  config: FrontConfig;
}

interface Core {
  readonly ports: TrafficPorts;
  readonly changed: () => void;
  readonly memory: KeptMemory;
  open: Open | null;
  state: FrontSlice['state'];
  problem: Problem | null;
  choice: FrontChoice | null;
  pair: PairFacts | null;
  weights: Shares;
  /** Another kind that was tried and failed: not tried again by itself, since each try costs requests. */
  refused: WantedFront | null;
  /** A change waits for the end of a departure, or failed and may succeed later. */
  unsettled: boolean;
  disposed: boolean;
}

/** The core's front: opened, adopted, changed and ended as role, settings, pairing and gate want it. */
export function createFrontKeeper(ports: TrafficPorts, changed: () => void): FrontKeeper {
  const core: Core = {
    ports,
    changed,
    memory: keptMemory(ports.runFolder, ports.log),
    open: null,
    state: 'starting',
    problem: null,
    choice: null,
    pair: null,
    weights: allOnCore,
    refused: null,
    unsettled: false,
    disposed: false,
  };
  const turns = createTurns();
  return {
    settle: () => turns.inTurn(() => settle(core)),
    isUnsettled: () => ports.role() === 'core' && (core.unsettled || core.open === null),
    front: () => core.open?.adapter ?? null,
    slice: () => (ports.role() === 'core' ? sliceOf(core) : null),
    config: () => core.open?.config ?? null,
    gate: () => core.memory.now()?.gate ?? null,
    pair: () => core.pair,
    useGate: (gate) => turns.inTurn(() => useGate(core, gate)),
    weights: () => core.weights,
    noteWeights: (shares) => noteWeights(core, shares),
    noteSeen: (shares) => noteSeen(core, shares),
    inTurn: turns.inTurn,
    async dispose(how) {
      core.disposed = true;
      await turns.settled();
      await core.open?.adapter.dispose(how);
    },
  };
}

async function settle(core: Core): Promise<void> {
  const { ports } = core;
  if (core.disposed) return;
  const { gate } = await core.memory.get();
  core.unsettled = false;
  if (ports.role() !== 'core') return endFront(core);
  const pair = await ports.pair();
  core.pair = pair.ok ? pair.value : null;
  const { open } = core;
  const chosen = open !== null && open.setting === ports.settings().front ? open.choice : null;
  const wanted = await wantedFront(ports, gate, core.pair, chosen);
  if (core.disposed) return;
  if (!wanted.ok) tell(core, wanted.error);
  else if (core.open === null) await openFront(core, wanted.value);
  else await changeFront(core, core.open, wanted.value);
  core.changed();
}

/** A front that is not open yet begins with the gate; one that is takes it over, or says why it does not. */
async function useGate(core: Core, gate: KnownGate | null): Promise<Result<void>> {
  const before = (await core.memory.get()).gate;
  if (isDeepStrictEqual(before, gate) && isTaken(core, gate)) return ok(undefined);
  await core.memory.keep(gate === null ? { gate, shares: allOnCore } : { gate });
  if (gate === null) core.weights = allOnCore;
  await settle(core);
  if (core.open === null || isTaken(core, gate)) return ok(undefined);
  return core.problem === null ? fail('frontDown') : fail(core.problem.code, core.problem.params);
}

function isTaken({ open }: Core, gate: KnownGate | null): boolean {
  const edge = open?.config.edge ?? null;
  return open !== null && edge?.host === gate?.host && edge?.port === gate?.port;
}

async function openFront(
  core: Core,
  { choice, config }: WantedFront,
  setting: Open['setting'] = core.ports.settings().front,
): Promise<void> {
  const { ports } = core;
  const memory = await core.memory.get();
  const adapter = ports.makeFront(choice.kind);
  core.choice = choice;
  adapter.onState((state) => heard(core, adapter, state));
  const shares = config.edge === null ? allOnCore : memory.shares;
  const opened = await adapter.open(config, shares);
  if (!opened.ok) {
    // It is tried again with a new one, which adopts what may run all the same.
    await adapter.dispose('keep');
    core.state = 'down';
    return tell(core, opened.error);
  }
  const open: Open = { adapter, choice, setting, config };
  core.open = open;
  core.state = 'up';
  core.weights = shares;
  tell(core, null);
  ports.note('traffic.front', `the ${choice.kind} front was ${opened.value} on ${textOf(config.listen)}`, {
    front: choice.kind,
    why: choice.why,
    pid: adapter.pid(),
  });
  await readWeights(core, open);
  // Who is adopted may have been given something else, while no engine looked or by one of before.
  if (opened.value === 'adopted' && !isDeepStrictEqual(config, memory.config))
    await reconfigure(core, open, config, memory.config);
  await core.memory.keep({ kind: choice.kind, config: open.config, shares: core.weights });
}

async function changeFront(core: Core, open: Open, wanted: WantedFront): Promise<void> {
  const isOther = open.choice.kind !== wanted.choice.kind;
  const moves = !isDeepStrictEqual(open.config.listen, wanted.config.listen);
  if (isOther && isDeepStrictEqual(core.refused, wanted)) return;
  core.refused = null;
  // What is down says why itself.
  if (core.state === 'up') tell(core, null);
  const isPostponed = (isOther || moves) && core.ports.busy();
  // What does not touch the front's port may change in the middle of a departure: a gate that has moved.
  if (!isOther || isPostponed) {
    const { listen } = isPostponed ? open.config : wanted.config;
    await reconfigure(core, open, { ...wanted.config, listen });
    core.unsettled ||= isPostponed;
  } else await exchange(core, open, wanted);
}

/** Within the kind: no request is lost where the port stays. */
async function reconfigure(
  core: Core,
  open: Open,
  config: FrontConfig,
  before: FrontConfig | null = open.config,
): Promise<void> {
  if (isDeepStrictEqual(before, config)) return;
  const shares = config.edge === null ? allOnCore : core.weights;
  if (config.edge === null) core.weights = allOnCore;
  const done = await open.adapter.reconfigure(config, shares);
  if (!done.ok) {
    core.unsettled = true;
    return tell(core, done.error);
  }
  open.config = config;
  // The edge may have died meanwhile: that is not undone by a configuration with the weights of before.
  if (core.weights.edge < shares.edge) await open.adapter.set(core.weights);
  await readWeights(core, open);
  await core.memory.keep({ config, shares: core.weights });
}

/** Another kind on the same port cannot stand beside the old one: between the two nothing answers. */
async function exchange(core: Core, old: Open, wanted: WantedFront): Promise<void> {
  const { ports } = core;
  // What is read now is what the new one begins with.
  await readWeights(core, old);
  await core.memory.keep({ shares: core.weights });
  const begunMs = ports.clock.monotonicMs();
  core.open = null;
  core.state = 'starting';
  await old.adapter.dispose('stop');
  await openFront(core, wanted);
  const isDone = core.open !== null;
  const { problem } = core;
  if (!isDone) {
    await openFront(core, old, old.setting);
    core.problem = problem;
    core.refused = wanted;
  }
  const gapMs = Math.round(ports.clock.monotonicMs() - begunMs);
  const from = old.choice.kind;
  const to = wanted.choice.kind;
  const what = isDone
    ? `the front was changed from ${from} to ${to}: nothing answered for ${gapMs} ms at most`
    : `the front stays ${from}, since ${to} could not be opened: nothing answered for ${gapMs} ms at most`;
  ports.note('traffic.front', what, { from, to, gapMs, problem });
}

async function readWeights(core: Core, open: Open): Promise<void> {
  const read = await open.adapter.read();
  if (read.ok) core.weights = read.value;
}

function heard(core: Core, adapter: FrontAdapter, now: { up: boolean; problem: Problem | null }): void {
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
function tell(core: Core, error: TandemError | null): void {
  const before = core.problem?.code;
  core.problem = error === null ? null : { code: error.code, params: { ...error.params } };
  if (error !== null && core.open === null) core.state = 'down';
  if (error !== null && error.code !== before)
    core.ports.note('traffic.front', `the front cannot be as it is wanted: ${error.code}`, {
      problem: core.problem,
    });
  core.changed();
}

/** Not a core, or not any more: one that an earlier engine left is found by its record, whatever kind it is. */
async function endFront(core: Core): Promise<void> {
  const { ports, open } = core;
  const kind = (await core.memory.get()).kind;
  if (open === null && kind === null) return;
  core.open = null;
  await (open?.adapter ?? ports.makeFront(kind ?? 'embedded')).dispose('stop');
  core.state = 'starting';
  core.problem = null;
  core.weights = allOnCore;
  await core.memory.keep(noMemory);
  ports.note('traffic.front', 'the front was ended: this Mac is no core', {});
  core.changed();
}

/** The switch calls it before the front is told of a share that falls, and after it was told of one that rises. */
async function noteWeights(core: Core, shares: Shares): Promise<void> {
  core.weights = shares;
  await core.memory.keep({ shares });
}

/** What the front says by itself counts; but a share that somebody else raised is not what the next one begins with. */
async function noteSeen(core: Core, shares: Shares): Promise<void> {
  core.weights = shares;
  const memory = await core.memory.get();
  if (shares.edge < memory.shares.edge) await core.memory.keep({ shares });
}

function sliceOf({ ports, choice, open, state, problem, weights }: Core): FrontSlice {
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
