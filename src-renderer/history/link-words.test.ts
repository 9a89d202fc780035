import { expect, test } from 'vitest';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import { historyWords } from './history-words.ts';

const speaking = { t: translator('en'), now: new Date('2026-03-02T09:30:00.000Z') };
const words = (kind: string, evidence: HistoryRecord['evidence'], why: string | null = null) => {
  const at = '2026-03-02T09:00:00.000Z';
  const told = historyWords({ id: '1', at, kind, what: 'as written', why, evidence });
  return [told.tone, told.what, told.why].map((part) =>
    typeof part === 'object' && part !== null ? say(part, speaking) : part,
  );
};

test('a break, what it turned out to be, and its end', () => {
  const lost = { name: 'MacBook', class: 'PEER_UNREACHABLE', likely: 'asleep', byeReason: null };
  expect(words('link.down', lost)).toEqual(['bad', 'MacBook cannot be reached', 'Most likely: asleep']);
  expect(words('link.corrected', { class: 'APP_HUNG', likely: null })).toEqual([
    'dim',
    'It turned out: Tandem on the other Mac does not respond',
    null,
  ]);
  expect(words('link.up', { name: 'MacBook', ends: '1', lastedMs: 4200 })).toEqual([
    'ok',
    'MacBook is heard again',
    'It was away for 4.2 s',
  ]);
});

test('a good-bye is told as one', () => {
  const left = { name: 'MacBook', class: 'LEFT', byeReason: 'lowBattery' };
  expect(words('link.down', left)).toEqual(['dim', 'MacBook left: battery low', null]);
});

test('pairing and its end, by whom', () => {
  expect(words('peer.paired', { name: 'MacBook' })).toEqual(['ok', 'Paired with MacBook', null]);
  expect(words('peer.unpaired', { name: 'MacBook' }, 'the other Mac unpaired')[2]).toBe(
    'The other Mac ended it',
  );
});

test('a class of another version is shown as it was written', () => {
  expect(words('link.down', { class: 'NEW_CLASS' })).toEqual(['dim', 'as written', null]);
  expect(words('link.roamed', { who: 'nobody' })[1]).toBe('as written');
});
