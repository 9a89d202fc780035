import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import { departureRecord, lossRecord } from '../../test/doubles/handoff-parts.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { reportOf, reportRows, reportTitle, timeline } from './report-view.ts';

const english = { t: translator('en'), now: new Date(WORLD_AT) };
const departure = reportOf(departureRecord('r', WORLD_AT))!;
const loss = reportOf(lossRecord('r', WORLD_AT))!;
const rowsOf = (report: typeof departure) =>
  Object.fromEntries(
    reportRows(report).map(({ label, value }) => [label.key.replace('report.row.', ''), say(value, english)]),
  );

test('a departure in figures', () => {
  expect(say(reportTitle(departure), english)).toBe('The edge left as planned');
  expect(rowsOf(departure)).toEqual({
    took: '28 s',
    lost: '0',
    cut: '0',
    moved: '3,214',
    resent: '0',
    requests: '3,321',
    shares: '80\u00a0% → 0\u00a0%',
  });
});

test('what a loss cost is marked', () => {
  expect(rowsOf(loss)).toMatchObject({ lost: '2', cut: '2', resent: '9' });
  const warned = reportRows(loss).filter(({ tone }) => tone === 'warn');
  expect(warned.map(({ label }) => label.key)).toEqual(['report.row.lost', 'report.row.cut']);
});

test('what could not be counted is unknown, not zero', () => {
  const blind = { ...departure, requests: null, moved: null };
  expect(rowsOf(blind)).toMatchObject({ lost: 'unknown', moved: 'unknown', requests: 'unknown' });
});

test('the picture is as long as the steps took, and the shortest is still to be seen', () => {
  const parts = timeline(departure);
  expect(parts.map(({ step }) => step)).toEqual([
    'PREPARING',
    'SHIFTING',
    'VERIFYING',
    'DRAINING',
    'RELEASED',
  ]);
  expect(parts.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100);
  const [, , verifying, draining] = parts;
  expect(draining!.percent).toBeGreaterThan(5 * verifying!.percent);
  const instant = { ...departure.steps[2]!, elapsedMs: 1 };
  expect(timeline({ ...departure, steps: [instant, departure.steps[3]!] })[0]!.percent).toBeGreaterThan(1);
  expect(timeline({ ...departure, steps: [] })).toEqual([]);
});

test('a record without a report, or of another shape, has none', () => {
  const record = departureRecord('r', WORLD_AT);
  expect(reportOf({ ...record, evidence: {} })).toBeNull();
  expect(reportOf({ ...record, evidence: { report: { kind: 'party' } } })).toBeNull();
  const partly = { ...(record.evidence['report'] as object), steps: 'many', cut: 7 };
  expect(reportOf({ ...record, evidence: { report: partly } })).toMatchObject({ steps: [], cut: [] });
});
