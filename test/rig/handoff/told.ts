import { reportOf } from '../../../src-engine/handoff/report/report-of.ts';
import type { HandoffReport } from '../../../src-engine/handoff/report/report.ts';
import type { HistoryRecord } from '../../../src-shared/commands/housekeeping.ts';
import { eventually } from '../../engine/tandem.ts';
import type { Mac } from '../net/pair.ts';
import type { Scene } from './scene.ts';

/** What was told of a hand-off, and where requests went, by those who know it. */

export interface Told {
  readonly record: HistoryRecord;
  readonly report: HandoffReport;
}

/** Reports in a Mac's history, oldest first. */
export async function reportsOf({ rig }: Mac, ...kinds: HandoffReport['kind'][]): Promise<Told[]> {
  return (await rig.history()).flatMap((record) => {
    const report = reportOf(record);
    return report !== null && kinds.includes(report.kind) ? [{ record, report }] : [];
  });
}

/** The report of the departure, loss or return that a Mac shows; it follows its end, when the last figures are there. */
export async function lastReport(mac: Mac, kind: HandoffReport['kind']): Promise<Told> {
  const handoffId = (await mac.rig.status()).handoff?.handoffId;
  return eventually(`the report of the ${kind}`, async () =>
    (await reportsOf(mac, kind)).findLast(({ report }) => report.handoffId === handoffId),
  );
}

/** The edge's shares in their order, without repetition, as the core showed them since then. */
export function courseOf({ core }: Scene, fromMs: number): number[] {
  const shares = core.watch.seen
    .filter(({ atMs }) => atMs >= fromMs)
    .flatMap(({ world }) => world.traffic?.weights.edge ?? []);
  return shares.filter((share, index) => share !== shares[index - 1]);
}

/** Requests that were sent between the two and answered by the edge. */
export function edgeBetween({ ledger }: Scene, fromMs: number, toMs: number) {
  return ledger
    .clientRecords()
    .filter(({ backend, sentMs }) => backend === 'edge' && sentMs > fromMs && sentMs < toMs);
}

/** Executions that began after their client was told that the request had failed, at one workload. */
export function lateExecutions({ ledger, verdict }: Scene, backend: string): string[] {
  const told = new Map(verdict().lost.map(({ id, endedMs }) => [id, endedMs]));
  return ledger
    .serverRecords()
    .filter((run) => run.backend === backend && run.beganMs > (told.get(run.id) ?? Infinity))
    .map(({ id }) => id);
}
