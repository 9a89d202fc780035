import { expect, test } from 'vitest';
import { afterMs, BEGAN_AT, handoffReport, step } from '../../../test/doubles/handoff-report.ts';
import { reportMarkdown, reportSentence } from './markdown.ts';
import { milliseconds, plain } from './words.ts';

const rowOf = (page: string, name: string): string[] => {
  const line = page.split('\n').find((one) => one.startsWith(`| ${name} |`)) ?? '';
  return line.split('|').map((cell) => cell.trim());
};

test('a planned departure: title, steps with limit and measure, requests, evidence with its time', () => {
  const page = reportMarkdown(handoffReport(), 'r-1');
  expect(page.split('\n')[0]).toBe('# Departure: the edge is offline, its traffic on the core');
  expect(rowOf(page, 'Core / edge before')[2]).toBe('20 % / 80 %');
  expect(rowOf(page, 'Because of')[2]).toBe('Battery at 24 %');
  expect(page).toContain(
    'It took 20.0 s: no request failed, no request was cut, 560 went to the core instead of the edge.',
  );
  expect(rowOf(page, 'DRAINING').slice(2, 7)).toEqual([
    'Let open requests finish',
    'done',
    '10.0 s',
    '45.0 s',
    '0 in flight',
  ]);
  expect(rowOf(page, 'Moved from the edge to the core')[2]).toBe('560');
  expect(rowOf(page, 'Probes of our own')[2]).toBe('60');
  expect(rowOf(page, '+5.0 s').slice(2, 4)).toEqual(['weight 0 is live', '40 probes, 0 on the edge']);
  expect(page).not.toContain('## Cut');
  expect(page.endsWith('\n')).toBe(true);
});

test('the picture shows each step where it lay in time', () => {
  const page = reportMarkdown(handoffReport(), 'r-1');
  const bars = page.split('\n').filter((line) => /^[A-Z]+ +\|[ █▒▓·]+\|/.test(line));
  const spans = bars.map((line) => {
    const bar = line.slice(line.indexOf('|') + 1, line.lastIndexOf('|'));
    return [bar.indexOf('█'), bar.lastIndexOf('█'), bar.length];
  });
  // 1 s, 4 s, 10 s and 5 s of 20 s, in 40 columns.
  expect(spans).toEqual([
    [0, 1, 40],
    [2, 9, 40],
    [10, 29, 40],
    [30, 39, 40],
  ]);
  expect(page).toContain(`edge before ${'█'.repeat(16)}${'░'.repeat(4)} 80 %`);
  expect(page).toContain(`edge after  ${'░'.repeat(20)} 0 %`);
});

test('a loss: unplanned, what was cut is listed, what is not known says so', () => {
  const page = reportMarkdown(
    handoffReport({
      kind: 'loss',
      outcome: 'lost',
      planned: false,
      requests: null,
      moved: null,
      sharesBefore: null,
      deadlineMs: null,
      cut: [{ method: 'POST', path: '/order?a=1', ageMs: 1250 }],
      cutCount: 3,
      resent: 7,
      problem: { code: 'peerSilent', params: { silenceMs: 2500 } },
    }),
    'r-2',
  );
  expect(page).toContain('# Loss of the edge (unplanned)');
  expect(rowOf(page, 'All, meanwhile')[2]).toBe('unknown');
  expect(rowOf(page, 'Sent again at a death')[2]).toBe('7');
  expect(rowOf(page, 'POST').slice(2, 4)).toEqual(['/order?a=1', '1.3 s']);
  expect(page).toContain('And 2 more.');
  expect(rowOf(page, 'Problem')[2]).not.toContain('peerSilent');
  expect(rowOf(page, 'What to do')[2]).not.toBe('');
  expect(page).not.toContain('| Deadline |');
});

test('a step that still runs and one that was skipped are shown as such', () => {
  const page = reportMarkdown(
    handoffReport({
      steps: [
        step({ step: 'VERIFYING', startedAt: afterMs(1000), elapsedMs: null, outcome: 'running' }),
        step({ step: 'DRAINING', startedAt: afterMs(2000), elapsedMs: 0, outcome: 'skipped' }),
      ],
    }),
    'r-3',
  );
  expect(rowOf(page, 'VERIFYING')[4]).toBe('still runs');
  expect(page).toMatch(/^DRAINING +\|.*·.*\| skipped$/m);
});

test('nothing from outside becomes Markdown or HTML of its own', () => {
  const page = reportMarkdown(
    handoffReport({
      reasons: [{ name: 'user', level: 'drain', since: BEGAN_AT, detail: 'a|b\n# c <script> `d` [e](f)' }],
    }),
    'r-4',
  );
  const row = page.split('\n').find((line) => line.startsWith('| Because of |')) ?? '';
  expect(row).toContain(String.raw`a\|b # c &lt;script> 'd' \[e\](f)`);
  expect(page.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
});

test('facts are as fine as they were measured', () => {
  const facts = { p95Ms: 24.670740000001388, probes: 40, edgeFit: true, why: null, weighed: 1.26, who: 'a' };
  const page = reportMarkdown(handoffReport({ steps: [step({ facts })] }), 'r-6');
  expect(page).toContain('| p95 25 ms, 40 probes, edge ready, weighed 1.3, who a |');
  // A "no" is said by name: there are words for the "yes" alone.
  expect(reportMarkdown(handoffReport({ steps: [step({ facts: { edgeFit: false } })] }), 'r-7')).toContain(
    '| edgeFit false |',
  );
});

test('an empty time is no division by zero', () => {
  const page = reportMarkdown(handoffReport({ elapsedMs: 0, steps: [step({ elapsedMs: 0 })] }), 'r-5');
  expect(page).toMatch(/^SHIFTING \|█ {39}\| 0 ms$/m);
});

test('one sentence for history', () => {
  expect(reportSentence(handoffReport())).toBe('departure offline after 20.0 s, 560 requests moved, 0 cut');
  expect(reportSentence(handoffReport({ moved: null, noPeer: true, cutCount: 2 }))).toBe(
    'departure offline after 20.0 s, 2 cut, no peer',
  );
});

test('durations and plain text', () => {
  expect([0.4, 999, 1000, 59_940, 59_960, 245_000].map(milliseconds)).toEqual([
    '0 ms',
    '999 ms',
    '1.0 s',
    '59.9 s',
    '1 min 00 s',
    '4 min 05 s',
  ]);
  expect(plain('a\u2028b\\c')).toBe('a b\\\\c');
});
