import { ok, fail, type Result } from '../../src-shared/errors/result.ts';
import type { HandoffMessage, HandoffWords, OpenRequest } from '../../src-shared/handoff-messages.ts';
import type { Handoff, HandoffState, ReasonName } from '../../src-shared/world/handoff.ts';
import type { LinkState } from '../../src-shared/world/peer.ts';
import type { Stage } from '../../src-shared/world/vitals.ts';
import type { ClusterStopper, GateControl, GateState } from '../../src-engine/handoff/ports.ts';
import type { StageFact } from '../../src-engine/handoff/room-ports.ts';
import { journalOf, type LeaverJournal } from '../../src-engine/handoff/leaver/journal.ts';
import type {
  Effect,
  LeaverEvent,
  LeaverState,
  Moment,
  PhaseName,
} from '../../src-engine/handoff/leaver/leaver-types.ts';
import { nextDueMs } from '../../src-engine/handoff/leaver/next-due.ts';
import { reduce } from '../../src-engine/handoff/leaver/reducer.ts';
import { resume } from '../../src-engine/handoff/leaver/resume.ts';

/** An edge without a gate, a cluster or a core: doubles of what the leaver acts on, and its reducer in a world that answers. */

export const GATE_ADDRESS = { address: '10.0.0.2', port: 47381, certificatePem: 'PEM' };

/** A gate whose counters a test turns. `orders`: what `setReady` was told. */
export function fakeGate() {
  const gate = {
    ready: false,
    notReady: 'stayOut' as GateState['notReady'],
    requests: 0,
    open: [] as OpenRequest[],
    /** The workload answers. */
    upstreamUp: true,
    /** Cannot be asked. */
    away: false,
    /** Nobody can say where it is: its address in the settings is in error. */
    lost: false,
    orders: [] as ('ready' | 'leaving' | 'stayOut')[],
    cuts: 0,
    order(ready: boolean, why: 'leaving' | 'stayOut' | null) {
      gate.orders.push(why ?? 'ready');
      gate.ready = ready;
      gate.notReady = why;
    },
    seen: (): GateState => ({
      ready: gate.ready,
      notReady: gate.notReady,
      requests: gate.requests,
      inFlight: gate.open.length,
      open: [...gate.open],
      upstreamUp: gate.upstreamUp,
    }),
    cutAll(): readonly OpenRequest[] {
      gate.cuts += 1;
      return gate.open.splice(0);
    },
  };
  const asked = async <T>(answer: () => T): Promise<Result<T>> =>
    gate.away ? fail('gateDown') : ok(answer());
  const control: GateControl = {
    state: () => asked(() => gate.seen()),
    setReady: (ready, why) => asked(() => gate.order(ready, why)),
    cut: () => asked(() => gate.cutAll()),
    address: () => asked(() => GATE_ADDRESS),
  };
  return { gate, control };
}

/** A cluster that stops and starts when told; `stops` are the limits it was given. */
export function fakeCluster(name: string | null = 'lab') {
  const cluster = {
    running: name,
    stops: [] as number[],
    starts: 0,
    /** Resolves the stop under way, for tests that want to see it run. */
    hold: null as Promise<void> | null,
    failing: false,
  };
  const stopper: ClusterStopper = {
    running: () => cluster.running,
    ready: () => (cluster.running === null ? null : true),
    async stop(limitMs) {
      cluster.stops.push(limitMs);
      await cluster.hold;
      if (cluster.failing) return fail('stopFailed');
      cluster.running = null;
      return ok({ forced: false, stoppedMs: 5 });
    },
    async start() {
      cluster.starts += 1;
      if (cluster.failing) return fail('clusterNotRunning');
      cluster.running = name;
      return ok(undefined);
    },
  };
  return { cluster, stopper };
}

type Said = [ReasonName & ('battery' | 'memory' | 'thermal'), Stage][];

/** What vitals would say. */
export function stageFact(...said: Said): StageFact {
  const metrics = { battery: 'battery.percent', memory: 'memory.availablePercent', thermal: 'thermal.level' };
  return {
    stage: said.at(0)?.[1] ?? 'ok',
    reasons: said.map(([family, stage]) => ({
      metric: metrics[family],
      stage,
      value: 24,
      limit: 25,
      since: '2026-01-01T00:00:00.000Z',
    })),
  };
}

export function coreHandoff(state: HandoffState, over: Partial<Handoff> = {}): Handoff {
  return {
    state,
    since: '2026-01-01T00:00:00.000Z',
    reasons: [],
    deadlineAt: null,
    safeToCloseLid: state === 'OFFLINE' || state === 'LOST',
    handoffId: null,
    epoch: 0,
    countdownEndsAt: null,
    delayedUntil: null,
    hold: null,
    unplanned: false,
    steps: [],
    returning: null,
    coolDownUntil: null,
    lastReport: null,
    toldAt: null,
    ...over,
  };
}

export function stateWords(state: HandoffState, over: Partial<Handoff> = {}): HandoffWords<'STATE'> {
  return {
    type: 'STATE',
    handoff: coreHandoff(state, over),
    traffic: null,
    shares: { core: 20, edge: 80 },
  };
}

interface MachineOptions {
  readonly journal?: LeaverJournal | null;
  readonly bootId?: string;
  readonly timeScale?: number;
  readonly cluster?: string | null;
  /** The gate, as a former engine left it. */
  readonly ready?: boolean;
  /** This Mac's wall clock at the beginning. */
  readonly startMs?: number;
}

