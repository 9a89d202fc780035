import { expect, test } from 'vitest';
import { coreWorlds, edgeWorlds } from '../test/doubles/handoff-worlds.ts';
import { cluster, operation, world, worlds } from '../test/doubles/worlds.ts';
import { clusterPlan, quitPlan, type QuitFacts } from './quit-plan.ts';

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

test('an edge that serves is offered to leave first, whoever owns the engine', () => {
  for (const ownsEngine of [true, false])
    expect(quitPlan({ ...facts, ownsEngine, world: edgeWorlds.serving })).toEqual({ do: 'offerLeave' });
  expect(quitPlan({ ...facts, world: edgeWorlds.offline })).toEqual({ do: 'quit', stop: [] });
  for (const reason of ['signal', 'shutdown'] as const)
    expect(quitPlan({ ...facts, reason, world: edgeWorlds.serving })).toEqual({ do: 'quit', stop: [] });
});

test('after the departure only what still runs is asked about', () => {
  expect(clusterPlan({ ...facts, world: edgeWorlds.serving }).do).toBe('ask');
  expect(clusterPlan({ ...facts, world: edgeWorlds.offline })).toEqual({ do: 'quit', stop: [] });
});

test('the core says that its front goes on, and never stops what the front needs unasked', () => {
  const core = { ...facts, world: coreWorlds.serving };
  const listen = '127.0.0.1:47380';
  expect(quitPlan({ ...core, whenClusterRuns: 'keep' })).toEqual({ do: 'tellFront', listen });
  expect(quitPlan({ ...core, ownsEngine: false })).toEqual({ do: 'tellFront', listen });
  expect(quitPlan({ ...core, whenClusterRuns: 'stop' })).toMatchObject({ do: 'ask', front: listen });
  expect(quitPlan({ ...facts, world: coreWorlds.frontDown, whenClusterRuns: 'keep' }).do).toBe('quit');
});
