import { randomUUID } from 'node:crypto';
import { ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Handoff } from '../../../src-shared/world/handoff.ts';
import type { Disposable } from '../../platform/clock.ts';
import { createTurns } from '../../platform/turns.ts';
import type { HostEvent, Leaver, LeaverPorts } from '../room-ports.ts';
import { isDeparting } from './draft.ts';
import { journalOf, readJournal, writeJournal } from './journal.ts';
import type { LeaverEvent, LeaverState, Moment, Outcome } from './leaver-types.ts';
import { DEPARTURE_END_MS, FIRST_SESSION_MS, SHUTDOWN_MS, SUSPEND_MS } from './limits.ts';
import { nextDueMs } from './next-due.ts';
import { refusal, type Verb } from './on-person.ts';
import { perform, type Hands } from './perform.ts';
import { reduce } from './reducer.ts';
import { resume } from './resume.ts';
import { problemsOf, viewOf } from './view.ts';

/**
 * The edge's half of a hand-off (SEQUENCE.md): holds the state, its journal, its one timer, and does what the
 * reducer says. Decides nothing.
 */
export function openLeaver(ports: LeaverPorts): Leaver {
  const run = createRun(ports);
  const shown = (): Handoff => viewOf(run.state, moment(ports));
  return {
    async begin() {
      if (run.begun) return;
      run.begun = true;
      // What the effects bring waits for the link's word.
      run.busy = true;
      apply(run, run.beginning);
      run.busy = false;
      dispatch(run, { type: 'link', state: ports.link().state, told: false });
    },
    hear: (message) => dispatch(run, { type: 'heard', message }),
    linkChanged: (fact) => dispatch(run, { type: 'link', state: fact.state, told: true }),
    stage: (fact) => dispatch(run, { type: 'stage', fact }),
    lid: (closed) => dispatch(run, { type: 'lid', closed }),
    hostEvent: (event) => onHostEvent(run, event),
    leave: ({ now, reason }) => ask(run, 'leave', { type: 'leave', now, detail: reason }, shown),
    cancel: () => ask(run, 'cancel', { type: 'cancel' }, shown),
    return: () => ask(run, 'return', { type: 'return' }, shown),
    async delay() {
      const done = await ask(run, 'delay', { type: 'delay' }, shown);
      if (!done.ok) return done;
      return ok({ delayedUntil: done.value.delayedUntil ?? ports.clock.wall().toISOString() });
    },
    lookAgain: () => dispatch(run, { type: 'look' }),
    view: shown,
    problems: () => problemsOf(run.state),
    async dispose() {
      run.disposed = true;
      run.timer?.dispose();
      for (const waiter of run.waiters) waiter.end(false);
    },
  };
}

interface Waiter {
  readonly check: (state: LeaverState) => boolean;
  end(came: boolean): void;
}

interface Run {
  readonly ports: LeaverPorts;
  readonly hands: Hands;
  /** What the journal says is to be done first. */
  readonly beginning: Outcome;
  readonly beganMs: number;
  readonly waiters: Set<Waiter>;
  readonly waiting: LeaverEvent[];
  state: LeaverState;
  begun: boolean;
  busy: boolean;
  disposed: boolean;
  timer: Disposable | null;
  written: string;
  published: string;
}

function createRun(ports: LeaverPorts): Run {
  const beginning = resume(
    readJournal(ports.journalFile),
    { bootId: ports.bootId, wakeId: randomUUID() },
    moment(ports),
  );
  let seq = 0;
  const run: Run = {
    ports,
    hands: {
      ports,
      gateTurns: createTurns(),
      nextSeq: () => (seq += 1),
      dispatch: (event) => dispatch(run, event),
    },
    beginning,
    beganMs: ports.clock.monotonicMs(),
    waiters: new Set(),
    waiting: [],
    state: beginning.state,
    begun: false,
    busy: false,
    disposed: false,
    timer: null,
    written: '',
    published: '',
  };
  return run;
}

function moment(ports: LeaverPorts): Moment {
  const { clock, cluster } = ports;
  const { deadlineMs, limits } = ports.settings();
  return {
    ms: clock.monotonicMs(),
    at: clock.wall().toISOString(),
    mayAct: ports.mayAct(),
    deadlineMs,
    limits,
    timeScale: ports.timeScale,
    cluster: { running: cluster.running(), ready: cluster.ready() },
  };
}

