import type { TandemError } from '../../src-shared/errors/result.ts';
import { GIB } from '../../src-shared/units.ts';
import type { Admission } from '../../src-shared/world/clusters.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';

/** Which size would fit instead of one that was refused. */
export function fitting({ wouldFitBytes }: Pick<Admission, 'wouldFitBytes'>): Sentence {
  return wouldFitBytes === null || wouldFitBytes === 0
    ? sentence('guard.nothingFits')
    : sentence('guard.wouldFit', { fitBytes: wouldFitBytes });
}

/** The same from a refusal; null when it does not carry the size. */
export function fittingOf({ params }: TandemError): Sentence | null {
  const gigabytes = Number(params['fitGb'] ?? NaN);
  return Number.isFinite(gigabytes) ? fitting({ wouldFitBytes: gigabytes * GIB }) : null;
}