/** The reducer in a world that answers at once: looks at a gate, greetings and cuts; the rest a test answers. */
export interface Machine {
  readonly gate: ReturnType<typeof fakeGate>['gate'];
  readonly world: { ms: number; mayAct: boolean; cluster: string | null };
  /** Of what the core says from now on. */
  epoch: number;
  handoffId: string;
  state: LeaverState;
  /** Everything that was asked for so far. */
  readonly done: readonly Effect[];
  moment(): Moment;
  do(...events: readonly LeaverEvent[]): Machine;
  /** Time goes by, in steps of what is due. */
  later(ms: number): Machine;
  hear(...words: readonly HandoffWords[]): Machine;
  message(message: HandoffMessage): Machine;
  link(state: LinkState): Machine;
  /** A session, answered by a STATE, and time to ask. */
  session(state?: HandoffState): Machine;
  /** Admitted and serving. */
  serving(): Machine;
  stage(...said: Said): Machine;
  /** A person's departure, up to its drain. */
  draining(): Machine;
  stopped(): Machine;
  phase(): PhaseName;
  said<Type extends HandoffWords['type']>(type: Type): readonly HandoffWords<Type>[];
  asked<Type extends Effect['type']>(type: Type): readonly Extract<Effect, { type: Type }>[];
  /** What the gate was ordered last, whether it could be reached or not. */
  readonly ordered: 'ready' | 'leaving' | 'stayOut' | null;
  /** Stops asked for so far. */
  readonly stops: number;
  /** What the next engine would find. */
  journal(): LeaverJournal;
}

export function machine(options: MachineOptions = {}): Machine {
  const { gate } = fakeGate();
  if (options.ready === true) Object.assign(gate, { ready: true, notReady: null });
  const startMs = options.startMs ?? Date.parse('2026-01-01T00:00:00.000Z');
  const done: Effect[] = [];
  let seq = 0;
  let ordered: Machine['ordered'] = null;
  let stops = 0;
  const self: Machine = {
    gate,
    world: { ms: 1_000, mayAct: true, cluster: options.cluster === undefined ? 'lab' : options.cluster },
    epoch: 1,
    handoffId: 'one',
    state: undefined as unknown as LeaverState,
    done,
    get ordered() {
      return ordered;
    },
    get stops() {
      return stops;
    },
    moment: () => ({
      ms: self.world.ms,
      at: new Date(startMs + self.world.ms).toISOString(),
      mayAct: self.world.mayAct,
      deadlineMs: 120_000,
      timeScale: options.timeScale ?? 1,
      cluster: { running: self.world.cluster, ready: self.world.cluster === null ? null : true },
    }),
    do(...events) {
      for (const event of events) take(reduce(self.state, event, self.moment()));
      return self;
    },
    later(ms) {
      const until = self.world.ms + ms;
      const next = () => nextDueMs(self.state, self.world.ms) ?? until;
      for (let due = next(); due < until; due = next()) {
        self.world.ms = due;
        self.do({ type: 'time' });
      }
      self.world.ms = until;
      return self.do({ type: 'time' });
    },
    hear(...words) {
      const { epoch, handoffId } = self;
      for (const one of words) self.message({ ...one, handoffId, epoch, seq: (seq += 1) });
      return self;
    },
    message: (message) => self.do({ type: 'heard', message }),
    link: (state) => self.do({ type: 'link', state, told: true }),
    session: (state = 'OFFLINE') => self.link('up').hear(stateWords(state)).later(500),
    serving: () => self.session().hear({ type: 'ADMIT', share: 10 }).later(1_500).hear(stateWords('SERVING')),
    stage: (...said) => self.do({ type: 'stage', fact: stageFact(...said) }),
    draining() {
      self.do({ type: 'leave', now: false, detail: null });
      self.epoch += 1;
      self.handoffId = `departure-${self.epoch}`;
      return self.hear(
        { type: 'PREPARE', remainingMs: 119_000 },
        { type: 'ACK', of: 'INTENT', stage: 'live' },
        { type: 'DRAIN', remainingMs: 95_000 },
      );
    },
    stopped() {
      self.world.cluster = null;
      return self.do({ type: 'stopped', result: ok({ forced: false, stoppedMs: 5 }) });
    },
    phase: () => self.state.phase.name,
    said: <Type extends HandoffWords['type']>(type: Type) =>
      done.flatMap((one) =>
        one.type === 'send' && one.words.type === type ? [one.words as HandoffWords<Type>] : [],
      ),
    asked: <Type extends Effect['type']>(type: Type) =>
      done.filter((one): one is Extract<Effect, { type: Type }> => one.type === type),
    journal: () => JSON.parse(JSON.stringify(journalOf(self.state))) as LeaverJournal,
  };
  function take(outcome: { readonly state: LeaverState; readonly effects: readonly Effect[] }): void {
    self.state = outcome.state;
    done.push(...outcome.effects);
    for (const effect of outcome.effects) answer(effect);
  }
  function answer(effect: Effect): void {
    const seen = gate.away ? null : gate.seen();
    if (effect.type === 'setGate') ordered = effect.why ?? 'ready';
    if (effect.type === 'stopCluster') stops += 1;
    if (effect.type === 'setGate' && !gate.away) gate.order(effect.why === null, effect.why);
    if (effect.type === 'lookAtGate') self.do({ type: 'gate', turn: effect.turn, gate: seen });
    if (effect.type === 'greet')
      self.do({ type: 'greeting', address: gate.lost ? null : GATE_ADDRESS, gate: seen });
    if (effect.type === 'cut') self.do({ type: 'cut', cut: gate.cutAll() });
    if (effect.type === 'report') self.do({ type: 'reported', id: 'report-1' });
  }
  const beginning = { bootId: options.bootId ?? 'boot', wakeId: 'wake-1' };
  take(resume(options.journal ?? null, beginning, self.moment()));
  return self;
}
