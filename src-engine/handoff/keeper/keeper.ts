import { randomUUID } from 'node:crypto';
import type { HandoffWords } from '../../../src-shared/handoff-messages.ts';
import type { Shares, Traffic } from '../../../src-shared/world/traffic.ts';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import type { Disposable } from '../../platform/clock.ts';
import { createTurns } from '../../platform/turns.ts';
import type { Keeper, KeeperPorts } from '../room-ports.ts';
import { changesFront, doAct } from './acts.ts';
import { isWorthWriting, openJournal, type Journal } from './journal.ts';
import type { Act, Effect, KeeperEvent, KeeperState, Moment } from './keeper-types.ts';
import { CORE_ALONE } from './limits.ts';
import { recordOnDisk, type RecordStore } from './record.ts';
import { isUnderWay } from './loss.ts';
import { reduce } from './reducer.ts';
import { firstState } from './resume.ts';
import { personProblem, viewOf } from './view.ts';

/** The core's half: does what the reducer asks, and tells it what became of it. It decides nothing. */

const TICK_MS = 1_000;
/** While something moves. */
const QUICK_TICK_MS = 250;
/** So long a weight that must fall at once waits for its intent to reach the disk. */
const DISK_WAIT_MS = 100;
/** A wall clock that differs more from ours was set: what is shown follows it. */
const WALL_JUMP_MS = 500;

interface Runner {
  readonly ports: KeeperPorts;
  readonly store: RecordStore;
  readonly journal: Journal;
  readonly hands: ReturnType<typeof createTurns>;
  /** Changes of the front that wait or run in `hands`. */
  changing: number;
  /** `dead` overtook some of them, and is done once more after them. */
  isDeadOwed: boolean;
  state: KeeperState;
  readonly queue: KeeperEvent[];
  isBegun: boolean;
  isBusy: boolean;
  isDisposed: boolean;
  seq: number;
  wallOffsetMs: number;
  shown: string;
  watch: Disposable | null;
  ticks: { readonly periodMs: number; readonly timer: Disposable } | null;
}

export function openKeeper(
  ports: KeeperPorts,
  store: RecordStore = recordOnDisk(ports.recordFile, ports.peerPin),
): Keeper {
  const runner = newRunner(ports, store);
  return {
    begin: () => begin(runner),
    hear: (message) => dispatch(runner, { type: 'message', message }),
    linkChanged: (fact) => dispatch(runner, { type: 'link', fact }),
    // The next STATE carries it; one for each sample would be chatter.
    trafficChanged: () => undefined,
    settingsChanged: () => dispatch(runner, { type: 'settings' }),
    async person(verb) {
      if (runner.state.live.resuming !== null) return fail('frontDown');
      const why = personProblem(runner.state, verb);
      if (why !== null) return fail(why.code, why.params);
      dispatch(runner, { type: 'person', verb });
      return ok(viewOf(runner.state, moment(runner)));
    },
    view: () => viewOf(runner.state, moment(runner)),
    async dispose() {
      runner.isDisposed = true;
      runner.watch?.dispose();
      runner.ticks?.timer.dispose();
      await runner.journal.written();
    },
  };
}

function newRunner(ports: KeeperPorts, store: RecordStore): Runner {
  const { clock, scheduler, log } = ports;
  const now = { ms: clock.monotonicMs(), wallMs: clock.wall().getTime() };
  const runner: Runner = {
    ports,
    store,
    journal: openJournal({ store, clock, scheduler, log, state: () => runner.state }),
    hands: createTurns(),
    changing: 0,
    isDeadOwed: false,
    state: firstState({ kind: 'none' }, now, ports.link()),
    queue: [],
    isBegun: false,
    isBusy: false,
    isDisposed: false,
    seq: 0,
    wallOffsetMs: now.wallMs - now.ms,
    shown: '',
    watch: null,
    ticks: null,
  };
  return runner;
}

async function begin(runner: Runner): Promise<void> {
  const { ports } = runner;
  const { ms, wallMs } = moment(runner);
  const read = await runner.store.read({ ms, wallMs });
  if (runner.isDisposed) return;
  if (read.kind === 'unreadable')
    ports.note('handoff.recordUnreadable', 'handoff.json could not be read and was set aside', {
      setAside: read.setAside,
    });
  if (read.kind === 'other')
    ports.note('handoff.recordOfAnother', 'handoff.json was of a pair with another Mac and was set aside', {
      setAside: read.setAside,
    });
  const { ms: nowMs, wallMs: nowWallMs } = moment(runner);
  runner.state = firstState(read, { ms: nowMs, wallMs: nowWallMs }, ports.link());
  runner.isBegun = true;
  runner.watch = ports.traffic.watchEdge((alive, notReady) =>
    dispatch(runner, { type: 'edge', alive, notReady }),
  );
  dispatch(runner, { type: 'tick' });
}

/** The wall clock is for people: it is carried on from the monotonic one, or what is shown would flicker. */
function moment(runner: Runner): Moment {
  const { ports } = runner;
  const ms = ports.clock.monotonicMs();
  const offsetMs = ports.clock.wall().getTime() - ms;
  if (Math.abs(offsetMs - runner.wallOffsetMs) > WALL_JUMP_MS) runner.wallOffsetMs = offsetMs;
  const { shares, deadlineMs, limits } = ports.settings();
  const traffic = ports.trafficView();
  return {
    ms,
    wallMs: ms + runner.wallOffsetMs,
    id: randomUUID(),
    target: shares,
    deadlineMs,
    limits,
    timeScale: ports.timeScale,
    mayAct: ports.mayAct(),
    shown: shownBy(traffic),
    flows: (traffic?.requestsPerSecond ?? 0) > 0,
    fitness: ports.fitness.fit(),
  };
}

