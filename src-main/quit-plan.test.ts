import { expect, test } from 'vitest';
import { cluster, operation, world, worlds } from '../test/doubles/worlds.ts';
import { quitPlan, type QuitFacts } from './quit-plan.ts';

const facts: QuitFacts = {
  reason: 'person',
  ownsEngine: true,
  world: worlds.running,
  whenClusterRuns: 'ask',
};

test('a person is asked once, unless the answer was remembered', () => {
  expect(quitPlan(facts).do).toBe('ask');
  expect(quitPlan({ ...facts, whenClusterRuns: 'keep' })).toEqual({ do: 'quit', stop: [] });
  expect(quitPlan({ ...facts, whenClusterRuns: 'stop' })).toEqual({
    do: 'quit',
    stop: [{ name: 'tandem', cancelFirst: false }],
  });
});

test('what is being started is cancelled first; a stop on its way is waited for', () => {
  const stopOf = (verb: 'create' | 'start' | 'stop', state: 'absent' | 'stopped' | 'running') =>
    quitPlan({
      ...facts,
      whenClusterRuns: 'stop',
      world: world({ clusters: [cluster({ state, operation: operation({ verb }) })] }),
    });
  const cancelled = { do: 'quit', stop: [{ name: 'tandem', cancelFirst: true }] };
  expect(stopOf('create', 'absent')).toEqual(cancelled);
  expect(stopOf('start', 'stopped')).toEqual(cancelled);
  expect(stopOf('stop', 'running')).toEqual({ do: 'quit', stop: [{ name: 'tandem', cancelFirst: false }] });
});

test('nobody is asked when nothing runs, when the engine goes on, or when nobody is there', () => {
  const leaves = { do: 'quit', stop: [] };
  expect(quitPlan({ ...facts, world: worlds.idle })).toEqual(leaves);
  expect(quitPlan({ ...facts, world: null })).toEqual(leaves);
  expect(quitPlan({ ...facts, ownsEngine: false })).toEqual(leaves);
  for (const reason of ['signal', 'shutdown'] as const)
    expect(quitPlan({ ...facts, reason, whenClusterRuns: 'stop' })).toEqual(leaves);
});
