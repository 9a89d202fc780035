import { expect, test } from 'vitest';
import { coreWorlds, edgeWorlds } from '../test/doubles/handoff-worlds.ts';
import { cluster, operation, stopped, world, worlds } from '../test/doubles/worlds.ts';
import { translator } from '../src-shared/language/translate.ts';
import type { World } from '../src-shared/world/world.ts';
import { trayMenu } from './tray-menu.ts';

const now = new Date('2026-03-02T09:30:00Z');
const menuOf = (of: World | null, engine: 'connected' | 'starting' | 'lost' = 'connected') =>
  trayMenu(of, engine, translator('en'), now);
const enabled = (of: World | null, engine?: 'connected' | 'lost') =>
  menuOf(of, engine).flatMap((item) => (item.enabled ? [item.id] : []));
const pages = ['open', 'history', 'settings', 'quit'];

test.each([
  ['running', worlds.running, ['stop']],
  ['stopped', worlds.idle, ['start']],
  ['degraded', worlds.degraded, ['stop']],
  ['in the middle of something', worlds.starting, ['cancel']],
  ['unknown', worlds.dockerDown, []],
  ['not there', worlds.absent, ['create']],
  ['not looked for yet', world({ clusters: [], providers: [] }), []],
  ['partial', world({ clusters: [cluster({ state: 'partial' })] }), ['start', 'stop']],
  ['being cancelled', world({ clusters: [stopped({ operation: operation({ cancelling: true }) })] }), []],
] as const)('what fits a cluster that is %s can be chosen, and nothing else', (_name, of, verbs) => {
  expect(enabled(of)).toEqual([...verbs, ...pages]);
});

test('without an engine only the pages and Quit can be chosen', () => {
  expect(enabled(worlds.running, 'lost')).toEqual(pages);
  expect(enabled(null)).toEqual(pages);
});

test('the state stands on top, and the demo cluster is told apart', () => {
  expect(menuOf(worlds.running)[0]).toMatchObject({
    label: 'All is well: tandem is running',
    enabled: false,
  });
  expect(menuOf(worlds.demo).some((item) => item.id === 'demo')).toBe(true);
  expect(menuOf(worlds.running).some((item) => item.id === 'demo')).toBe(false);
});

test('verbs name their cluster', () => {
  const stop = menuOf(worlds.running).find((item) => item.id === 'stop');
  expect(stop).toMatchObject({
    label: 'Stop tandem',
    action: { do: 'cluster', verb: 'stop', name: 'tandem' },
  });
});

test('ids are unique', () => {
  for (const one of [...Object.values(worlds), ...Object.values(edgeWorlds)]) {
    const ids = menuOf(one).map((item) => item.id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

const handoffIds = ['leave', 'cancelLeave', 'return'];
const handoffEnabled = (of: World, engine?: 'connected' | 'lost') =>
  enabled(of, engine).filter((id) => handoffIds.includes(id));

test('a pair has departure and return in the menu, a Mac alone has not', () => {
  expect(handoffEnabled(edgeWorlds.serving)).toEqual(['leave']);
  expect(handoffEnabled(edgeWorlds.countdown)).toEqual(['leave', 'cancelLeave']);
  expect(handoffEnabled(edgeWorlds.draining)).toEqual(['cancelLeave']);
  expect(handoffEnabled(edgeWorlds.released)).toEqual([]);
  expect(handoffEnabled(edgeWorlds.offline)).toEqual(['return']);
  expect(handoffEnabled(edgeWorlds.serving, 'lost')).toEqual([]);
  expect(menuOf(worlds.running).some(({ id }) => handoffIds.includes(id))).toBe(false);
});

test('on the core the verbs say whom they ask', () => {
  const leave = menuOf(coreWorlds.serving).find((item) => item.id === 'leave');
  expect(leave).toMatchObject({
    label: 'Ask MacBook to leave',
    action: { do: 'handoff', verb: 'leave' },
  });
});