/** A front that is down deals nothing, and an old look says nothing of now. */
function shownBy(view: Traffic | null): Shares | null {
  return view?.state === 'up' && view.stale !== true ? view.weights : null;
}

/** One event after another, also those that come out of an effect. */
function dispatch(runner: Runner, event: KeeperEvent): void {
  if (runner.isDisposed) return;
  runner.queue.push(event);
  if (runner.isBusy || !runner.isBegun) return;
  runner.isBusy = true;
  try {
    for (let next = runner.queue.shift(); next !== undefined; next = runner.queue.shift()) step(runner, next);
  } finally {
    runner.isBusy = false;
  }
  show(runner);
  pace(runner);
}

function step(runner: Runner, event: KeeperEvent): void {
  const before = runner.state;
  const { state, effects } = reduce(before, event, moment(runner));
  runner.state = state;
  if (state.live.resuming === null && isWorthWriting(before, state)) runner.journal.changed();
  for (const effect of effects) run(runner, effect);
}

function run(runner: Runner, effect: Effect): void {
  const { ports } = runner;
  switch (effect.type) {
    case 'act':
      return perform(runner, effect.id, effect.act);
    case 'say':
      return say(runner, effect.words);
    case 'tell':
      return tell(runner);
    case 'useGate': {
      const { gate } = effect;
      void inHands(runner, () => ports.traffic.useGate(gate))
        .catch((error: unknown) => fail('internal', { detail: String(error) }))
        .then((result) => dispatch(runner, { type: 'gateUsed', gate, result }));
      return;
    }
    case 'topUp': {
      const { count, overMs, window } = effect;
      void ports.traffic
        .topUp(count, overMs)
        .then(() => count)
        .catch(() => 0)
        .then((sent) => dispatch(runner, { type: 'toppedUp', window, count: sent }));
      return;
    }
    case 'hurry':
      return ports.traffic.hurry(effect.on);
    case 'note':
      return ports.note(effect.kind, effect.what, effect.evidence);
    case 'report':
      return dispatch(runner, { type: 'reported', id: ports.report(effect.report) });
  }
}

/**
 * What changes the front goes in turn, after its intent is on the disk; a look waits for nobody, since the one before
 * it either ended or counts no longer, and `dead` for nobody either: a gate that is being taken over must not hold up
 * a loss. What was replaced by then is not begun.
 */
function perform(runner: Runner, id: number, act: Act): void {
  const { journal, ports } = runner;
  const isChange = changesFront(act);
  const isUrgent = act.do === 'dead' || (act.do === 'write' && act.force);
  const work = async (): Promise<void> => {
    if (isChange) await (isUrgent ? journal.writtenWithin(DISK_WAIT_MS) : journal.written());
    if (runner.isDisposed || runner.state.live.running?.id !== id) return;
    dispatch(runner, { type: 'did', id, did: await doAct(ports.traffic, act) });
  };
  const isAlone = act.do === 'dead';
  const overtakes = isAlone && runner.changing > 0;
  void (isChange && !isAlone ? inHands(runner, work) : work()).catch((error: unknown) =>
    ports.log.error({ error, act: act.do }, 'an act of the keeper failed'),
  );
  if (!overtakes || runner.isDeadOwed) return;
  runner.isDeadOwed = true;
  void inHands(runner, () => deadAgain(runner));
}

/** What it overtook may have changed the front after it: the edge is out, whatever came last. */
async function deadAgain(runner: Runner): Promise<void> {
  runner.isDeadOwed = false;
  const { state, out } = runner.state;
  const isOut = state === 'OFFLINE' || state === 'LOST' || (state === 'HOLD' && out);
  if (isOut && !runner.isDisposed) await doAct(runner.ports.traffic, { do: 'dead' });
}

async function inHands<T>(runner: Runner, work: () => Promise<T>): Promise<T> {
  runner.changing += 1;
  try {
    return await runner.hands.inTurn(work);
  } finally {
    runner.changing -= 1;
  }
}

function say(runner: Runner, words: HandoffWords): void {
  const { handoffId, epoch } = runner.state;
  runner.seq += 1;
  runner.ports.courier.send({ ...words, handoffId: handoffId ?? '', epoch, seq: runner.seq });
}

/** Nothing is told before it is known: a view of yesterday would send the edge away. */
function tell(runner: Runner): void {
  const { state, ports } = runner;
  if (state.live.link.state !== 'up' || state.live.resuming !== null) return;
  const handoff = viewOf(state, moment(runner));
  const shares = state.seen ?? CORE_ALONE;
  say(runner, { type: 'STATE', handoff, traffic: ports.trafficView(), shares });
}

function show(runner: Runner): void {
  // Without a record there is nothing to show before the front was read.
  const { resuming } = runner.state.live;
  if (resuming !== null && resuming !== 'found') return;
  const handoff = viewOf(runner.state, moment(runner));
  const shown = JSON.stringify(handoff);
  if (shown === runner.shown) return;
  runner.shown = shown;
  runner.ports.publish(handoff);
  tell(runner);
}

function pace(runner: Runner): void {
  if (runner.isDisposed) return;
  const periodMs = isMoving(runner.state) ? QUICK_TICK_MS : TICK_MS;
  if (runner.ticks?.periodMs === periodMs) return;
  runner.ticks?.timer.dispose();
  const timer = runner.ports.scheduler.every(periodMs, () => dispatch(runner, { type: 'tick' }));
  runner.ticks = { periodMs, timer };
}

function isMoving(state: KeeperState): boolean {
  return state.ending !== null || state.live.resuming !== null || isUnderWay(state);
}
