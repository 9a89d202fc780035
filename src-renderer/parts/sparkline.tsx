import type { Point } from '../series.ts';
import { useWords } from '../words.ts';
import { scaleOf, sparkPaths, type SparkScale } from './spark-path.ts';
import type { Tone } from './tone.ts';

const SIZE = { width: 64, height: 22 } as const;

/** The last ten minutes as a small picture; its range is told to those who cannot see it. */
export function Sparkline(props: {
  readonly points: readonly Point[];
  readonly tone: Tone;
  /** The narrowest range that is drawn, or the fixed one. */
  readonly span: number | SparkScale;
  readonly unit: string;
}) {
  const { t } = useWords();
  const { points, span, tone, unit } = props;
  const newest = points.at(-1)?.atMs ?? 0;
  const measured = scaleOf(points, 0);
  const scale = typeof span === 'number' ? scaleOf(points, span) : span;
  const paths = scale === null ? null : sparkPaths(points, scale, SIZE, newest);
  if (paths === null || measured === null) return <span className="spark-empty" />;
  const range = { low: Math.round(measured.low), high: Math.round(measured.high), unit };
  return (
    <svg
      className={`spark ${tone}`}
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      role="img"
      aria-label={t('meter.range', range)}
    >
      <path className="below" d={paths.area} />
      <path d={paths.line} />
    </svg>
  );
}
