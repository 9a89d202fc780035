import { expect, test } from 'vitest';
import type { ClientRecord, ServerRecord } from '../src-demo/load/ledger.ts';
import { costOf } from '../scripts/bench/handoff-verdict.ts';

/** What the benchmark of sudden losses says of both sides' records. */

const death = { fromMs: 10_000, untilMs: 16_000 };
const asked = (id: string, over: Partial<ClientRecord> = {}): ClientRecord => ({
  id,
  kind: 'get',
  sentMs: 11_000,
  endedMs: 11_002,
  status: 200,
  backend: 'core',
  lost: null,
  ...over,
});
const ran = (id: string, beganMs: number): ServerRecord => ({ id, kind: 'post', backend: 'edge', beganMs });
const cost = (client: readonly ClientRecord[], servers: readonly ServerRecord[] = []) =>
  costOf(client, servers, death, ({ kind }) => (kind === 'slow' ? 2000 : 0));

test('a death that cost nothing: no failure, and what the edge answered in its last second', () => {
  const found = cost([
    asked('a', { sentMs: 9500, endedMs: 9501, backend: 'edge' }),
    asked('b', { sentMs: 8000, endedMs: 8001, backend: 'edge' }),
    asked('c', { kind: 'slow', endedMs: 13_100 }),
  ]);
  expect(found).toMatchObject({ onEdge: 1, lastFailureMs: 0, lastHeldUpMs: 0, idempotentLost: 0 });
});

test('a lost POST is told apart by the ledger of who executed it, and when', () => {
  const lost = { kind: 'post', lost: 'closed', status: null, endedMs: 12_900 } as const;
  const found = cost(
    [asked('executing', lost), asked('nobody', lost), asked('zombie', lost)],
    [ran('executing', 9990), ran('zombie', 17_000)],
  );
  expect(found).toMatchObject({ postsExecuting: 1, postsLost: 2, zombies: 1, lastFailureMs: 2900 });
});

test('held up is what took longer than it should, by when it was sent, and one long afterwards is not', () => {
  const found = cost([
    asked('d', { sentMs: 15_500, endedMs: 15_900 }),
    asked('b', { sentMs: 11_500, endedMs: 11_810 }),
    asked('a', { sentMs: 10_800, endedMs: 11_110 }),
    asked('c', { sentMs: 11_900, endedMs: 11_910 }),
  ]);
  expect(found).toMatchObject({ lastHeldUpMs: 1500, lastFailureMs: 0 });
});

test('what is lost after the edge is back counts for the return, not for the death', () => {
  const found = cost([asked('a', { sentMs: 17_000, endedMs: 17_001, lost: 'closed', status: null })]);
  expect(found).toMatchObject({ lostOnReturn: 1, idempotentLost: 0, lastFailureMs: 0 });
});

test('a POST that ran twice is a duplicate, a GET that was sent again is none', () => {
  const found = cost(
    [asked('a', { kind: 'post' }), asked('b')],
    [ran('a', 9000), ran('a', 10_500), ran('b', 9000), ran('b', 10_500)],
  );
  expect(found.duplicates).toBe(1);
});
