import { describe, expect, it } from 'vitest';
import { sharesFrom, weightsOf, weightWrites } from './weights.ts';

const twice = (core: number, edge: number) => [
  { core, edge },
  { core, edge },
];

describe('sharesFrom', () => {
  it.each([
    [20, 80, { core: 20, edge: 80 }],
    [100, 0, { core: 100, edge: 0 }],
    [0, 100, { core: 0, edge: 100 }],
    // Somebody else's scale is still a dealing.
    [1, 4, { core: 20, edge: 80 }],
    [256, 256, { core: 50, edge: 50 }],
    // Nobody is weighted: the stand-in serves, which is the core.
    [0, 0, { core: 100, edge: 0 }],
  ])('%i to %i', (core, edge, expected) => {
    expect(sharesFrom(twice(core, edge))).toEqual(expected);
  });

  it('never says less of the edge than one of the backends deals', () => {
    expect(
      sharesFrom([
        { core: 100, edge: 0 },
        { core: 20, edge: 80 },
      ]),
    ).toEqual({ core: 20, edge: 80 });
    expect(
      sharesFrom([
        { core: 20, edge: 80 },
        { core: 100, edge: 0 },
      ]),
    ).toEqual({ core: 20, edge: 80 });
  });
});

describe('weightsOf', () => {
  it('leaves the core a weight to take over with, and reads back as all on the edge', () => {
    expect(weightsOf({ core: 0, edge: 100 })).toEqual({ core: 1, edge: 256 });
    expect(sharesFrom([{ core: 1, edge: 256 }])).toEqual({ core: 0, edge: 100 });
  });

  it('never gives the edge a weight that it should not have', () => {
    expect(weightsOf({ core: 100, edge: 0 })).toEqual({ core: 100, edge: 0 });
  });

  it('is read back as whole percents', () => {
    for (let edge = 0; edge <= 100; edge += 1) {
      const shares = { core: 100 - edge, edge };
      expect(sharesFrom([weightsOf(shares)])).toEqual(shares);
    }
  });
});

describe('weightWrites', () => {
  const all = { core: 100, edge: 0 };
  const usual = { core: 20, edge: 80 };
  const order = (from: typeof all, to: typeof all, hasEdge = true) =>
    weightWrites(from, to, hasEdge).map(({ backend, side, weight }) => `${backend}/${side} ${weight}`);

  it('raises the core before it lowers the edge, in both backends', () => {
    expect(order(usual, all)).toEqual(['be/core 100', 'bp/core 100', 'be/edge 0', 'bp/edge 0']);
  });

  it('raises the edge before it lowers the core', () => {
    expect(order(all, usual)).toEqual(['be/edge 80', 'bp/edge 80', 'be/core 20', 'bp/core 20']);
  });

  it('writes everything again where nothing seems to change: one backend may differ', () => {
    expect(order(all, all)).toHaveLength(4);
  });

  it('leaves an edge alone that is not configured', () => {
    expect(order(all, all, false)).toEqual(['be/core 100', 'bp/core 100']);
  });

  it('never leaves both sides at 0 on the way', () => {
    const edgeOnly = { core: 0, edge: 100 };
    for (const [from, to] of [
      [edgeOnly, all],
      [all, edgeOnly],
    ] as const) {
      const now = { be: { ...from }, bp: { ...from } };
      for (const { backend, side, weight } of weightWrites(from, to, true)) {
        now[backend] = { ...now[backend], [side]: weight };
        expect(now[backend].core + now[backend].edge).toBeGreaterThan(0);
      }
    }
  });
});
