import { expect, test } from 'vitest';
import { reason } from '../../test/doubles/worlds.ts';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { translator } from '../../src-shared/language/translate.ts';
import { say, type Sentence } from '../../src-shared/world/sentence.ts';
import { historyWords } from './history-words.ts';

const speaking = { t: translator('en'), now: new Date('2026-03-02T09:30:00.000Z') };
const spoken = (part: Sentence | string | null) =>
  typeof part === 'object' && part ? say(part, speaking) : part;
const words = (kind: string, evidence: Record<string, unknown>, why: string | null = null) => {
  const record: HistoryRecord = {
    id: '1',
    at: '2026-03-02T09:00:00.000Z',
    kind,
    what: 'as written',
    why,
    evidence,
  };
  const told = historyWords(record);
  return [told.tone, spoken(told.what), spoken(told.why)];
};

test('operations are told by how they ended', () => {
  expect(words('cluster.start', { name: 'lab', outcome: 'done', elapsedMs: 42_000 })).toEqual([
    'ok',
    'lab is running',
    'It took 42 s.',
  ]);
  expect(words('cluster.start', { name: 'lab', outcome: 'cancelled' })).toEqual([
    'dim',
    'The start of lab was cancelled',
    null,
  ]);
  const failed = words('cluster.create', {
    name: 'lab',
    outcome: 'failed',
    error: { code: 'dockerDown', params: {} },
  });
  expect(failed).toEqual(['bad', 'lab could not be created', 'Docker does not answer.']);
});

test('what became of the pods is told by its worst, and in the language of the app', () => {
  const counts = { evicted: 4, deleted: 2, left: 1, staying: 3 };
  const evicted = (change: object, why: string | null = null) =>
    words('cluster.evict', { name: 'lab', answered: true, counts: { ...counts, ...change } }, why);
  const went = 'Pods of lab that went before its stop: 4';
  expect(evicted({}, 'web')).toEqual(['warn', went, 'Deleted although the budget web held them: 2']);
  expect(evicted({ deleted: 0 })).toEqual(['warn', went, 'Still ending: 1']);
  expect(evicted({ deleted: 0, left: 0 })).toEqual(['dim', went, 'Ended with their nodes: 3']);
  expect(evicted({ deleted: 0, left: 0, staying: 0 })).toEqual(['ok', went, null]);
  const silent = words('cluster.evict', { name: 'lab', answered: false }, 'apiUnreachable');
  expect(silent[1]).toBe('Pods of lab ended with their nodes');
  expect(silent[2]).toContain('lab');
  expect(words('cluster.evicting', { name: 'lab', evictMs: 10_000, deleteMs: 5000 })[1]).toBe(
    'Asking the pods of lab to go before its stop',
  );
  expect(words('cluster.evict', { name: 'lab' })[1]).toBe('as written');
});

test('changes and stages are told with their reason', () => {
  expect(words('cluster.changed', { name: 'lab', from: 'running', to: 'unknown' }, 'dockerDown')).toEqual([
    'warn',
    'lab went from running to unknown by itself',
    'Docker does not answer',
  ]);
  const [tone, what, why] = words('stage.entered', { from: 'ok', to: 'drain', reasons: [reason()] });
  expect([tone, what]).toEqual(['bad', 'Battery low: plug in soon']);
  expect(why).toMatch(/^Battery at 25\u00a0%/);
  expect(words('stage.cleared', {})[1]).toBe('This Mac is well again');
});

test('what has no words, or evidence of another shape, is shown as it was written', () => {
  expect(words('something.new', {}, 'because')).toEqual(['dim', 'as written', 'because']);
  expect(words('cluster.start', { name: 7, outcome: 'done' })[1]).toBe('as written');
  expect(words('cluster.unheardOf', { name: 'lab', outcome: 'done' })[1]).toBe('as written');
  expect(words('stage.entered', { to: 'drain', reasons: 'none' })[1]).toBe('as written');
});
