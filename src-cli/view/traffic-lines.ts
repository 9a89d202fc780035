import {
  durationIn,
  errorSentences,
  fineDurationIn,
  type Translate,
} from '../../src-shared/language/translate.ts';
import type { GateView, Side, Traffic } from '../../src-shared/world/traffic.ts';
import { padded } from './columns.ts';

const BAR_WIDTH = 20;
const SIDE_WIDTH = 6;
const sides: readonly Side[] = ['core', 'edge'];
/** The core says it each 5 s: what is older than three of those is said with its age. */
const OLD_MS = 15_000;

/** What `traffic` prints: front, each side with its weight as written and as seen, and the edge's gate. */
export function trafficLines(traffic: Traffic, t: Translate, now: Date): string[] {
  const { front, why, state, listen, problem, gate } = traffic;
  const kind = [t(`traffic.front.${front}`), t(`traffic.state.${state}`), listen, t(`traffic.why.${why}`)];
  const lines = [kind.join(' · ')];
  if (problem !== null) {
    const { message, hint } = errorSentences(problem, t);
    lines.push(`  ${message}`, `  ${hint}`);
  }
  for (const side of sides) lines.push(sideLine(traffic, side, t));
  if (gate !== null) lines.push(gateLine(gate, t));
  const ageMs = Math.max(0, now.getTime() - Date.parse(traffic.sampledAt));
  if (traffic.stale === true || ageMs > OLD_MS) lines.push(`  ${t('value.stale')}: ${durationIn(t, ageMs)}`);
  return lines;
}

function gateLine({ ready, notReady, listen }: GateView, t: Translate): string {
  const words = ready || notReady === null ? t('gate.ready') : t(`gate.${notReady}`);
  return `  ${padded(t('traffic.gate'), SIDE_WIDTH)}${words} · ${listen ?? t('value.unknown')}`;
}

function sideLine(
  { weights, seen, perSecond, inFlight, backends }: Traffic,
  side: Side,
  t: Translate,
): string {
  const full = Math.round((weights[side] / 100) * BAR_WIDTH);
  const unknown = t('value.unknown');
  const { address, healthy, probeMs } = backends[side];
  const took = probeMs === null ? '' : ` ${fineDurationIn(t, probeMs)}`;
  const parts = [
    `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${weights[side]} %`,
    `${t('traffic.seen')} ${seen === null ? unknown : `${Math.round(seen[side])} %`}`,
    perSecond === null ? unknown : t('traffic.rate', { rate: perSecond[side].toFixed(1) }),
    `${t('traffic.inFlight')} ${inFlight === null ? unknown : inFlight[side]}`,
    `${address ?? unknown} ${healthy === null ? unknown : `${healthy ? '✓' : '✗'}${took}`}`,
  ];
  return `  ${padded(t(`traffic.side.${side}`), SIDE_WIDTH)}${parts.join(' · ')}`;
}
