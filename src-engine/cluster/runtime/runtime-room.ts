import type { Caller, Handlers } from '../../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { runtimeTitle, type Runtime } from '../../../src-shared/world/runtime.ts';
import type { Clock, Disposable, Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { ClusterRecord, MemoryNeed } from '../provider.ts';
import type { OwnCluster, StopRequest } from './contents.ts';
import { giveBack, memoryAtStop, type GiveBackFacts } from './give-back.ts';
import { startRuntime, stopRuntime, type ChangeNeeds } from './runtime-change.ts';
import type { RuntimeHand } from './runtime-hand.ts';
import { createLook, runtimeOf, type Changing, type Seen } from './runtime-look.ts';
import type { RuntimeMemory } from './runtime-memory.ts';
import { needInVm } from './vm-need.ts';

/** Why the runtime was started or stopped; for history. */
export type ChangeWhy = 'asked' | 'clusterStart' | 'memory' | 'rolledBack';

/** What the runtime needs of the others; satisfied by wire-runtime.ts. */
export interface RuntimePorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly hand: RuntimeHand;
  readonly memory: RuntimeMemory;
  /** Clusters of this home, with the verb that runs on one. */
  clusters(): readonly (OwnCluster & { readonly verb: string | null })[];
  stopCluster(name: string): Promise<Result<unknown>>;
  /** What its containers use now. */
  guestUsedBytes(): number | null;
  policy(): Pick<GiveBackFacts, 'vitals' | 'role' | 'policy' | 'automation'>;
  publish(runtime: Runtime): void;
  changed(verb: 'start' | 'stop', runtime: string, why: ChangeWhy): void;
}

export interface RuntimeRoom extends Disposable {
  readonly handlers: Pick<Handlers<Caller>, 'runtime.status' | 'runtime.start' | 'runtime.stop'>;
  /** As last seen; null before the first look. */
  get(): Runtime | null;
  look(): Promise<Runtime>;
  /** For a cluster that is to start. */
  start(): Promise<Result<void>>;
  /** After a start that was rolled back: the machine stops if that start had started it and nothing runs in it. */
  takeBack(cluster: string): Promise<void>;
  need(own: MemoryNeed, record: ClusterRecord): Promise<MemoryNeed>;
  setLive(live: boolean): void;
  /** Something changed that decides whether its RAM should come back. */
  reconsider(): void;
}

const LIVE_MS = 5000;
const QUIET_MS = 60_000;
/** How often a node is asked what the machine holds, unless a start wants to know. */
const GUEST_MS = 5 * 60_000;

interface State {
  seen: Seen | null;
  shown: Runtime | null;
  changing: { readonly verb: 'start' | 'stop'; readonly over: Promise<Result<void>> } | null;
  looking: Promise<Runtime> | null;
  guestAtMs: number | null;
  /** A cluster's start has started it, and nobody else has asked for it since. */
  startedForCluster: boolean;
  /** The stop that memory asked for was tried, or somebody has started it since: once per occasion. */
  acted: boolean;
}

/** Watches the container runtime, starts it and stops it. */
export function openRuntime(ports: RuntimePorts): RuntimeRoom {
  const look = createLook(ports.hand, ports.memory, ports.clusters);
  const state: State = {
    seen: null,
    shown: null,
    changing: null,
    looking: null,
    guestAtMs: null,
    startedForCluster: false,
    acted: false,
  };
  const parts: Parts = { ports, state, look };
  const watching = watchAt(
    ports.scheduler,
    () =>
      void glance(parts).catch((error: unknown) =>
        ports.log.error({ error: String(error) }, 'the runtime could not be looked at'),
      ),
  );
  return {
    handlers: handlersOf(parts),
    get: () => state.shown,
    look: () => glance(parts),
    start: () => change(parts, 'start', 'clusterStart', startRuntime),
    takeBack: (cluster) => takeBack(parts, cluster),
    need: (own, record) => weighed(parts, own, record),
    setLive: watching.setLive,
    reconsider: () => void (state.seen !== null && show(parts)),
    dispose: watching.dispose,
  };
}

interface Parts {
  readonly ports: RuntimePorts;
  readonly state: State;
  look(deep: boolean): Promise<Seen>;
}

function watchAt(scheduler: Scheduler, act: () => void): Disposable & { setLive(live: boolean): void } {
  let live = false;
  let timer = scheduler.every(QUIET_MS, act);
  return {
    setLive(next) {
      if (next === live) return;
      live = next;
      timer.dispose();
      timer = scheduler.every(live ? LIVE_MS : QUIET_MS, act);
      if (live) act();
    },
    dispose: () => timer.dispose(),
  };
}

function handlersOf(parts: Parts): RuntimeRoom['handlers'] {
  const answer = async (result: Result<void>): Promise<Result<Runtime>> =>
    result.ok ? ok(await glance(parts)) : result;
  return {
    'runtime.status': async () => {
      await seeNow(parts, true);
      return ok(show(parts));
    },
    'runtime.start': async () => answer(await change(parts, 'start', 'asked', startRuntime)),
    'runtime.stop': async (request) =>
      answer(await change(parts, 'stop', 'asked', (needs) => stopRuntime(needs, request))),
  };
}

/** One look at a time; who comes meanwhile shares it. */
function glance(parts: Parts): Promise<Runtime> {
  const { state } = parts;
  state.looking ??= seeNow(parts, false)
    .then(async () => {
      await readGuest(parts, GUEST_MS);
      return show(parts);
    })
    .finally(() => (state.looking = null));
  return state.looking;
}

