import { defaultSettings } from '../../src-shared/settings.ts';
import type { Reason, Stage } from '../../src-shared/world/vitals.ts';
import type { StageContext } from '../../src-engine/vitals/stages/context.ts';

const WORST_FIRST: readonly Stage[] = ['stop', 'drain', 'warn'];

/** A stage rule under a clock that the test moves: on an edge with a fan, judged once a second. */
export function heldRule<Input>(
  rule: (input: Input, context: StageContext) => readonly Reason[],
  given: Partial<StageContext> = {},
) {
  let seconds = 0;
  function judge(input: Input): Stage {
    const reasons = rule(input, {
      now: { ms: seconds * 1000, iso: new Date(seconds * 1000).toISOString() },
      limits: defaultSettings.stages,
      role: 'edge',
      timeScale: 1,
      usualDrainMs: null,
      fanless: false,
      ...given,
    });
    return WORST_FIRST.find((stage) => reasons.some((reason) => reason.stage === stage)) ?? 'ok';
  }
  return {
    judge,
    /** Holds an input for so many seconds; tells the stage at the end. */
    hold(input: Input, forSeconds: number): Stage {
      let stage = judge(input);
      const step = forSeconds > 600 ? 10 : 1;
      for (let second = 0; second < forSeconds; second += step) {
        seconds += step;
        stage = judge(input);
      }
      return stage;
    },
    at: (second: number) => void (seconds = second),
  };
}
