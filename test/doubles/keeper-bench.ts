import type { HandoffMessage, HandoffWords } from '../../src-shared/handoff-messages.ts';
import { fail, ok } from '../../src-shared/errors/result.ts';
import type { LeaveReason } from '../../src-shared/world/handoff.ts';
import type { Shares } from '../../src-shared/world/traffic.ts';
import type { LinkFact } from '../../src-engine/handoff/ports.ts';
import { planWrite } from '../../src-engine/handoff/keeper/acts.ts';
import type {
  Act,
  Did,
  Effect,
  KeeperEvent,
  KeeperState,
  Moment,
} from '../../src-engine/handoff/keeper/keeper-types.ts';
import { sharesOf } from '../../src-engine/handoff/keeper/limits.ts';
import type { ReadRecord } from '../../src-engine/handoff/keeper/record.ts';
import { reduce } from '../../src-engine/handoff/keeper/reducer.ts';
import { firstState } from '../../src-engine/handoff/keeper/resume.ts';

/** The keeper's reducer with a front that a test answers for: no promise, no clock but `at`. */

export const START_MS = 1_000_000;
export const START_WALL_MS = Date.parse('2026-01-01T12:00:00.000Z');
export const gate = { address: '192.0.2.2', port: 47381, certificatePem: 'PEM' };
export const linkUp: LinkFact = { state: 'up', class: null, byeReason: null, silenceMs: 10 };

export function reason(name: LeaveReason['name'], level: LeaveReason['level']): LeaveReason {
  return { name, level, since: '2026-01-01T11:59:00.000Z', detail: null };
}

export const goodCounters = { requests: 0, failures: 0, retried: 0, inFlight: 0 };

export interface Bench {
  state: KeeperState;
  now: Moment;
  /** What the front reads as. */
  live: Shares;
  counters: { core: typeof goodCounters; edge: typeof goodCounters };
  /** Everything that came out, in order. */
  readonly effects: Effect[];
  /** Requests a second while time passes, dealt by the live weights. */
  perSecond: number;
}

/** A keeper that has just read its front. By default: no record, SERVING at 80, link up, gate known and alive. */
export function bench(
  options: { edge?: number; read?: ReadRecord; link?: LinkFact; now?: Partial<Moment> } = {},
) {
  const edge = options.edge ?? 80;
  const now: Moment = {
    ms: START_MS,
    wallMs: START_WALL_MS,
    id: 'id-1',
    target: { core: 20, edge: 80 },
    deadlineMs: 120_000,
    timeScale: 1,
    mayAct: true,
    fitness: { fit: true, why: null },
    ...options.now,
  };
  const b: Bench = {
    state: firstState(options.read ?? { kind: 'none' }, now, options.link ?? linkUp),
    now,
    live: sharesOf(edge),
    counters: { core: { ...goodCounters }, edge: { ...goodCounters } },
    effects: [],
    perSecond: 100,
  };
  return b;
}

/** The usual beginning: the front was read, the edge said who it is. */
export function serving(edge = 80): Bench {
  const b = bench({ edge });
  tick(b);
  answer(b);
  rejoin(b);
  send(b, { type: 'gateUsed', gate, result: ok(undefined) });
  send(b, { type: 'edge', alive: true, notReady: null });
  b.effects.length = 0;
  return b;
}

let seq = 0;

export function send(b: Bench, event: KeeperEvent): Effect[] {
  b.now = { ...b.now, id: `id-${b.now.ms}` };
  const { state, effects } = reduce(b.state, event, b.now);
  b.state = state;
  b.effects.push(...effects);
  return [...effects];
}

export function hear(
  b: Bench,
  words: HandoffWords,
  envelope: { epoch?: number; seq?: number } = {},
): Effect[] {
  seq += 1;
  const message = { ...words, handoffId: b.state.handoffId ?? '', epoch: b.state.epoch, seq, ...envelope };
  return send(b, { type: 'message', message });
}

type Rejoin = Extract<HandoffWords, { type: 'REJOIN' }>;

export function rejoin(b: Bench, part: Partial<Rejoin> = {}): Effect[] {
  return hear(b, {
    type: 'REJOIN',
    bootId: 'boot-1',
    wakeId: 'wake-1',
    reasons: [],
    gate,
    gateReady: true,
    gatePaused: false,
    doing: 'nothing',
    ...part,
  });
}

export function link(b: Bench, state: LinkFact['state'], byeReason: LinkFact['byeReason'] = null): Effect[] {
  const isUp = state === 'up';
  return send(b, {
    type: 'link',
    fact: { state, class: isUp ? null : 'PEER_UNREACHABLE', byeReason, silenceMs: isUp ? 10 : 2_500 },
  });
}

export function leave(
  b: Bench,
  level: LeaveReason['level'] = 'drain',
  remainingMs: number | null = null,
): Effect[] {
  return hear(b, { type: 'INTENT', reasons: [reason('battery', level)], leave: true, remainingMs });
}

