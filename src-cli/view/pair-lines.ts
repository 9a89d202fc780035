import { durationIn } from '../../src-shared/language/translate.ts';
import { leaveReasonSentence, namesOf } from '../../src-shared/world/handoff-sentence.ts';
import type { Handoff, HandoffStep } from '../../src-shared/world/handoff.ts';
import { errorHint, errorSentence, say, sentence, type Speaking } from '../../src-shared/world/sentence.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import type { World } from '../../src-shared/world/world.ts';
import { padded } from './columns.ts';

const LABEL_WIDTH = 10;
/** The core says it every 5 s; older than three of them is told with its age. */
const FRESH_MS = 15_000;

/** Who serves which requests, and through what. */
export function trafficLines(world: World, traffic: Traffic, speaking: Speaking): string[] {
  const { t } = speaking;
  const { seen, weights, state, front, listen, why, inFlight, gate } = traffic;
  const shares = seen ?? weights;
  const names = namesOf(world);
  const told = [
    say(
      sentence('cli.traffic.shares', {
        ...names,
        corePercent: Math.round(shares.core),
        edgePercent: Math.round(shares.edge),
      }),
      speaking,
    ),
    t('cli.traffic.wanted', { corePercent: weights.core, edgePercent: weights.edge }),
    rateText(traffic, speaking),
    ...(inFlight === null ? [] : [t('cli.traffic.inFlight', inFlight)]),
  ];
  const kind = t('cli.traffic.front', {
    front: t(`traffic.front.${front}`),
    listen,
    why: t(`traffic.why.${why}`),
  });
  return [
    ...(state === 'up' ? [row(t('label.traffic'), told.join(' · '))] : []),
    row(t('label.front'), state === 'up' ? kind : `${kind} · ${t(`traffic.${state}`)}`),
    ...(gate === null
      ? []
      : [row(t('cli.traffic.gate'), gate.notReady === null ? t('gate.ready') : t(`gate.${gate.notReady}`))]),
    ...(traffic.problem === null ? [] : problemLines(traffic.problem, names, speaking)),
  ];
}

function rateText({ requestsPerSecond }: Traffic, { t }: Speaking): string {
  if (requestsPerSecond === null) return t('traffic.rate.unknown');
  if (requestsPerSecond === 0) return t('traffic.rate.none');
  const rate = Math.round(requestsPerSecond * 10) / 10;
  return t('traffic.rate', { rate: rate >= 10 ? Math.round(rate) : rate });
}

/** How far a departure or a return is: its state and reasons, its steps, and why it does not go on. */
export function handoffLines(world: World, handoff: Handoff, speaking: Speaking): string[] {
  const { t } = speaking;
  return [
    row(t('label.handoff'), stateText(handoff, speaking)),
    ...handoff.steps.map((step) => `  ${stepText(step, world, speaking)}`),
    ...(handoff.hold === null ? [] : problemLines(handoff.hold, namesOf(world), speaking)),
  ];
}

function stateText(handoff: Handoff, speaking: Speaking): string {
  const { t, now } = speaking;
  const { state, reasons, deadlineAt, toldAt } = handoff;
  const leftMs = deadlineAt === null ? 0 : Date.parse(deadlineAt) - now.getTime();
  const ageMs = toldAt === null ? 0 : now.getTime() - Date.parse(toldAt);
  return [
    t(`handoff.${state}`),
    ...reasons.map((reason) => say(leaveReasonSentence(reason), speaking)),
    ...(leftMs > 0 ? [t('cli.handoff.left', { left: durationIn(t, leftMs) })] : []),
    ...(ageMs > FRESH_MS ? [t('cli.handoff.asOf', { age: durationIn(t, ageMs) })] : []),
  ].join(' · ');
}

const marks: Readonly<Record<HandoffStep['outcome'], string>> = {
  running: '●',
  done: '✓',
  cut: '✂',
  failed: '✗',
  skipped: '–',
};

function stepText({ step, outcome, elapsedMs }: HandoffStep, world: World, speaking: Speaking): string {
  const words = say(sentence(`handoff.step.${step}`, namesOf(world)), speaking);
  const took =
    elapsedMs === null ? '' : `  ${say(sentence('handoff.time.took', { tookFineMs: elapsedMs }), speaking)}`;
  return `${marks[outcome]} ${words}${took}`;
}

function problemLines(
  problem: NonNullable<Handoff['hold']>,
  names: ReturnType<typeof namesOf>,
  speaking: Speaking,
): string[] {
  const error = { ...problem, params: { ...names, ...problem.params } };
  return [`  ${say(errorSentence(error), speaking)}`, `  ${say(errorHint(error), speaking)}`];
}

function row(label: string, value: string): string {
  return `  ${padded(label, LABEL_WIDTH)}${value}`;
}
