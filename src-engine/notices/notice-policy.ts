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
    };

export interface NoticeState {
  readonly notices: readonly Notice[];
  readonly stage: Stage;
  /** When the stage notice was last given; the same stage is told again only after half an hour. */
  readonly stageToldAtMs: number | null;
}

export const noNotices: NoticeState = { notices: [], stage: 'ok', stageToldAtMs: null };

const KEEP = 20;
const REPEAT_MS = 30 * 60_000;
const rank: Record<Stage, number> = { ok: 0, warn: 1, drain: 2, stop: 3 };

/**
 * One notice per stage entry, again only on a higher stage or after 30 min (research/vitals.md section 7);
 * a newer notice of a category replaces the older one.
 */
export function heard(
  state: NoticeState,
  happening: Happening,
  now: { ms: number; iso: string },
): NoticeState {
  if (happening.type !== 'stage') return withNotice(state, operationNotice(happening, now));
  const { stage } = happening;
  const before = state.stage;
  if (stage === 'ok')
    return { ...closed(state, 'stage'), stage, stageToldAtMs: before === 'ok' ? state.stageToldAtMs : null };
  const higher = rank[stage] > rank[before];
  const again = state.stageToldAtMs !== null && now.ms - state.stageToldAtMs >= REPEAT_MS;
  if (!higher && !again) return { ...state, stage };
  const notice: Notice = {
    id: `stage-${stage}-${now.ms.toFixed(0)}`,
    category: 'stage',
    kind: 'stageEntered',
    severity: stage === 'warn' ? 'warning' : 'critical',
    params: { stage, metric: happening.metric, value: happening.value ?? '?', limit: happening.limit },
    at: now.iso,
    open: true,
  };
  return { ...withNotice(state, notice), stage, stageToldAtMs: now.ms };
}

function operationNotice(
  happening: Exclude<Happening, { type: 'stage' }>,
  now: { ms: number; iso: string },
): Notice {
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

function paramsOf(happening: Exclude<Happening, { type: 'stage' }>): Notice['params'] {
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
