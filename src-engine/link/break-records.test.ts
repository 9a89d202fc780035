import { expect, test } from 'vitest';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Evidence } from '../../src-shared/world/peer.ts';
import { breaksFrom, LINK_CORRECTED, LINK_DOWN, LINK_UP } from './break-records.ts';

const silent: Evidence = {
  about: 'peer',
  by: 'self',
  probe: 'heartbeat',
  outcome: 'silent',
  ms: 2500,
  detail: null,
};
const slept: Evidence = {
  about: 'peer',
  by: 'peer',
  probe: 'sleep',
  outcome: 'said',
  ms: 60_000,
  detail: null,
};

function record(
  id: string,
  kind: string,
  evidence: Record<string, unknown>,
  corrects?: string,
): HistoryRecord {
  return {
    id,
    at: `2026-01-01T00:00:${id.padStart(2, '0')}.000Z`,
    kind,
    what: kind,
    why: null,
    evidence,
    ...(corrects === undefined ? {} : { corrects }),
  };
}

const down = (id: string) =>
  record(id, LINK_DOWN, {
    class: 'PEER_UNREACHABLE',
    likely: null,
    byeReason: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    decidedAfterMs: 2510,
    items: [silent],
  });

async function* newestFirst(records: readonly HistoryRecord[]) {
  yield* [...records].reverse();
}

test('a break that ended and was put right is one break with both classes, the correction first', async () => {
  const breaks = await breaksFrom(
    newestFirst([
      down('1'),
      record('2', LINK_UP, { ends: '1', lastedMs: 60_000 }),
      record('3', LINK_CORRECTED, { class: 'LEFT', likely: 'asleep', items: [slept] }, '1'),
      record('4', 'cluster.start', { ends: '1' }),
      down('5'),
    ]),
    10,
  );
  expect(breaks.map(({ id, endedAt, finalClass }) => [id, endedAt, finalClass])).toEqual([
    ['5', null, null],
    ['1', '2026-01-01T00:00:02.000Z', 'LEFT'],
  ]);
  expect(breaks[1]?.evidence).toEqual([slept, silent]);
  expect(breaks[1]?.likely).toBe('asleep');
});

test('junk in the history is passed over, and the limit holds', async () => {
  const junk = record('9', LINK_DOWN, { class: 'NO_SUCH_CLASS' });
  const many = Array.from({ length: 30 }, (_, index) => down(String(index + 10)));
  const breaks = await breaksFrom(newestFirst([...many, junk]), 5);
  expect(breaks).toHaveLength(5);
  expect(breaks[0]?.id).toBe('39');
});

test('a break whose end nobody saw lasted to the next one at most', async () => {
  const evidence = {
    class: 'ONE_WAY',
    likely: null,
    byeReason: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    decidedAfterMs: 2500,
    items: [silent],
  };
  const older = { ...record('1', LINK_DOWN, evidence), at: '2026-01-01T00:00:03.000Z' };
  const newer = { ...record('2', LINK_DOWN, { ...evidence, class: 'LEFT' }), at: '2026-01-01T00:05:00.000Z' };
  async function* newestFirst() {
    yield newer;
    yield older;
  }
  expect((await breaksFrom(newestFirst(), 10)).map(({ id, endedAt }) => [id, endedAt])).toEqual([
    ['2', null],
    ['1', newer.at],
  ]);
});
