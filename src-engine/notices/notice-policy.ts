import type { Notice } from '../../src-shared/world/notices.ts';
import type { Stage } from '../../src-shared/world/vitals.ts';

/** Something that happened and may deserve a person's attention. */
export type Happening =
  | {
      readonly type: 'stage';
      readonly stage: Stage;
      readonly metric: string;
      readonly value: number | null;
      readonly limit: number;
    }
  | {
      readonly type: 'operationFinished';
      readonly name: string;
      readonly verb: string;
      readonly elapsedMs: number;
    }
  | {
      readonly type: 'operationFailed';
      readonly name: string;
      readonly verb: string;
      readonly code: string;
      readonly params: Notice['params'];
    }
  | {
      readonly type: 'operationRecovered';
      readonly name: string;
      readonly verb: string;
      readonly how: string;
    }
  | {
      readonly type: 'peer';
      readonly kind:
        'peerLost' | 'peerWeak' | 'peerLeft' | 'peerBack' | 'peerUnpaired' | 'networkAsked' | 'pairingAsked';
      readonly params: Notice['params'];
    }
  | {
      readonly type: 'handoff';
      readonly kind: 'handoffWarned' | 'handoffMoved' | 'handoffReturned' | 'handoffHeld' | 'handoffLost';
      readonly params: Notice['params'];
    }
  /** What the notices of a category told is over, told or not. */
  | { readonly type: 'settled'; readonly category: 'link' | 'pairing' | 'digits' | 'handoff' };

type LinkHappening = Extract<Happening, { type: 'peer' }>;
type HandoffHappening = Extract<Happening, { type: 'handoff' }>;
type OperationHappening = Exclude<Happening, { type: 'stage' | 'peer' | 'handoff' | 'settled' }>;

export interface NoticeState {
  readonly notices: readonly Notice[];
  readonly stage: Stage;
  /** The stage notice that was given last; remembered over `ok`, so that a stage that flickers is told once. */
  readonly told: ToldStage | null;
}

interface ToldStage {
  readonly id: string;
  readonly stage: Stage;
  readonly atMs: number;
  /** The end of it was told too. */
  readonly cleared: boolean;
  /** It was still open when the stage ended: it opens again when the stage returns untold. */
  readonly openAtClear: boolean;
}

export const noNotices: NoticeState = { notices: [], stage: 'ok', told: null };

const KEEP = 20;
const REPEAT_MS = 30 * 60_000;
const rank: Record<Stage, number> = { ok: 0, warn: 1, drain: 2, stop: 3 };

interface Now {
  /** Monotonic. */
  readonly ms: number;
  readonly iso: string;
}

/**
 * One notice per stage entry, again only on a higher stage or after 30 min (research/vitals.md section 7);
 * a newer notice of a category replaces the older one.
 */
export function heard(state: NoticeState, happening: Happening, now: Now): NoticeState {
  if (happening.type === 'settled') return closed(state, happening.category);
  if (happening.type === 'peer') return withNotice(state, linkNotice(happening, now));
  if (happening.type === 'handoff') return withNotice(state, handoffNotice(happening, now));
  if (happening.type !== 'stage') return withNotice(state, operationNotice(happening, now));
  if (happening.stage === 'ok') return stageCleared(state, now);
  const { stage } = happening;
  const { told } = state;
  const due = told === null || rank[stage] > rank[told.stage] || now.ms - told.atMs >= REPEAT_MS;
  if (!due) return reopened({ ...state, stage });
  const id = `stage-${stage}-${now.ms.toFixed(0)}`;
  const notice: Notice = {
    id,
    category: 'stage',
    kind: 'stageEntered',
    severity: stage === 'warn' ? 'warning' : 'critical',
    params: { stage, metric: happening.metric, value: happening.value ?? '?', limit: happening.limit },
    at: now.iso,
    open: true,
  };
  return {
    ...withNotice(state, notice),
    stage,
    told: { id, stage, atMs: now.ms, cleared: false, openAtClear: false },
  };
}

/** Milliseconds until the stage that holds is to be told again, at least 0; null while none holds. */
export function repeatInMs({ stage, told }: NoticeState, nowMs: number): number | null {
  if (stage === 'ok' || told === null) return null;
  return Math.max(0, told.atMs + REPEAT_MS - nowMs);
}