async function seeNow({ state, look }: Parts, deep: boolean): Promise<Seen> {
  const seen = await look(deep);
  // The next run of the machine is asked at once.
  if (seen.info === null) state.guestAtMs = null;
  return (state.seen = seen);
}

/** Draws the slice anew, with what it offers; and stops the machine when memory asks for that. */
function show(parts: Parts): Runtime {
  const { ports, state } = parts;
  const { seen } = state;
  if (seen === null) throw new Error('the runtime was not looked at yet');
  const changing: Changing = state.changing?.verb ?? null;
  const plain = runtimeOf(seen, changing, ports.memory, ports.hand.standing, ports.clock.wall());
  const clustersBusy = busyIn(ports).length > 0;
  const policy = ports.policy();
  const back = giveBack({ ...policy, runtime: plain, clustersBusy });
  const shown: Runtime = { ...plain, offer: plain.startable ? null : back.offer };
  state.shown = shown;
  ports.publish(shown);
  if (back.act && !state.acted) void actOnce(parts);
  if (!memoryAtStop(policy.vitals)) state.acted = false;
  return shown;
}

async function actOnce(parts: Parts): Promise<void> {
  const { ports, state } = parts;
  state.acted = true;
  const result = await change(parts, 'stop', 'memory', stopEmpty);
  if (!result.ok) ports.log.warn({ error: result.error }, 'the runtime could not be stopped for its memory');
}

const nothingMore: StopRequest = { force: false, yes: false };
const stopEmpty: Act = (needs) => stopRuntime(needs, nothingMore);

/** Clusters in containers that something is being done to. */
function busyIn(ports: RuntimePorts): { name: string; verb: string }[] {
  return ports
    .clusters()
    .flatMap(({ name, provider, verb }) =>
      verb === null || provider === 'embedded' ? [] : [{ name, verb }],
    );
}

type Act = (needs: ChangeNeeds) => Promise<Result<void>>;

/** One change at a time: a second start joins the first. */
async function change(
  parts: Parts,
  verb: 'start' | 'stop',
  why: ChangeWhy,
  act: Act,
  except: string | null = null,
): Promise<Result<void>> {
  const { ports, state } = parts;
  const running = state.changing;
  if (running !== null) {
    if (verb === 'start' && running.verb === 'start') return running.over;
    return fail('runtimeBusy', { runtime: titleOf(state.seen), verb: running.verb });
  }
  if (verb === 'start') state.acted = true;
  const work = carryOut(parts, act, except);
  state.changing = { verb, over: work.then(({ result }) => result) };
  const { result, wasUp } = await work;
  state.changing = null;
  await seeNow(parts, false);
  const isNews = result.ok && wasUp === (verb === 'stop');
  if (isNews) ports.changed(verb, titleOf(state.seen), why);
  // One that a person has asked for, too, is not a start's alone any more.
  if (isNews || why === 'asked') state.startedForCluster = isNews && why === 'clusterStart';
  show(parts);
  return result;
}

/** @param except a cluster whose own operation asks for this: it does not stand in its own way */
async function carryOut(
  parts: Parts,
  act: Act,
  except: string | null,
): Promise<{ result: Result<void>; wasUp: boolean }> {
  const { ports } = parts;
  const { hand, clock, scheduler, log, stopCluster } = ports;
  let wasUp = false;
  try {
    wasUp = (await seeNow(parts, false)).info !== null;
    show(parts);
    const needs: ChangeNeeds = {
      hand,
      clock,
      scheduler,
      log,
      stopCluster,
      look: (deep) => seeNow(parts, deep),
      busy: () => busyIn(ports).filter(({ name }) => name !== except),
    };
    return { result: await act(needs), wasUp };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { result: fail('internal', { detail }), wasUp };
  }
}

function titleOf(seen: Seen | null): string {
  return runtimeTitle(seen?.ref ?? { name: null, profile: null });
}

async function takeBack(parts: Parts, cluster: string): Promise<void> {
  const { state, ports } = parts;
  if (!state.startedForCluster) return;
  const { containers } = await glance(parts);
  if (containers === null || containers.ours + containers.others > 0) return;
  const result = await change(parts, 'stop', 'rolledBack', stopEmpty, cluster);
  if (!result.ok) ports.log.warn({ error: result.error }, 'the runtime that a start had started stays up');
}

/** Asks a node of ours what the machine holds, unless that was done within `everyMs`. */
async function readGuest({ ports, state }: Parts, everyMs: number): Promise<void> {
  const { seen } = state;
  const node = seen?.held?.find(({ cluster }) => cluster !== null);
  if (seen === null || seen.ref === null || !seen.hasMachine || node === undefined) return;
  const { path } = seen.endpoint;
  const nowMs = ports.clock.monotonicMs();
  if (path === null || (state.guestAtMs !== null && nowMs - state.guestAtMs < everyMs)) return;
  state.guestAtMs = nowMs;
  const guest = await ports.hand.guest(path, node.name);
  if (guest !== null) ports.memory.read(seen.ref, seen.size.memoryBytes, guest);
}

/** What the guard weighs, on what is true now. */
async function weighed(parts: Parts, own: MemoryNeed, record: ClusterRecord): Promise<MemoryNeed> {
  const { ports } = parts;
  const seen = await seeNow(parts, false);
  await readGuest(parts, 0);
  const { vm, state } = show(parts);
  if (vm === null) return own;
  return needInVm(own, record, {
    runtime: titleOf(seen),
    up: state === 'running',
    configuredBytes: vm.memoryBytes,
    guestTotalBytes: vm.guestTotalBytes,
    guestUsedBytes: ports.guestUsedBytes(),
    touchedBytes: vm.touchedBytes,
    learnedBytes: vm.learnedBytes,
  });
}
