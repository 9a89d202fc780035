import type { DryRun } from '../../src-shared/commands/handoff.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { rateText } from './share-view.ts';
import { grouped } from './step-view.ts';

/** What a dry run found, in words: a verdict, and rows of label and value. */
export interface DryRunView {
  readonly tone: 'ok' | 'warn' | 'unknown';
  readonly verdict: Sentence;
  readonly rows: readonly DryRunRow[];
}

export interface DryRunRow {
  readonly label: Sentence;
  readonly value: Sentence;
}

export function dryRunView(world: World, found: DryRun): DryRunView {
  const { problems, coreFit } = found;
  const names = namesOf(world);
  const side = world.role === 'core' ? 'core' : 'edge';
  if (coreFit === false || problems.length > 0)
    return { tone: 'warn', verdict: sentence(`dryRun.no.${side}`, names), rows: rowsOf(found) };
  return {
    tone: coreFit === null ? 'unknown' : 'ok',
    verdict: sentence(`dryRun.${coreFit === null ? 'unknown' : 'yes'}.${side}`, names),
    rows: rowsOf(found),
  };
}

/** What nobody measured is said to be unknown, never left at zero. */
function rowsOf(found: DryRun): DryRunRow[] {
  const { coreProbes, perSecond, inFlight, expectedMs, departures, cluster, stuckPods } = found;
  const row = (
    name: 'time' | 'core' | 'requests' | 'open' | 'cluster' | 'pods',
    value: Sentence,
  ): DryRunRow => ({
    label: sentence(`dryRun.row.${name}`),
    value,
  });
  const unknown = sentence('value.unknown');
  return [
    row(
      'time',
      expectedMs === null
        ? sentence('dryRun.time.unknown')
        : sentence('dryRun.time', { tookMs: expectedMs, count: departures }),
    ),
    row('core', coreProbes === null ? unknown : probesSentence(coreProbes)),
    row('requests', perSecond === null ? unknown : sentence('traffic.rate', { rate: rateText(perSecond) })),
    row('open', inFlight === null ? unknown : sentence('dryRun.open', { value: grouped(inFlight) })),
    row(
      'cluster',
      cluster === null ? sentence('dryRun.cluster.none') : sentence('dryRun.cluster', { name: cluster }),
    ),
    ...(stuckPods === null || stuckPods.length === 0
      ? [row('pods', stuckPods === null ? unknown : sentence('dryRun.pods.none'))]
      : [row('pods', sentence('dryRun.pods', { count: stuckPods.length }))]),
  ];
}

function probesSentence({ sent, ok, p95Ms }: NonNullable<DryRun['coreProbes']>): Sentence {
  return p95Ms === null
    ? sentence('dryRun.probes', { ok, sent })
    : sentence('dryRun.probes.p95', { ok, sent, p95FineMs: p95Ms });
}
