import { expect, test } from 'vitest';
import type { NodeState } from './node-control.ts';
import { observationOf, type SeenNode } from './embedded-observation.ts';

const state = (phase: NodeState['phase']): NodeState => ({
  node: 'a',
  pid: 1,
  phase,
  pods: [],
  residentBytes: 1,
  serviceOpen: true,
});
const node = (process: SeenNode['process'], answer: NodeState | null = null): SeenNode => ({
  name: 'a',
  role: 'worker',
  state: answer,
  process,
});
const up = node('alive', state('ready'));

test.each([
  ['all answer', [up, up], 'running', null],
  ['none was started', [node('none'), node('none')], 'stopped', null],
  ['one died', [node('gone')], 'stopped', 'nodeEnded'],
  ['one of two died', [up, node('gone')], 'partial', 'nodeEnded'],
  ['one lives and is silent: not stopped', [up, node('alive')], 'degraded', 'nodeSilent'],
  [
    'its port is held by another program',
    [node('alive', { ...state('ready'), serviceOpen: false })],
    'degraded',
    'hostPortTaken',
  ],
  ['all drained', [node('alive', state('drained'))], 'running', 'drained'],
  [
    'one still has requests',
    [node('alive', state('drained')), node('alive', state('draining'))],
    'running',
    'draining',
  ],
] as const)('%s', (_what, seen, expected, why) => {
  expect(observationOf(seen)).toMatchObject({ state: expected, why });
});

test('what a silent node is doing is unknown, not nothing', () => {
  expect(observationOf([node('alive')]).nodes).toEqual([
    { name: 'a', role: 'worker', ready: null, pods: null },
  ]);
});
