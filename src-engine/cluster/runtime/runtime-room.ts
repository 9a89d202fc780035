import type { Caller, Handlers } from '../../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { runtimeTitle, type Runtime } from '../../../src-shared/world/runtime.ts';
import type { Clock, Disposable, Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { ClusterRecord, MemoryNeed } from '../provider.ts';
import { busyIn, type StopRequest, type VerbedCluster } from './contents.ts';
import { giveBack, mayStopUnasked, memoryAtStop, type GiveBackFacts } from './give-back.ts';
import { startRuntime, stopRuntime, type ChangeNeeds } from './runtime-change.ts';
import { hindrance } from './runtime-control.ts';
import type { RuntimeHand } from './runtime-hand.ts';
import { createLook, runtimeOf, type Changing, type Seen } from './runtime-look.ts';
import type { RuntimeMemory } from './runtime-memory.ts';
import { needInVm } from './vm-need.ts';
import { QUIET_MS, watchAt } from './watch-cadence.ts';

/** Why the runtime was started or stopped; for history. */
export type ChangeWhy = 'asked' | 'clusterStart' | 'memory' | 'rolledBack';

/** What the runtime needs of the others; satisfied by wire-runtime.ts. */
export interface RuntimePorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly hand: RuntimeHand;
  readonly memory: RuntimeMemory;
  clusters(): readonly VerbedCluster[];
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
  /** For that cluster, which is to start. */
  start(cluster: string): Promise<Result<void>>;
  /** A cluster starts in it as it is: from now on it is up for more than the start that had started it. */
  used(): void;
  /** After a start that was rolled back: the machine stops if that start had started it and nothing runs in it. */
  takeBack(cluster: string): Promise<void>;
  need(own: MemoryNeed, record: ClusterRecord): Promise<MemoryNeed>;
  setLive(live: boolean): void;
  /** Something changed that decides whether its RAM should come back. */
  reconsider(): void;
}

/** How often a node is asked what the machine holds, unless a start wants to know. */
const GUEST_MS = 5 * 60_000;
/** What was seen is old when three rounds of the slower cadence went by without another look. */
const STALE_MS = 3 * QUIET_MS;

interface State {
  seen: Seen | null;
  shown: Runtime | null;
  changing: Change | null;
  looking: Promise<Runtime> | null;
  guestAtMs: number | null;
  /** The cluster whose start has started it, while nobody else has asked for it or started anything in it. */
  startedFor: string | null;
  /** The stop that memory asked for was tried, or somebody has started it since: once per occasion. */
  acted: boolean;
}

interface Change {
  readonly verb: 'start' | 'stop';
  readonly over: Promise<Result<void>>;
  /** By a person, who may have joined it later. */
  isAsked: boolean;
}

/** Watches the container runtime, starts it and stops it. */
export function openRuntime(ports: RuntimePorts): RuntimeRoom {
  const look = createLook({ ...ports, own: ports.clusters });
  const state: State = {
    seen: null,
    shown: null,
    changing: null,
    looking: null,
    guestAtMs: null,
    startedFor: null,
    acted: false,
  };
  const parts: Parts = { ports, state, look };
  const watching = watchAt(ports.scheduler, () => {
    // A look that comes to no end leaves what was seen before it: that is said.
    if (state.seen !== null && isOld(parts, state.seen)) show(parts);
    void glance(parts).catch((error: unknown) =>
      ports.log.error({ error: String(error) }, 'the runtime could not be looked at'),
    );
  });
  return {
    handlers: handlersOf(parts),
    get: () => state.shown,
    look: () => glance(parts),
    start: (cluster) => change(parts, 'start', 'clusterStart', startRuntime, cluster),
    used: () => void (state.startedFor = null),
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
  if (seen.info === null && !seen.silent) {
    // The next run of the machine is asked at once, and is another start's.
    state.guestAtMs = null;
    state.startedFor = null;
  }
  return (state.seen = seen);
}

function isOld({ ports }: Parts, { atMs }: Seen): boolean {
  return ports.clock.monotonicMs() - atMs > STALE_MS;
}

/** Draws the slice anew, with what it offers; and stops the machine when memory asks for that. */
function show(parts: Parts): Runtime {
  const { ports, state } = parts;
  const { seen } = state;
  if (seen === null) throw new Error('the runtime was not looked at yet');
  const changing: Changing = state.changing?.verb ?? null;
  const { standing } = ports.hand;
  const plain = runtimeOf(seen, changing, ports.memory, standing, isOld(parts, seen));
  const clustersBusy = busyIn(ports.clusters()).length > 0;
  const stoppable = hindrance(seen.ref, standing, plain.socket) === null;
  const policy = ports.policy();
  const back = giveBack({ ...policy, runtime: plain, clustersBusy, stoppable, hasOwn: seen.hasOwn });
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

type Act = (needs: ChangeNeeds) => Promise<Result<void>>;

/**
 * One change at a time: a second start joins the first.
 *
 * @param cluster the one whose own operation asks for this: it does not stand in its own way
 */
async function change(
  parts: Parts,
  verb: 'start' | 'stop',
  why: ChangeWhy,
  act: Act,
  cluster: string | null = null,
): Promise<Result<void>> {
  const { ports, state } = parts;
  const running = state.changing;
  if (running !== null) {
    if (verb !== 'start' || running.verb !== 'start')
      return fail('runtimeBusy', { runtime: titleOf(state.seen), verb: running.verb });
    running.isAsked ||= why === 'asked';
    return running.over;
  }
  if (verb === 'start') state.acted = true;
  const work = carryOut(parts, act, cluster);
  const mine: Change = { verb, over: work.then(({ result }) => result), isAsked: why === 'asked' };
  state.changing = mine;
  const { result, wasUp } = await work;
  state.changing = null;
  await seeNow(parts, false);
  const isNews = result.ok && wasUp === (verb === 'stop');
  if (isNews) ports.changed(verb, titleOf(state.seen), why);
  // One that a person has asked for, too, is not a start's alone.
  if (isNews || mine.isAsked) state.startedFor = isNews && verb === 'start' && !mine.isAsked ? cluster : null;
  show(parts);
  return result;
}

async function carryOut(
  parts: Parts,
  act: Act,
  cluster: string | null,
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
      busy: () => busyIn(ports.clusters()).filter(({ name }) => name !== cluster),
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
  const isIts = (): boolean => state.startedFor === cluster && mayStopUnasked(ports.policy());
  try {
    // Looked at anew: a look that is under way may have seen what is gone by now.
    if (!isIts() || (await seeNow(parts, false)).held?.length !== 0 || !isIts()) return;
    const result = await change(parts, 'stop', 'rolledBack', stopEmpty, cluster);
    if (result.ok) return;
    ports.log.warn({ error: result.error }, 'the runtime that a start had started stays up');
  } catch (error) {
    ports.log.error({ error: String(error) }, 'the runtime that a start had started could not be looked at');
  }
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
  const { vm } = show(parts);
  if (vm === null) return own;
  return needInVm(own, record, {
    runtime: titleOf(seen),
    up: seen.info !== null ? true : seen.silent ? null : false,
    configuredBytes: vm.memoryBytes,
    guestTotalBytes: vm.guestTotalBytes,
    guestUsedBytes: ports.guestUsedBytes(),
    touchedBytes: vm.touchedBytes,
    learnedBytes: vm.learnedBytes,
  });
}
