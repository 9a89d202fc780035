import type { HandoffWords } from '../../../src-shared/handoff-messages.ts';
import type { ErrorCode } from '../../../src-shared/errors/codes.ts';
import type { HandoffState, HandoffStep } from '../../../src-shared/world/handoff.ts';
import type { Problem, Shares } from '../../../src-shared/world/traffic.ts';
import type { SharesRead } from '../ports.ts';
import type { Act, Draft, KeeperState, Live, WriteAct } from './keeper-types.ts';
import { sharesOf } from './limits.ts';
import type { KeeperStep, Phase, Returning } from './record.ts';

/** The small moves that every phase of the reducer is made of. Each changes the draft it is given, nothing else. */

export function draftOf(state: KeeperState, now: Draft['now']): Draft {
  return { now, state, effects: [] };
}

export function patch(draft: Draft, part: Partial<KeeperState>): void {
  draft.state = { ...draft.state, ...part };
}

export function patchLive(draft: Draft, part: Partial<Live>): void {
  draft.state = { ...draft.state, live: { ...draft.state.live, ...part } };
}

export function patchReturning(draft: Draft, part: Partial<Returning>): void {
  const { returning } = draft.state;
  if (returning !== null) patch(draft, { returning: { ...returning, ...part } });
}

export function problem(code: ErrorCode, params: Problem['params'] = {}): Problem {
  return { code, params };
}

/** Weights that are not ours, and whose they are where the front knows it. */
export function conflictOf({ core, edge, who }: SharesRead): Problem {
  return problem('weightConflict', {
    core,
    edge,
    ...(who === undefined ? {} : { who, why: 'named' }),
  });
}

export function isoAt(draft: Draft): string {
  return new Date(draft.now.wallMs).toISOString();
}

export function say(draft: Draft, words: HandoffWords): void {
  draft.effects.push({ type: 'say', words });
}

export function reject(draft: Draft, why: Problem): void {
  say(draft, { type: 'REJECT', why });
}

export function tell(draft: Draft): void {
  patchLive(draft, { toldMs: draft.now.ms });
  draft.effects.push({ type: 'tell' });
}

export function note(draft: Draft, kind: string, what: string, evidence: Record<string, unknown>): void {
  const { handoffId, epoch } = draft.state;
  draft.effects.push({
    type: 'note',
    kind: `handoff.${kind}`,
    what,
    evidence: { handoffId, epoch, ...evidence },
  });
}

/** What a decision rests on, for the report. */
export function witness(draft: Draft, what: string, facts: Record<string, unknown>): void {
  const seen = { at: isoAt(draft), what, facts };
  patch(draft, { evidence: [...draft.state.evidence, seen].slice(-40) });
}

/** Gives the front something to do; what it was doing counts no longer, its answer will not be heard. */
export function startAct(draft: Draft, act: Act): void {
  const id = draft.state.live.nextAct;
  patchLive(draft, { running: { id, act, retryMs: null }, nextAct: id + 1 });
  draft.effects.push({ type: 'act', id, act });
}

export function isIdle(state: KeeperState): boolean {
  return state.live.running === null;
}

/** The intent of a weight is remembered before it is written: after a crash it is ours, whoever reads it. */
export function write(
  draft: Draft,
  edge: number,
  how: Partial<Pick<WriteAct, 'mayRaise' | 'again' | 'force'>> = {},
): void {
  const { state } = draft;
  const target = sharesOf(edge);
  const known = [...state.ours, ...(state.seen === null ? [] : [state.seen])];
  const others = known.filter((shares) => shares.edge !== edge);
  const ours = [...new Map(others.map((shares) => [shares.edge, shares])).values(), target].slice(-8);
  const raises = how.mayRaise === true;
  patch(draft, { ours, ...(edge > 0 && raises ? { proven: false, zeroLive: false, out: false } : {}) });
  startAct(draft, {
    do: 'write',
    target,
    ours,
    mayRaise: raises,
    again: how.again === true,
    force: how.force === true && edge === 0,
  });
}

/** The front was read: these weights are live. */
export function sawShares(draft: Draft, { core, edge }: Shares): void {
  const seen = { core, edge };
  const hasEdge = edge > 0;
  patch(draft, {
    seen,
    ours: [seen],
    ...(hasEdge ? { lastShare: seen, proven: false, zeroLive: false } : {}),
  });
}

/** A share of the edge above 0, as last seen; true as well while nobody could read it. */
export function hasShare(state: KeeperState): boolean {
  return state.seen === null || state.seen.edge > 0;
}

export function remainingMs(draft: Draft): number | null {
  const { deadlineAtMs } = draft.state;
  return deadlineAtMs === null ? null : Math.max(0, deadlineAtMs - draft.now.ms);
}

export function setPhase(draft: Draft, phase: Phase): void {
  patch(draft, { phase, phaseMs: draft.now.ms });
}

export function inPhaseMs(draft: Draft): number {
  return draft.now.ms - draft.state.phaseMs;
}

export function inStateMs(draft: Draft): number {
  return draft.now.ms - draft.state.sinceMs;
}

/** A new state: what ran before is over, a step begins where the state is one. */
export function enter(draft: Draft, state: HandoffState, phase: Phase, limitMs: number | null = null): void {
  closeStep(draft, 'done');
  patch(draft, { state, since: isoAt(draft), sinceMs: draft.now.ms });
  patchLive(draft, { running: null, asked: null });
  setPhase(draft, phase);
  if (state !== 'HOLD') patch(draft, { hold: null });
  if (state !== 'RETURNING') patch(draft, { returning: null });
  const step = stepOf(state);
  if (step !== null) openStep(draft, step, limitMs);
}

/** WARNED and SUSPECT become steps only once something follows from them (ending.ts, begin). */
function stepOf(state: HandoffState): HandoffStep['step'] | null {
  switch (state) {
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
    case 'RELEASED':
    case 'OFFLINE':
    case 'LOST':
      return state;
    default:
      return null;
  }
}

export function openStep(draft: Draft, step: HandoffStep['step'], limitMs: number | null): void {
  closeStep(draft, 'done');
  const opened: KeeperStep = {
    step,
    startedAt: isoAt(draft),
    startedMs: draft.now.ms,
    elapsedMs: null,
    limitMs,
    outcome: 'running',
    facts: {},
  };
  patch(draft, { steps: [...draft.state.steps, opened].slice(-40) });
}

export function closeStep(draft: Draft, outcome: 'done' | 'cut' | 'failed' | 'skipped'): void {
  const { now } = draft;
  changeLastStep(draft, (step) =>
    step.outcome === 'running' ? { ...step, outcome, elapsedMs: now.ms - step.startedMs } : step,
  );
}

/** Measured in the step that runs or ended last. The same again is no change: the record is not written for it. */
export function stepFacts(draft: Draft, facts: KeeperStep['facts']): void {
  const known = draft.state.steps.at(-1)?.facts ?? {};
  if (Object.entries(facts).every(([name, value]) => known[name] === value)) return;
  changeLastStep(draft, (step) => ({ ...step, facts: { ...step.facts, ...facts } }));
}

function changeLastStep(draft: Draft, change: (step: KeeperStep) => KeeperStep): void {
  const last = draft.state.steps.at(-1);
  if (last !== undefined) patch(draft, { steps: [...draft.state.steps.slice(0, -1), change(last)] });
}
