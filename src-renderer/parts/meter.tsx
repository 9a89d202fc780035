import type { ReactNode } from 'react';
import type { Tone } from './tone.ts';

export interface MeterReading {
  /** 0..100; null when unknown: then nothing is drawn, not even a zero. */
  readonly percent: number | null;
  readonly tone: Tone;
  /** The value itself, in ink. */
  readonly strong: string;
  /** What belongs to it, dim. */
  readonly note: string;
  readonly stale: boolean;
}

/** Label, bar with value below, ten-minute picture. */
export function Meter(props: {
  readonly label: string;
  readonly reading: MeterReading;
  /** A line across the bar, such as the drain line; and what it is called. */
  readonly mark?: { readonly percent: number; readonly label: string };
  readonly picture: ReactNode;
}) {
  const { label, reading, mark, picture } = props;
  const text = [reading.strong, reading.note, mark?.label].filter(Boolean).join(' ');
  return (
    <MeterFrame label={label} reading={reading} picture={picture}>
      <SpokenMeter label={label} value={reading.percent} max={100} text={text} />
      <Bar percent={reading.percent} tone={reading.tone} markPercent={mark?.percent ?? null} />
    </MeterFrame>
  );
}

/** What every meter has around its scale. */
export function MeterFrame(props: {
  readonly label: string;
  readonly reading: MeterReading;
  readonly picture: ReactNode;
  readonly children: ReactNode;
}) {
  const { label, reading, picture, children } = props;
  return (
    <div className={reading.stale ? 'meter stale' : 'meter'}>
      <span className="meter-label" aria-hidden>
        {label}
      </span>
      <div>
        {children}
        <MeterText reading={reading} />
      </div>
      {picture}
    </div>
  );
}

function Bar(props: {
  readonly percent: number | null;
  readonly tone: Tone;
  readonly markPercent: number | null;
}) {
  const { percent, tone, markPercent } = props;
  return (
    <div className={percent === null ? 'bar unknown' : 'bar'} aria-hidden>
      {percent !== null && <i className={tone} style={{ width: `${percent}%` }} />}
      {markPercent !== null && <u style={{ left: `${markPercent}%` }} />}
    </div>
  );
}

/** The same for those who listen; a value that is unknown is told as that, not as a meter at zero. */
export function SpokenMeter(props: {
  readonly label: string;
  readonly value: number | null;
  readonly max: number;
  readonly text: string;
}) {
  const { label, value, max, text } = props;
  if (value === null) return <span className="visually-hidden">{`${label}: ${text}`}</span>;
  return (
    <meter
      className="visually-hidden"
      aria-label={label}
      min={0}
      max={max}
      value={Math.round(value)}
      aria-valuetext={text}
    />
  );
}

function MeterText({ reading }: { readonly reading: MeterReading }) {
  return (
    <div className="meter-text" aria-hidden>
      <b>{reading.strong}</b>
      {reading.note !== '' && `${reading.note.startsWith('/') ? ' ' : ' · '}${reading.note}`}
    </div>
  );
}