/** Who was told of a stage is told once that it is over. */
function stageCleared(state: NoticeState, now: Now): NoticeState {
  const { told } = state;
  if (state.stage === 'ok') return state;
  if (told === null) return { ...closed(state, 'stage'), stage: 'ok' };
  const openAtClear = state.notices.some(({ id, open }) => id === told.id && open);
  const next = { stage: 'ok', told: { ...told, cleared: true, openAtClear } } as const;
  if (told.cleared) return { ...closed(state, 'stage'), ...next };
  const notice: Notice = {
    id: `stage-ok-${now.ms.toFixed(0)}`,
    category: 'stage',
    kind: 'stageCleared',
    severity: 'info',
    params: {},
    at: now.iso,
    open: false,
  };
  return { ...withNotice(state, notice), ...next };
}

/** A stage that returns too soon to be told again: "well again" would be a lie, its notice is open as before. */
function reopened(state: NoticeState): NoticeState {
  const { told } = state;
  if (told === null || !told.openAtClear) return state;
  return {
    ...state,
    told: { ...told, openAtClear: false },
    notices: state.notices.map((notice) => (notice.id === told.id ? { ...notice, open: true } : notice)),
  };
}

/** Digits that wait and a network that was not answered for are two questions: neither closes the other. */
const categories: { readonly [Kind in LinkHappening['kind']]?: Notice['category'] } = {
  peerUnpaired: 'pairing',
  networkAsked: 'pairing',
  pairingAsked: 'digits',
};
/** Digits wait for a minute: what asks for them is taken off the screen afterwards, as no mere information is. */
const warnings: readonly LinkHappening['kind'][] = ['peerLost', 'peerWeak', 'pairingAsked'];

function linkNotice({ kind, params }: LinkHappening, now: Now): Notice {
  const lasts = kind !== 'peerBack' && kind !== 'peerUnpaired';
  return {
    id: `${kind}-${now.ms.toFixed(0)}`,
    category: categories[kind] ?? 'link',
    kind,
    severity: warnings.includes(kind) ? 'warning' : 'info',
    params,
    at: now.iso,
    open: lasts,
  };
}

/** What waits for a person, or lasts, is open; that it is over comes as `settled`. */
function handoffNotice({ kind, params }: HandoffHappening, now: Now): Notice {
  const lasts = kind === 'handoffWarned' || kind === 'handoffHeld' || kind === 'handoffLost';
  return {
    id: `${kind}-${now.ms.toFixed(0)}`,
    category: 'handoff',
    kind,
    severity: lasts ? 'warning' : 'info',
    params,
    at: now.iso,
    open: lasts,
  };
}

function operationNotice(happening: OperationHappening, now: Now): Notice {
  const failed = happening.type === 'operationFailed';
  return {
    id: `operation-${happening.name}-${now.ms.toFixed(0)}`,
    category: 'operation',
    kind: happening.type,
    severity: failed ? 'warning' : 'info',
    params: paramsOf(happening),
    at: now.iso,
    open: failed,
  };
}

function paramsOf(happening: OperationHappening): Notice['params'] {
  const { name, verb } = happening;
  if (happening.type === 'operationFailed') return { ...happening.params, name, verb, code: happening.code };
  if (happening.type === 'operationRecovered') return { name, verb, how: happening.how };
  return { name, verb, elapsedMs: happening.elapsedMs };
}

function withNotice(state: NoticeState, notice: Notice): NoticeState {
  const older = closed(state, notice.category).notices;
  return { ...state, notices: [...older, notice].slice(-KEEP) };
}

function closed(state: NoticeState, category: Notice['category']): NoticeState {
  // Nothing to close is no news: the list is the same one.
  if (!state.notices.some((notice) => notice.open && notice.category === category)) return state;
  return {
    ...state,
    notices: state.notices.map((notice) =>
      notice.category === category ? { ...notice, open: false } : notice,
    ),
  };
}

/** A person has seen it. */
export function dismissed(state: NoticeState, id: string): NoticeState {
  return {
    ...state,
    notices: state.notices.map((notice) => (notice.id === id ? { ...notice, open: false } : notice)),
  };
}
