import { expect, test } from 'vitest';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import { departureRecord, lossRecord } from '../../test/doubles/handoff-parts.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { hasReport } from './handoff-words.ts';
import { historyWords } from './history-words.ts';

const english = { t: translator('en'), now: new Date(WORLD_AT) };
const told = (record: HistoryRecord) => {
  const { tone, what, why } = historyWords(record);
  return [tone, what, why].map((part) =>
    typeof part === 'object' && part !== null ? say(part, english) : part,
  );
};
const departure = departureRecord('r', WORLD_AT);

test('a report is told by how it ended, with what it cost', () => {
  expect(told(departure)).toEqual(['ok', 'The edge left as planned', '28 s · 0 lost']);
  expect(told(lossRecord('r', WORLD_AT))).toEqual(['bad', 'The edge was lost', '2.8 s · 2 lost']);
  const failed = {
    outcome: 'failed',
    elapsedMs: 61_000,
    problem: { code: 'returnFailed', params: { attempts: 1 } },
  };
  const [tone, what, why] = told({ ...departure, kind: 'handoff.return', evidence: { report: failed } });
  expect([tone, what]).toEqual(['warn', 'The return failed']);
  expect(why).not.toMatch(/s · /);
});

test('other records of the hand-off have words, or are shown as they were written', () => {
  const note = {
    ...departure,
    kind: 'handoff.hold',
    evidence: { problem: { code: 'flapping', params: {} } },
  };
  expect(told(note)[1]).toBe('The hand-off holds');
  expect(told({ ...departure, kind: 'handoff.somethingNew', evidence: {} })[1]).toBe(departure.what);
  expect(told({ ...departure, evidence: { report: { outcome: 'party' } } })[1]).toBe(departure.what);
});

test('only records with a report can be opened', () => {
  expect(hasReport(departure)).toBe(true);
  expect(hasReport({ ...departure, kind: 'handoff.hold' })).toBe(false);
  expect(hasReport({ ...departure, evidence: {} })).toBe(false);
});
