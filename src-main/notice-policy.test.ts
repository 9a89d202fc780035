import { expect, test } from 'vitest';
import { notice } from '../test/doubles/worlds.ts';
import type { Notice } from '../src-shared/world/notices.ts';
import { decideNotices, nothingShown, type NoticeFacts } from './notice-policy.ts';

const since = '2026-03-02T09:00:00.000Z';

/** Feeds a policy with Worlds and keeps its memory. */
function policy() {
  let memory = nothingShown;
  return (notices: readonly Notice[], nowMs: number, change: Partial<NoticeFacts> = {}) => {
    const facts = { notices, enabled: true, popoverVisible: false, nowMs, sinceIso: since, ...change };
    const decision = decideNotices(memory, facts);
    memory = decision.memory;
    return {
      show: decision.show.map((one) => one.id),
      close: decision.close,
      againInMs: decision.againInMs,
    };
  };
}

const stage = notice({ id: 's1' });
const failure = notice({ id: 'o1', category: 'operation', kind: 'operationFailed', severity: 'warning' });

test('each event is shown once', () => {
  const look = policy();
  expect(look([stage], 0).show).toEqual(['s1']);
  expect(look([stage], 1000).show).toEqual([]);
});

test('a newer one replaces the one of its category', () => {
  const look = policy();
  look([stage], 0);
  const next = look([{ ...stage, open: false }, notice({ id: 's2' })], 1000);
  expect(next.show).toEqual(['s2']);
  expect(next.close).toContain('stage');
});

test('a burst is held for half a second, and only the newest of a category comes through', () => {
  const look = policy();
  look([stage], 0);
  expect(look([stage, failure], 100)).toMatchObject({ show: [], againInMs: 400 });
  const newer = { ...failure, id: 'o2' };
  expect(look([stage, failure, newer], 300)).toMatchObject({ show: [], againInMs: 200 });
  expect(look([stage, failure, newer], 500)).toEqual({ show: ['o2'], close: [], againInMs: null });
});

test('nothing is shown while somebody looks at the popover, nor afterwards', () => {
  const look = policy();
  expect(look([stage], 0, { popoverVisible: true }).show).toEqual([]);
  expect(look([stage], 1000).show).toEqual([]);
});

test('nothing is shown when switched off, nor what happened before the start', () => {
  const look = policy();
  expect(look([stage], 0, { enabled: false }).show).toEqual([]);
  const old = policy();
  expect(old([notice({ id: 'old', at: '2026-03-02T08:59:59.000Z' })], 0).show).toEqual([]);
});

test('what is solved is taken off the screen; information stays until the system takes it', () => {
  const look = policy();
  look([stage], 0);
  expect(look([{ ...stage, open: false }], 1000).close).toEqual(['stage']);
  const done = notice({
    id: 'd',
    category: 'operation',
    kind: 'operationFinished',
    severity: 'info',
    open: false,
  });
  look([done], 2000);
  expect(look([done], 3000).close).toEqual([]);
});
