import { isDeepStrictEqual } from 'node:util';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { isDiskFull } from '../platform/files.ts';
import { saferOf } from '../../src-shared/world/shares.ts';
import { createTurns } from '../platform/turns.ts';
import { textOf } from './addresses.ts';
import { allOnCore } from './front-config.ts';
import {
  heard,
  noteSeen,
  noteWeights,
  readWeights,
  sliceOf,
  tell,
  type Core,
  type Open,
} from './front-core.ts';
import { keptMemory, noMemory } from './front-memory.ts';
import type { FrontConfig } from './ports.ts';
import type { FrontKeeper, KnownGate, TrafficPorts } from './room-ports.ts';
import { livingFront, wantedFront, type WantedFront } from './wanted-front.ts';

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
    version: 0,
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
    version: () => core.version,
    noteSeen: (shares, version) => noteSeen(core, shares, version),
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
  // What cannot be read is not unpaired: what runs stays as it is, and it is read again.
  if (!pair.ok && core.open !== null) {
    core.unsettled = true;
    return tell(core, pair.error);
  }
  core.pair = pair.ok ? pair.value : null;
  if (core.open === null) await adoptFront(core);
  const { open } = core;
  const chosen = open !== null && open.setting === ports.settings().front ? open.choice : null;
  const wanted = await wantedFront(ports, gate, core.pair, chosen);
  if (core.disposed) return;
  if (!wanted.ok) tell(core, wanted.error);
  else if (core.open === null) await openFront(core, wanted.value);
  else await changeFront(core, core.open, wanted.value);
  core.changed();
}

/** Who serves already is had first, as it is: what is wanted of it comes next, and may fail without costing control. */
async function adoptFront(core: Core): Promise<void> {
  const { ports } = core;
  const { kind, config, gate } = await core.memory.get();
  const living = await livingFront(ports);
  if (living === null) return;
  const { choice, setting } = living;
  // What it serves by is forgotten: it is told what is wanted now, rather than another one put beside it.
  const known = config === null ? await wantedFront(ports, gate, core.pair, choice) : ok({ choice, config });
  if (!known.ok) return;
  ports.log.info({ living: choice, remembered: kind }, 'a front of an earlier engine lives');
  await openFront(core, known.value, setting);
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
  const opened = await tried(core, () => adapter.open(config, shares));
  // One that lives is had all the same: as it is, and with its problem.
  if (!opened.ok && adapter.pid() === null) {
    // It is tried again with a new one, which adopts what may run all the same.
    await adapter.dispose('keep');
    core.state = 'down';
    return tell(core, opened.error);
  }
  const open: Open = { adapter, choice, setting, config, isOwed: !opened.ok };
  core.open = open;
  core.state = 'up';
  core.weights = shares;
  core.unsettled ||= open.isOwed;
  tell(core, opened.ok ? null : opened.error);
  const how = opened.ok ? opened.value : 'kept as it is';
  ports.note('traffic.front', `the ${choice.kind} front was ${how} on ${textOf(config.listen)}`, {
    front: choice.kind,
    why: choice.why,
    pid: adapter.pid(),
  });
  await readWeights(core, open);
  if (!opened.ok) return core.memory.keep({ kind: choice.kind });
  // Who is adopted may have been given something else, while no engine looked or by one of before.
  if (opened.value === 'adopted' && !isDeepStrictEqual(config, memory.config))
    await reconfigure(core, open, config, memory.config);
  // One that was just started has been given this; whatever says more is not ours to remember.
  const given = opened.value === 'adopted' ? core.weights : saferOf(core.weights, shares);
  await core.memory.keep({ kind: choice.kind, config: open.config, shares: given });
}

async function changeFront(core: Core, open: Open, wanted: WantedFront): Promise<void> {
  const isOther = open.choice.kind !== wanted.choice.kind;
  const moves = !isDeepStrictEqual(open.config.listen, wanted.config.listen);
  if (isOther && isDeepStrictEqual(core.refused, wanted)) return;
  core.refused = null;
  // What is down says why itself.
  if (core.state === 'up' && !open.isOwed) tell(core, null);
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
  if (isDeepStrictEqual(before, config) && !open.isOwed) return;
  // A share that somebody else raised is not written by us.
  const shares = config.edge === null ? allOnCore : saferOf(core.weights, (await core.memory.get()).shares);
  if (config.edge === null) core.weights = allOnCore;
  const done = await tried(core, () => open.adapter.reconfigure(config, shares));
  if (!done.ok) {
    core.unsettled = true;
    open.isOwed = true;
    return tell(core, done.error);
  }
  if (open.isOwed && core.state === 'up') tell(core, null);
  open.isOwed = false;
  open.config = config;
  // The edge may have died meanwhile: that is not undone by a configuration with the weights of before.
  if (core.weights.edge < shares.edge) await open.adapter.set(core.weights);
  await readWeights(core, open);
  await core.memory.keep({ config, shares: core.weights });
}

/** A disk that is full throws: a problem with a name like any other. */
async function tried<T>({ ports }: Core, act: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await act();
  } catch (error) {
    ports.log.error({ error: String(error) }, 'front: broke off');
    return isDiskFull(error)
      ? fail('diskFull', { path: ports.runFolder })
      : fail('frontDown', { detail: error instanceof Error ? error.message : String(error) });
  }
}

/** Another kind on the same port cannot stand beside the old one: between the two nothing answers. */
async function exchange(core: Core, old: Open, wanted: WantedFront): Promise<void> {
  const { ports } = core;
  // What is read now is what the new one begins with, unless somebody else has raised it.
  await readWeights(core, old);
  await core.memory.keep({ shares: saferOf(core.weights, (await core.memory.get()).shares) });
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
