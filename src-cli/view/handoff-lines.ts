import type { DryRun } from '../../src-shared/commands/handoff.ts';
import {
  durationIn,
  errorSentences,
  fineDurationIn,
  isMessageKey,
  type Params,
  type Translate,
} from '../../src-shared/language/translate.ts';
import { factSentences } from '../../src-shared/world/fact-sentence.ts';
import { leaveReasonSentence } from '../../src-shared/world/handoff-sentence.ts';
import type { Handoff, HandoffStep } from '../../src-shared/world/handoff.ts';
import { say } from '../../src-shared/world/sentence.ts';
import type { Problem } from '../../src-shared/world/traffic.ts';

/** A word of the language where it has one; else what another version wrote. */
export function wordOf(t: Translate, key: string, fallback: string, params: Params = {}): string {
  return isMessageKey(key) ? t(key, params) : fallback;
}

const MARKS: Readonly<Record<HandoffStep['outcome'], string>> = {
  running: '●',
  done: '✓',
  cut: '✂',
  failed: '✗',
  skipped: '–',
};

/** A step with what it took and measured. */
export function stepLine({ step, outcome, elapsedMs, facts }: HandoffStep, t: Translate): string {
  const core = wordOf(t, 'traffic.side.core', 'core');
  const words = wordOf(t, `handoff.step.${step}`, step, { core });
  const took = elapsedMs === null ? '' : `  ${fineDurationIn(t, elapsedMs)}`;
  const seen = factSentences(facts).map((fact) => say(fact, { t, now: new Date() }));
  return `${MARKS[outcome]} ${words}${took}${seen.length === 0 ? '' : `  (${seen.join(', ')})`}`;
}

/** The state, its reasons and steps, and why it does not go on by itself. */
export function handoffLines(handoff: Handoff, t: Translate, now: Date): string[] {
  const { state, reasons, steps, hold, deadlineAt } = handoff;
  const leftMs = deadlineAt === null ? 0 : Date.parse(deadlineAt) - now.getTime();
  const head = [
    wordOf(t, `handoff.${state}`, state),
    ...reasons.map((reason) => say(leaveReasonSentence(reason), { t, now })),
    ...(leftMs > 0 ? [t('cli.handoff.left', { left: durationIn(t, leftMs) })] : []),
  ];
  return [
    head.join(' · '),
    ...steps.map((step) => `  ${stepLine(step, t)}`),
    ...(hold === null ? [] : problemLines(hold, t)),
  ];
}

function problemLines(problem: Problem, t: Translate): string[] {
  const { message, hint } = errorSentences(problem, t);
  return [`  ${message}`, `  ${hint}`];
}

/** What would happen if the edge left now; unknown where nothing was measured. */
export function dryRunLines(found: DryRun, t: Translate): string[] {
  const { problems, coreFit, coreProbes, perSecond, inFlight, expectedMs, departures, cluster } = found;
  const unknown = t('value.unknown');
  const row = (name: string, value: string): string => `  ${wordOf(t, `dryRun.row.${name}`, name)}: ${value}`;
  const pods = found.stuckPods ?? [];
  return [
    wordOf(t, `dryRun.fit.${coreFit === null ? 'unknown' : coreFit ? 'yes' : 'no'}`, String(coreFit)),
    ...problems.flatMap((problem) => problemLines(problem, t)),
    row(
      'time',
      expectedMs === null
        ? t('dryRun.time.unknown')
        : t('dryRun.time', { took: durationIn(t, expectedMs), count: departures }),
    ),
    row('core', coreProbes === null ? unknown : probesText(coreProbes, t)),
    row('requests', perSecond === null ? unknown : t('traffic.rate', { rate: perSecond.toFixed(1) })),
    row('open', inFlight === null ? unknown : t('dryRun.open', { value: inFlight })),
    row('cluster', cluster === null ? t('dryRun.cluster.none') : t('dryRun.cluster', { name: cluster })),
    row('pods', found.stuckPods === null ? unknown : pods.length === 0 ? t('dryRun.pods.none') : ''),
    ...pods.map(({ name, why }) => `    ${name}: ${wordOf(t, `podWhy.${why}`, why)}`),
  ];
}

function probesText({ sent, ok, p95Ms }: NonNullable<DryRun['coreProbes']>, t: Translate): string {
  return p95Ms === null
    ? t('dryRun.probes', { ok, sent })
    : t('dryRun.probes.p95', { ok, sent, p95: fineDurationIn(t, p95Ms) });
}
