import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import { handoff, step, traffic } from '../../test/doubles/handoff-parts.ts';
import { coreWorlds, edgeWorlds } from '../../test/doubles/handoff-worlds.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { edgeShare, lostCount, rateText, shareView } from './share-view.ts';

const nowMs = Date.parse(WORLD_AT);
const english = { t: translator('en'), now: new Date(WORLD_AT) };

test('what was measured is drawn, and what was wished is a mark beside it', () => {
  const view = shareView(edgeWorlds.serving, traffic(), nowMs);
  expect([view.corePercent, view.markPercent, view.isMeasured]).toEqual([21, 20, true]);
  expect(say(view.spoken, english)).toBe(
    'Of the requests, Mac mini serves 21\u00a0% and MacBook 79\u00a0%; wanted on MacBook: 80\u00a0%',
  );
  expect(say(view.rate, english)).toBe('118 requests/s');
});

test('without requests the wish is drawn as a wish', () => {
  const idle = traffic({ seen: null, requestsPerSecond: 0 });
  const view = shareView(edgeWorlds.serving, idle, nowMs);
  expect([view.corePercent, view.markPercent, view.isMeasured]).toEqual([20, null, false]);
  expect(say(view.rate, english)).toBe('no requests now');
});

test('a front that does not answer has no share', () => {
  const { traffic: down } = coreWorlds.frontDown;
  const view = shareView(coreWorlds.frontDown, down!, nowMs);
  expect([view.corePercent, view.isMeasured]).toEqual([null, false]);
  expect(edgeShare(down)).toBeNull();
});

test("the core's word grows old on the edge", () => {
  expect(shareView(edgeWorlds.serving, traffic(), nowMs).isOld).toBe(false);
  expect(shareView(edgeWorlds.serving, traffic(), nowMs + 20_000).isOld).toBe(true);
});

test('small rates keep a digit', () => {
  expect([118.4, 12, 4.24, 0.31].map(rateText)).toEqual(['118', '12', '4.2', '0.3']);
});

test('what was cut is the sum over all steps; nothing counted is not zero', () => {
  expect(lostCount(handoff())).toBeNull();
  expect(lostCount(handoff({ steps: [step('DRAINING', { facts: { cut: 0 } })] }))).toBe(0);
  const steps = [step('DRAINING', { facts: { cut: 2 } }), step('OFFLINE', { facts: { cut: 1 } })];
  expect(lostCount(handoff({ steps }))).toBe(3);
});
