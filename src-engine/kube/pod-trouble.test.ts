import { expect, test } from 'vitest';
import { troublesOf, type ContainerStatus } from './pod-trouble.ts';

const container = (name: string, change: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name,
  ready: false,
  restartCount: 0,
  ...change,
});
const crashed = { terminated: { exitCode: 1, reason: 'Error' } };
const backOff = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } };

test('of a container that crashes again and again, the run that crashed has the log', () => {
  const loop = container('coredns', { restartCount: 7, state: backOff, lastState: crashed });
  expect(troublesOf({ containerStatuses: [loop] })).toEqual([
    {
      name: 'coredns',
      why: 'CrashLoopBackOff',
      message: 'back-off 5m0s',
      exitCode: 1,
      restarts: 7,
      run: 'previous',
    },
  ]);
  const again = container('coredns', { restartCount: 8, state: { running: {} }, lastState: crashed });
  expect(troublesOf({ containerStatuses: [again] })).toMatchObject([
    { why: null, exitCode: 1, run: 'previous' },
  ]);
});

test('one that has ended, one that only is not ready, and one that never ran', () => {
  const runs = (change: Partial<ContainerStatus>) =>
    troublesOf({ containerStatuses: [container('one', change)] }).map(({ run }) => run);
  expect(runs({ state: crashed, lastState: crashed })).toEqual(['current']);
  expect(runs({ state: { running: {} } })).toEqual(['current']);
  expect(runs({ state: { waiting: { reason: 'ImagePullBackOff' } } })).toEqual(['none']);
});

test('what is well, what is done and what waits for its turn is left out', () => {
  const waits = { waiting: { reason: 'PodInitializing' } };
  const status = {
    initContainerStatuses: [
      container('done', { state: { terminated: { exitCode: 0 } } }),
      container('install', { state: backOff, lastState: crashed }),
      container('next', { state: waits }),
    ],
    containerStatuses: [container('agent', { state: waits }), container('side', { ready: true })],
  };
  expect(troublesOf(status).map(({ name }) => name)).toEqual(['install']);
  expect(troublesOf({})).toEqual([]);
  expect(troublesOf(undefined)).toEqual([]);
});

test('three of them and no more', () => {
  const containerStatuses = ['a', 'b', 'c', 'd'].map((name) => container(name, { state: crashed }));
  expect(troublesOf({ containerStatuses }).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});
