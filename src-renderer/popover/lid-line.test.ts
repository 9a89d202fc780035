import { expect, test } from 'vitest';
import { coreWorlds, edgeWorlds } from '../../test/doubles/handoff-worlds.ts';
import { cluster, vitals, world, worlds } from '../../test/doubles/worlds.ts';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { lidLine } from './lid-line.ts';

const titleOf = (of: World) => {
  const line = lidLine(of);
  return line && say(line.title, { t: translator('en'), now: new Date() });
};

test('keep open while something runs, not yet while something happens, safe when nothing is left', () => {
  expect(titleOf(worlds.running)).toBe('Keep the lid open');
  expect(titleOf(worlds.degraded)).toBe('Keep the lid open');
  expect(titleOf(worlds.starting)).toBe('Not yet safe to close the lid');
  expect(titleOf(worlds.idle)).toBe('Safe to close the lid');
  expect(titleOf(worlds.absent)).toBe('Safe to close the lid');
});

test('nobody is told that it is safe when the cluster cannot be seen', () => {
  expect(titleOf(worlds.dockerDown)).toBe('Better keep the lid open');
  const looking = world({ clusters: [cluster({ state: 'unknown', why: 'notSeenYet', nodes: [] })] });
  expect(titleOf(looking)).toBe('Better keep the lid open');
  expect(titleOf(world({ clusters: [], providers: [] }))).toBe('Better keep the lid open');
});

test('a closed lid is told, and a Mac without a lid has no line', () => {
  const closed = world({ vitals: vitals({ lid: { ...vitals().lid!, closed: true } }) });
  expect(titleOf(closed)).toBe('The lid is closed');
  expect(lidLine(world({ vitals: vitals({ lid: null }) }))).toBeNull();
});

test('an edge goes by what the hand-off proved, not by what its cluster does', () => {
  expect(titleOf(edgeWorlds.serving)).toBe('Keep the lid open');
  expect(titleOf(edgeWorlds.draining)).toBe('Not yet safe to close the lid');
  expect(titleOf(edgeWorlds.released)).toBe('Safe to close the lid');
  expect(titleOf(edgeWorlds.returning)).toBe('Keep the lid open');
  const untold = { ...edgeWorlds.serving, handoff: { ...edgeWorlds.serving.handoff!, safeToCloseLid: null } };
  expect(titleOf(untold)).toBe('Better keep the lid open');
});

test("the core tells of the edge's lid, though it has none itself", () => {
  expect(titleOf(coreWorlds.serving)).toBe('MacBook: keep the lid open');
  expect(titleOf(coreWorlds.offline)).toBe('MacBook may be closed');
});

test('the share that is served here is the measured one', () => {
  const detail = lidLine(edgeWorlds.serving)?.detail;
  expect(detail?.params).toEqual({ percent: 79 });
});
