import type { Severity } from '../../src-shared/world/state-sentence.ts';

/** The shape of a state; colour never speaks alone. */
const SHAPES: Readonly<Record<Severity, string>> = {
  ok: 'M4 9.5 7.5 13 14 5.5',
  idle: 'M5 9h8',
  busy: 'M9 3.5a5.5 5.5 0 1 1-5.2 3.7',
  unknown: 'M6.5 6.6a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.9M9 13.8v.2',
  warn: 'M9 3.5v7M9 13.8v.4',
  bad: 'M5 5l8 8M13 5l-8 8',
};

export function Signal({ severity }: { readonly severity: Severity }) {
  return (
    <span className={`signal ${severity}`} aria-hidden>
      <svg viewBox="0 0 18 18">
        <path d={SHAPES[severity]} />
      </svg>
    </span>
  );
}
