import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import { patchByHand, weightsOf } from '../../../test/doubles/fake-gateway-api.ts';
import { bench, changes, config, opened, shares } from '../../../test/doubles/gateway-bench.ts';

test('the passage is told before the route: a share of 0 holds there however late the gateway is', async () => {
  const all = await opened();
  expect(await all.front.set(shares(0), shares(80))).toEqual(ok(shares(0)));
  expect(changes(all)).toEqual(['embedded set 0', 'patch']);
  // Right after it, as in a rollback.
  expect(await all.front.set(shares(80), shares(0))).toEqual(ok(shares(80)));
  expect(all.fronts.process?.shares).toEqual(shares(80));
  expect(weightsOf(all.api)).toEqual([20, 80]);
});

test('a conflict names who wrote, overwrites nothing, and leaves the passage as the route says', async () => {
  const { front, api, fronts } = await opened();
  patchByHand(api, 50);
  expect(await front.read()).toEqual(ok({ ...shares(50), who: 'kubectl' }));
  expect(await front.set(shares(0), shares(80))).toEqual(
    fail('weightConflict', { expected: 80, found: 50, who: 'kubectl', why: 'named' }),
  );
  expect(weightsOf(api)).toEqual([50, 50]);
  expect(fronts.process?.shares).toEqual(shares(50));
});

test('a fall that the API did not take holds in the passage, and no look at the route raises it again', async () => {
  const { front, api, fronts, tended } = await opened();
  api.refuses = 'noAnswer';
  expect(await front.set(shares(0), shares(80))).toEqual(fail('apiUnreachable', { name: 'lab' }));
  api.refuses = null;
  await tended();
  expect([weightsOf(api), fronts.process?.shares]).toEqual([[20, 80], shares(0)]);
  expect(await front.set(shares(0), shares(80))).toEqual(ok(shares(0)));
  expect(weightsOf(api)).toEqual([100, 0]);
});

test('a rise that the API did not take is taken back', async () => {
  const { front, api, fronts } = await opened(10);
  api.refuses = 'noAnswer';
  expect(await front.set(shares(50), shares(10))).toEqual(fail('apiUnreachable', { name: 'lab' }));
  expect(fronts.process?.shares).toEqual(shares(10));
});

test('who raises the route by hand sends the edge no more than it was given', async () => {
  const { api, fronts, tended } = await opened(10);
  patchByHand(api, 80);
  await tended();
  expect(fronts.process?.shares).toEqual(shares(10));
  patchByHand(api, 0);
  await tended();
  expect(fronts.process?.shares).toEqual(shares(0));
});

test('a passage that begins anew deals what it was given, and a route that says more falls to it', async () => {
  const first = await opened(80);
  const { front, api, fronts, notes } = bench();
  api.route = first.api.route;
  expect(await front.open(config, shares(0))).toEqual(ok('started'));
  expect([weightsOf(api), fronts.process?.shares]).toEqual([[100, 0], shares(0)]);
  expect(notes).toEqual(['the edge’s share in the route was taken back to what it had been given']);
});
