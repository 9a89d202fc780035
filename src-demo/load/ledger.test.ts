import { expect, test } from 'vitest';
import { judge, quantile, type ClientRecord, type ServerRecord } from './ledger.ts';
import { dueBy, kindOf } from './plan.ts';

const seen = (id: string, over: Partial<ClientRecord> = {}): ClientRecord => ({
  id,
  kind: 'get',
  sentMs: 0,
  endedMs: 3,
  status: 200,
  backend: 'core',
  lost: null,
  ...over,
});
const ran = (id: string, backend = 'core'): ServerRecord => ({ id, kind: 'get', backend, beganMs: 1 });

test('ten requests are seven GETs, two POSTs and a slow one', () => {
  const kinds = Array.from({ length: 10 }, (_none, n) => kindOf(n));
  expect(kinds.filter((kind) => kind === 'get')).toHaveLength(7);
  expect(kinds.filter((kind) => kind === 'post')).toHaveLength(2);
});

test('an open loop begins what is due, also after a stall', () => {
  expect(dueBy(1000, 200, 0)).toBe(200);
  expect(dueBy(1000, 200, 199)).toBe(1);
  expect(dueBy(4, 200, 0)).toBe(0);
});

test('a POST that two servers ran is a duplicate, a GET is a retry', () => {
  const { duplicates, retried } = judge(
    [seen('a', { kind: 'post' }), seen('b')],
    [ran('a'), ran('a', 'edge'), ran('b'), ran('b', 'edge')],
  );
  expect(duplicates).toEqual(['a']);
  expect(retried).toBe(1);
});

test('lost are requests, cut are streams; an answer that no server gave is told', () => {
  const verdict = judge(
    [seen('a', { lost: 'reset', status: null }), seen('s', { kind: 'stream', lost: 'reset' }), seen('c')],
    [ran('a')],
  );
  expect(verdict).toMatchObject({ total: 2, unexplained: ['c'] });
  expect(verdict.lost.map(({ id }) => id)).toEqual(['a']);
  expect(verdict.cut.map(({ id }) => id)).toEqual(['s']);
});

test('quantiles are by nearest rank, and none of nothing', () => {
  expect(quantile([], 0.5)).toBeNull();
  expect(quantile([5, 1, 3], 0.5)).toBe(3);
  expect(quantile([5, 1, 3], 0.99)).toBe(5);
});
