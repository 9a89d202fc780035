import { expect, test } from 'vitest';
import { afterMs, handoffReport, step } from '../../../test/doubles/handoff-report.ts';
import { fitReport } from './fit-report.ts';
import { handoffReportSchema } from './report.ts';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const evidence = (count: number, letters: number) =>
  Array.from({ length: count }, (_, at) => ({
    at: afterMs(at),
    what: `look ${at}`,
    facts: { raw: 'x'.repeat(letters) },
  }));

test('a report that fits is left as it is', () => {
  const report = handoffReport();
  expect(fitReport(report)).toBe(report);
});

test('large facts go first, each with its size; the sentence stays', () => {
  const report = handoffReport({ evidence: evidence(20, 2000) });
  const fitted = fitReport(report);
  expect(bytes(fitted)).toBeLessThanOrEqual(14 * 1024);
  expect(fitted.evidence).toHaveLength(20);
  expect(fitted.evidence[3]).toMatchObject({ what: 'look 3', facts: { leftOutBytes: expect.any(Number) } });
  expect(fitted.steps).toEqual(report.steps);
});

test('then the middle: how it began and how it was decided stay', () => {
  const report = handoffReport({ evidence: evidence(40, 290) });
  const fitted = fitReport(report, 8000);
  expect(bytes(fitted)).toBeLessThanOrEqual(8000);
  const what = fitted.evidence.map((one) => one.what);
  expect(what[0]).toBe('look 0');
  expect(what.at(-1)).toBe('look 39');
});

test('the largest report that the schema takes still fits, and is one', () => {
  const long = 'ä'.repeat(200);
  const report = handoffReport({
    evidence: evidence(40, 5000).map((one) => ({ ...one, what: long })),
    cut: Array.from({ length: 20 }, () => ({ method: 'POST', path: long, ageMs: 1 })),
    cutCount: 400,
    reasons: Array.from({ length: 10 }, () => ({ ...handoffReport().reasons[0]!, detail: long })),
    steps: Array.from({ length: 40 }, () => step({ facts: { one: long, two: long, three: long } })),
  });
  const fitted = fitReport(report);
  expect(bytes(fitted)).toBeLessThanOrEqual(14 * 1024);
  expect(handoffReportSchema.safeParse(fitted).success).toBe(true);
  expect(fitted.steps).toHaveLength(40);
  expect(fitted.cutCount).toBe(400);
});
