import type { HandoffStep } from '../../../src-shared/world/handoff.ts';
import type { HandoffReport } from './report.ts';
import { milliseconds } from './words.ts';

const WIDTH = 40;
const SHARE_WIDTH = 20;
const marks: Record<HandoffStep['outcome'], string> = {
  running: '▒',
  done: '█',
  cut: '▓',
  failed: '▒',
  skipped: '·',
};

/** Steps as bars over the time that it took, and the edge's share before and after. */
export function stepPicture({
  steps,
  startedAt,
  elapsedMs,
  sharesBefore,
  sharesAfter,
}: HandoffReport): string {
  const beganMs = Date.parse(startedAt);
  const names = Math.max(...steps.map(({ step }) => step.length));
  const lines = steps.map((step) => {
    const fromMs = Math.max(0, Date.parse(step.startedAt) - beganMs);
    const tookMs = step.elapsedMs ?? Math.max(0, elapsedMs - fromMs);
    const took = step.outcome === 'skipped' ? 'skipped' : milliseconds(tookMs);
    return `${step.step.padEnd(names)} |${barOf(fromMs, tookMs, elapsedMs, marks[step.outcome])}| ${took}`;
  });
  const shares = [
    ...(sharesBefore === null ? [] : [shareLine('edge before', sharesBefore.edge)]),
    ...(sharesAfter === null ? [] : [shareLine('edge after', sharesAfter.edge)]),
  ];
  return [...lines, ...(shares.length === 0 ? [] : ['', ...shares])].join('\n');
}

/** Where a step lies in the whole; at least one character, so that none is missing. */
function barOf(fromMs: number, tookMs: number, wholeMs: number, mark: string): string {
  const scale = wholeMs <= 0 ? 0 : WIDTH / wholeMs;
  const begin = Math.min(WIDTH - 1, Math.floor(fromMs * scale));
  const length = Math.min(WIDTH - begin, Math.max(1, Math.round(tookMs * scale)));
  return `${' '.repeat(begin)}${mark.repeat(length)}`.padEnd(WIDTH);
}

function shareLine(name: string, percent: number): string {
  const full = Math.round((percent / 100) * SHARE_WIDTH);
  return `${name.padEnd('edge before'.length)} ${'█'.repeat(full)}${'░'.repeat(SHARE_WIDTH - full)} ${percent} %`;
}
