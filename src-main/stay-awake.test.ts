import { expect, test } from 'vitest';
import { coreWorlds, edgeWorlds } from '../test/doubles/handoff-worlds.ts';
import { worlds } from '../test/doubles/worlds.ts';
import { stayAwake } from './stay-awake.ts';

test('sleep is held off from the first check to the stop of the cluster, once, and let go', () => {
  const seen: string[] = [];
  const follow = stayAwake({
    hold: () => seen.push('hold'),
    release: (id) => void seen.push(`release ${id}`),
  });
  follow(null);
  follow(edgeWorlds.countdown);
  follow(edgeWorlds.preparing);
  follow(edgeWorlds.draining);
  follow(edgeWorlds.released);
  expect(seen).toEqual(['hold']);
  follow(edgeWorlds.offline);
  follow(edgeWorlds.returning);
  expect(seen).toEqual(['hold', 'release 1']);
});

test('neither the core nor a Mac alone is kept awake', () => {
  const seen: string[] = [];
  const follow = stayAwake({ hold: () => seen.push('hold'), release: () => undefined });
  follow(coreWorlds.draining);
  follow(worlds.running);
  expect(seen).toEqual([]);
});

test('an engine that is lost in a departure does not keep the Mac awake for ever', () => {
  const seen: string[] = [];
  const follow = stayAwake({ hold: () => seen.push('hold'), release: () => void seen.push('release') });
  follow(edgeWorlds.draining);
  follow(null);
  expect(seen).toEqual(['hold', 'release']);
});