/** One after another, also when an effect brings the next: none sees another half done. */
function dispatch(run: Run, event: LeaverEvent): void {
  if (run.disposed || !run.begun) return;
  run.waiting.push(event);
  if (run.busy) return;
  run.busy = true;
  try {
    for (let next = run.waiting.shift(); next; next = run.waiting.shift())
      apply(run, reduce(run.state, next, moment(run.ports)));
  } finally {
    run.busy = false;
  }
}

function apply(run: Run, { state, effects }: Outcome): void {
  run.state = state;
  // The intent is on disk before the act; but a word that has to be out before the host sleeps waits for no disk.
  const isUrgent = effects.some(({ type }) => type === 'leaveNow');
  if (!isUrgent) keep(run);
  for (const effect of effects) perform(run.hands, effect);
  if (isUrgent) keep(run);
  publish(run);
  arm(run);
  for (const waiter of run.waiters) if (waiter.check(state)) waiter.end(true);
}

function keep(run: Run): void {
  const text = JSON.stringify(journalOf(run.state));
  if (text === run.written) return;
  try {
    writeJournal(run.ports.journalFile, text);
    run.written = text;
  } catch (error) {
    // A full disk must not keep an edge that has to go: the next engine then stays out, which is safe.
    run.ports.log.error({ error: String(error) }, 'the journal cannot be written');
  }
}

function publish(run: Run): void {
  const view = viewOf(run.state, moment(run.ports));
  const text = JSON.stringify(view);
  if (text === run.published) return;
  run.published = text;
  run.ports.publish(view);
}

/** The link is asked as well: a change that nobody told of is seen at the next look. */
function arm(run: Run): void {
  const { clock, scheduler } = run.ports;
  run.timer?.dispose();
  const nowMs = clock.monotonicMs();
  const dueMs = nextDueMs(run.state, nowMs);
  if (dueMs === null || run.disposed) return;
  run.timer = scheduler.after(Math.max(1, Math.ceil(dueMs - nowMs)), () =>
    dispatch(run, { type: 'link', state: run.ports.link().state, told: false }),
  );
}

function waitFor(run: Run, check: Waiter['check'], limitMs: number): Promise<boolean> {
  if (check(run.state)) return Promise.resolve(true);
  if (run.disposed || limitMs <= 0) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = run.ports.scheduler.after(limitMs, () => waiter.end(false));
    const waiter: Waiter = {
      check,
      end(came) {
        run.waiters.delete(waiter);
        timer.dispose();
        resolve(came);
      },
    };
    run.waiters.add(waiter);
  });
}

/** A person who asks right after the engine's start, or while a session is being made, waits for it. */
async function ask(run: Run, verb: Verb, event: LeaverEvent, shown: () => Handoff): Promise<Result<Handoff>> {
  const why = () => refusal(run.state, verb, moment(run.ports));
  if (why()?.code === 'coreAway') {
    const sinceBegun = run.ports.clock.monotonicMs() - run.beganMs;
    const limitMs = run.state.link === 'up' ? FIRST_SESSION_MS : FIRST_SESSION_MS - sinceBegun;
    await waitFor(run, ({ session }) => session === 'open', limitMs);
  }
  // The core has let it go already: only its own departure is still to end (a crash in between).
  if (verb === 'return' && why()?.code === 'departureRuns' && isOffAtCore(run.state))
    await waitFor(run, ({ phase }) => !isDeparting(phase), DEPARTURE_END_MS);
  const error = why();
  if (error !== null) return { ok: false, error };
  dispatch(run, event);
  return ok(shown());
}

function isOffAtCore({ core }: LeaverState): boolean {
  return core?.handoff.state === 'OFFLINE' || core?.handoff.state === 'LOST';
}

async function onHostEvent(run: Run, event: HostEvent): Promise<void> {
  switch (event) {
    case 'resume':
      return dispatch(run, { type: 'resume', wakeId: randomUUID() });
    case 'suspend':
      dispatch(run, { type: 'suspend' });
      await waitFor(run, hasLeftNow, SUSPEND_MS);
      return;
    case 'shutdown':
      dispatch(run, { type: 'shutdown' });
      await waitFor(run, hasLeft, SHUTDOWN_MS);
      return;
    case 'onAc':
    case 'onBattery':
      // Vitals say what follows from it.
      return;
  }
}

/** The core has proven weight 0 and nothing is under way here; or there was nothing to leave. */
function hasLeftNow({ phase, gate }: LeaverState): boolean {
  if (phase.name !== 'leftNow') return phase.name !== 'serving' && phase.name !== 'asking';
  return phase.live && gate?.inFlight === 0;
}

function hasLeft({ phase }: LeaverState): boolean {
  return !isDeparting(phase) && phase.name !== 'stopping' && phase.name !== 'serving';
}
