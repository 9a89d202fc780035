import { expect, test } from 'vitest';
import type { FrontCounters } from './ports.ts';
import { counted, noCounters, totalsOf } from './steady-counters.ts';

const reading = (generation: string, core: number, edge: number, inFlight = 0): FrontCounters => {
  const side = (requests: number) => ({ requests, failures: 1, retried: 0, inFlight, up: true });
  return { generation, core: side(core), edge: side(edge) };
};

test('one process: its own numbers', () => {
  const steady = counted(counted(noCounters, reading('a', 10, 40)), reading('a', 12, 48, 3));
  expect(totalsOf(steady)).toMatchObject({
    core: { requests: 12, inFlight: 3, failures: 1 },
    edge: { requests: 48 },
  });
});

test('a new process counts on from where the old one was last read, and holds only its own requests', () => {
  let steady = counted(noCounters, reading('a', 10, 40, 7));
  const before = totalsOf(steady);
  steady = counted(steady, reading('b', 0, 0));
  expect(totalsOf(steady)).toMatchObject({ core: { requests: 10, inFlight: 0 }, edge: { requests: 40 } });
  steady = counted(steady, reading('b', 2, 1, 1));
  const after = totalsOf(steady);
  expect(after.core.requests - before.core.requests).toBe(2);
  expect(after.edge.requests - before.edge.requests).toBe(1);
  expect(totalsOf(counted(steady, reading('c', 5, 5))).core.requests).toBe(17);
});

test('nothing was read yet: nothing was counted', () => {
  expect(totalsOf(noCounters)).toMatchObject({ core: { requests: 0 }, edge: { requests: 0 } });
});
