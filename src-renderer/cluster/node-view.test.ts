import { expect, test } from 'vitest';
import { cluster, operation } from '../../test/doubles/worlds.ts';
import { nodeNote, nodeTone } from './node-view.ts';

const since = '2026-03-02T06:12:00.000Z';
const of = (state: Parameters<typeof nodeTone>[0], ready: boolean | null, at?: string) => {
  const node = { ready, ...(at === undefined ? {} : { since: at }) };
  return [nodeTone(state, node), nodeNote(state, node).key];
};

test('since when it is ready, or is not, and nothing that is not known', () => {
  const running = cluster();
  expect(of(running, true, since)).toEqual(['ok', 'cluster.nodeSince.yes']);
  expect(of(running, false, since)).toEqual(['bad', 'cluster.nodeSince.no']);
  expect(of(running, true)).toEqual(['ok', 'cluster.ready.yes']);
  expect(of(running, null, since)).toEqual(['warn', 'cluster.ready.unknown']);
});

test('a node that nobody expects to be ready is no trouble', () => {
  expect(of(cluster({ state: 'stopped' }), false)).toEqual(['dim', 'state.stopped']);
  expect(of(cluster({ state: 'starting', operation: operation() }), false, since)).toEqual([
    'dim',
    'state.starting',
  ]);
  expect(of(cluster({ state: 'partial' }), false)[0]).toBe('bad');
});
