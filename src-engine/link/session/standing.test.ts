import { expect, test } from 'vitest';
import { commandMemory } from './command-memory.ts';
import { arrive, currentOf, mayBelieve } from './standing.ts';

test('the core keeps the newest alone, the edge all that are open', () => {
  expect(arrive(['a'], 'b', true)).toEqual({ open: ['b'], superseded: ['a'] });
  expect(arrive(['a'], 'b', false)).toEqual({ open: ['a', 'b'], superseded: [] });
  expect([currentOf(['a', 'b']), currentOf([])]).toEqual(['b', null]);
});

test('in whatever order two connections are welcomed, both ends end with the same one', () => {
  for (const atCore of [
    ['a', 'b'],
    ['b', 'a'],
  ])
    for (const atEdge of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const core = atCore.reduce(
        (sum, one) => {
          const next = arrive(sum.open, one, true);
          return { open: next.open, closed: [...sum.closed, ...next.superseded] };
        },
        { open: [] as readonly string[], closed: [] as readonly string[] },
      );
      const edge = atEdge.reduce<readonly string[]>((open, one) => arrive(open, one, false).open, []);
      expect(currentOf(edge.filter((one) => !core.closed.includes(one)))).toBe(currentOf(core.open));
    }
});

test.each([
  ['BYE', true, true, true, true],
  ['BYE', false, true, true, false],
  ['BYE', false, true, false, false],
  ['STATUS', false, true, true, false],
  ['STATUS', false, true, false, true],
  ['STATUS', false, false, false, false],
  ['CMD_RESULT', false, false, true, true],
])('%s of current %s, same start %s, on the core %s: %s', (type, current, sameStart, decides, believed) => {
  expect(mayBelieve(type, { current, sameStart }, decides)).toBe(believed);
});

test('a command is new once, then running, then known by its result', () => {
  const memory = commandMemory();
  const result = { type: 'CMD_RESULT', id: 'a', ok: true, error: null } as const;
  expect([memory.meet('a'), memory.meet('a')]).toEqual(['new', 'running']);
  memory.done(result);
  expect(memory.meet('a')).toBe(result);
  memory.done({ ...result, id: 'never asked' });
  expect(memory.meet('never asked')).toBe('new');
  for (let id = 0; id < 200; id += 1) memory.meet(String(id));
  expect(memory.meet('a')).toBe('new');
});
