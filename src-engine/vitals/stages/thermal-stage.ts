import type { StageContext, StageOutcome } from './context.ts';
import { climb, type Ladder, type Rung } from './ladder.ts';

/**
 * Heat (design/limits.md, Stages): level 2 for 2 min is warn (10 min without a fan), 3 for 30 s drain,
 * 4 at once or 3 for 5 min stop; all end after level 0 or 1 for 2 min.
 *
 * @param level 0..4; null is unknown or stale
 */
export function thermalStage(
  ladder: Ladder,
  level: number | null,
  context: StageContext,
): StageOutcome<Ladder> {
  const { thermal } = context.limits;
  const atLeast = (limit: number): boolean | null => (level === null ? null : level >= limit);
  const cool = level === null ? null : level <= 1;
  const rung = (key: string, stage: Rung['stage'], limit: number, raiseSeconds: number): Rung => ({
    key,
    metric: 'thermal.level',
    stage,
    value: level,
    limit,
    raise: atLeast(limit),
    raiseSeconds,
    clear: cool,
    clearSeconds: thermal.clearSeconds,
  });
  const warnSeconds = context.fanless ? thermal.warnSecondsFanless : thermal.warnSeconds;
  return climb(
    ladder,
    [
      rung('warn', 'warn', 2, warnSeconds),
      rung('drain', 'drain', 3, thermal.drainSeconds),
      rung('stopAtOnce', 'stop', 4, 0),
      rung('stop', 'stop', 3, thermal.stopSeconds),
    ],
    context,
  );
}
