import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { fakeTraffic } from '../../../test/doubles/fake-traffic.ts';
import { doAct, planWrite } from './acts.ts';
import type { WriteAct } from './keeper-types.ts';
import { sharesOf } from './limits.ts';

const writeAct = (edge: number, part: Partial<WriteAct> = {}): WriteAct => ({
  do: 'write',
  target: sharesOf(edge),
  ours: [sharesOf(80), sharesOf(edge)],
  mayRaise: false,
  again: false,
  force: false,
  ...part,
});

test.each<[string, number, WriteAct, string]>([
  ['ours is replaced', 80, writeAct(40), 'write'],
  ['what stands already is kept: a second time does nothing', 40, writeAct(40), 'keep'],
  ['unless it is to be written again', 0, writeAct(0, { again: true }), 'write'],
  ["somebody else's weights are a conflict", 33, writeAct(0), 'conflict'],
  ['except for the weight 0 of what is gone', 33, writeAct(0, { force: true }), 'write'],
  ['a lower weight is kept', 0, writeAct(40, { ours: [sharesOf(0), sharesOf(40)] }), 'keep'],
  ['and raised only after a pass', 0, writeAct(10, { ours: [sharesOf(0)], mayRaise: true }), 'write'],
  ['force never raises', 33, writeAct(80, { force: true }), 'conflict'],
])('%s', (_name, live, act, plan) => {
  expect(planWrite(sharesOf(live), act)).toBe(plan);
});

test('a conflict says what stands there; the front keeps it', async () => {
  const { traffic, front } = fakeTraffic(fakeTime().clock);
  front.shares = sharesOf(33);
  const did = await doAct(traffic, writeAct(0));
  expect(did.result).toEqual({
    ok: false,
    error: { code: 'weightConflict', params: { core: 67, edge: 33 } },
  });
  expect(front.written).toEqual([]);
});

test('and whose they are, where the front knows it', async () => {
  const { traffic } = fakeTraffic(fakeTime().clock);
  const named = { ...traffic, read: async () => ok({ ...sharesOf(33), who: 'kubectl' }) };
  expect((await doAct(named, writeAct(0))).result).toEqual(
    fail('weightConflict', { core: 67, edge: 33, who: 'kubectl', why: 'named' }),
  );
});

test('an adapter that throws is a front that did not answer', async () => {
  const { traffic } = fakeTraffic(fakeTime().clock);
  const broken = { ...traffic, read: () => Promise.reject(new Error('no')) };
  expect(await doAct(broken, { do: 'read' })).toEqual({
    do: 'read',
    result: { ok: false, error: { code: 'internal', params: { detail: 'no' } } },
  });
});

test('pairs ask both sides at once', async () => {
  const { traffic, front, hold } = fakeTraffic(fakeTime().clock);
  const release = hold('probe');
  const pairs = doAct(traffic, { do: 'pairs', count: 20 });
  await Promise.resolve();
  expect(front.calls).toEqual(['probe core 20', 'probe edge 20']);
  release();
  expect(await pairs).toMatchObject({ result: { value: { core: { ok: 20 }, edge: { ok: 20 } } } });
});

test('an edge that asks to come back is probed once, and again twenty times if that was good', async () => {
  const { traffic, front } = fakeTraffic(fakeTime().clock);
  const checked = await doAct(traffic, { do: 'checkEdge' });
  expect(checked).toMatchObject({ result: { value: { sent: 20, ok: 20 } } });
  expect(front.calls).toEqual(['probe edge 1', 'probe edge 20']);
});

test('its first answer may be too slow: it is refused for the second', async () => {
  const { traffic, front } = fakeTraffic(fakeTime().clock);
  front.healthy.edge = false;
  const checked = await doAct(traffic, { do: 'checkEdge' });
  expect(checked).toMatchObject({ result: { value: { sent: 1, ok: 0 } } });
  expect(front.calls).toEqual(['probe edge 1', 'probe edge 1']);
});
