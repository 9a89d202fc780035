import type { ReactNode } from 'react';
import { MeterFrame, SpokenMeter, type MeterReading } from './meter.tsx';

const LEVELS = [0, 1, 2, 3, 4] as const;

/** Five segments, one for each heat level; nothing lit when the level is unknown. */
export function HeatMeter(props: {
  readonly label: string;
  readonly level: number | null;
  readonly reading: MeterReading;
  readonly picture: ReactNode;
}) {
  const { label, level, reading, picture } = props;
  return (
    <MeterFrame label={label} reading={reading} picture={picture}>
      <SpokenMeter label={label} value={level} max={4} text={`${reading.strong} ${reading.note}`.trim()} />
      <div className="segments" aria-hidden>
        {LEVELS.map((at) => (
          <i key={at} className={level !== null && at <= level ? reading.tone : ''} />
        ))}
      </div>
    </MeterFrame>
  );
}