/** The act that runs now. */
export function act(b: Bench): Act | null {
  return b.state.live.running?.act ?? null;
}

/** Answers the act that runs: well, or as told. */
export function answer(b: Bench, did?: Did): Effect[] {
  const { running } = b.state.live;
  if (running === null) throw new Error('nothing runs');
  return send(b, { type: 'did', id: running.id, did: did ?? goodAnswer(b, running.act) });
}

/** The front cannot be asked. */
export function away(b: Bench): Effect[] {
  const running = b.state.live.running;
  if (running === null) throw new Error('nothing runs');
  return answer(b, { do: running.act.do, result: fail('frontDown', {}) });
}

export function goodAnswer(b: Bench, asked: Act): Did {
  const probe = (count: number) => ({ sent: count, ok: count, wrong: 0, p50Ms: 8, p95Ms: 12 });
  switch (asked.do) {
    case 'read':
      return { do: 'read', result: ok(b.live) };
    case 'counters':
      return { do: 'counters', result: ok({ core: { ...b.counters.core }, edge: { ...b.counters.edge } }) };
    case 'check':
    case 'checkEdge':
      return { do: asked.do, result: ok(probe(20)) };
    case 'pairs':
      return { do: 'pairs', result: ok({ core: probe(asked.count), edge: probe(asked.count) }) };
    case 'write': {
      const plan = planWrite(b.live, asked);
      if (plan === 'conflict') return { do: 'write', result: fail('weightConflict', { ...b.live }) };
      if (plan === 'write') b.live = asked.target;
      return { do: 'write', result: ok(b.live) };
    }
    case 'verify':
      return {
        do: 'verify',
        result: ok({ probes: 20, rounds: 2, onEdge: 0, newOnEdge: 0, elapsedMs: 100 }),
      };
    case 'dead':
      b.live = sharesOf(0);
      return { do: 'dead', result: ok({ resent: 0, cut: [], cutCount: 0, elapsedMs: 400 }) };
    case 'revive':
      return { do: 'revive', result: ok(undefined) };
  }
}

export function tick(b: Bench, ms = 0): Effect[] {
  pass(b, ms);
  return send(b, { type: 'tick' });
}

/** Time passes, and with it requests. */
export function pass(b: Bench, ms: number): void {
  b.now = { ...b.now, ms: b.now.ms + ms, wallMs: b.now.wallMs + ms };
  const requests = (ms / 1000) * b.perSecond;
  b.counters.core.requests += (requests * b.live.core) / 100;
  b.counters.edge.requests += (requests * b.live.edge) / 100;
}

/** Answers all that is asked, and lets time pass in quarters of a second, until it is so; says when it never is. */
export function until(b: Bench, isSo: (state: KeeperState) => boolean, limitMs = 600_000): void {
  for (let passed = 0; passed <= limitMs; passed += 250) {
    while (b.state.live.running !== null && b.state.live.running.retryMs === null && !isSo(b.state))
      answer(b);
    if (isSo(b.state)) return;
    tick(b, 250);
    if (isSo(b.state)) return;
  }
  throw new Error(`never so; ${b.state.state}/${b.state.phase}`);
}

export function inState(...names: KeeperState['state'][]): (state: KeeperState) => boolean {
  return ({ state }) => names.includes(state);
}

export function said<Type extends HandoffMessage['type']>(effects: readonly Effect[], type: Type) {
  return effects.flatMap((effect) =>
    effect.type === 'say' && effect.words.type === type
      ? [effect.words as Extract<HandoffWords, { type: Type }>]
      : [],
  );
}

export function acts(effects: readonly Effect[]): Act[] {
  return effects.flatMap((effect) => (effect.type === 'act' ? [effect.act] : []));
}

export function reports(effects: readonly Effect[]) {
  return effects.flatMap((effect) => (effect.type === 'report' ? [effect.report] : []));
}

/** A whole planned departure up to a state. */
export function departed(to: KeeperState['state'], level: LeaveReason['level'] = 'drain'): Bench {
  const b = serving();
  leave(b, level);
  if (to === 'PREPARING') return b;
  hear(b, { type: 'PREPARED', inFlight: 3, fit: true, why: null });
  until(b, inState(to === 'SHIFTING' || to === 'VERIFYING' ? to : 'DRAINING'));
  if (to === 'SHIFTING' || to === 'VERIFYING' || to === 'DRAINING') return b;
  hear(b, { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 });
  until(b, inState('RELEASED'));
  if (to === 'RELEASED') return b;
  hear(b, { type: 'GONE', stoppedMs: 4_000, forced: false });
  until(b, (state) => state.ending === null && state.out);
  return b;
}

/** Lost, reported, out of the pool. */
export function lost(): Bench {
  const b = serving();
  link(b, 'suspect');
  send(b, { type: 'edge', alive: false, notReady: null });
  link(b, 'down');
  until(b, (state) => state.ending === null && state.out);
  return b;
}
