import { expect, test } from 'vitest';
import { podHealth, type PodState } from './pod-health.ts';

type Status = NonNullable<PodState['status']>;
const health = (status: Status, isEnding = false) => podHealth({ status }, isEnding);
const waiting = (reason: string, restartCount = 0) => [{ restartCount, state: { waiting: { reason } } }];
const ready = (status: string) => [{ type: 'Ready', status }];

test('running is ready; what runs and is not ready is still on its way', () => {
  expect(health({ phase: 'Running', conditions: ready('True') }).standing).toBe('running');
  expect(health({ phase: 'Running', conditions: ready('False') }).standing).toBe('starting');
  expect(health({}).standing).toBe('starting');
});

test('a container that waits for its image or its own crash is failing, by the name that kubectl shows', () => {
  expect(health({ phase: 'Running', containerStatuses: waiting('CrashLoopBackOff', 7) })).toEqual({
    standing: 'failing',
    why: 'CrashLoopBackOff',
    restarts: 7,
  });
  expect(health({ phase: 'Pending', initContainerStatuses: waiting('ImagePullBackOff') }).why).toBe(
    'ImagePullBackOff',
  );
  expect(health({ phase: 'Pending', containerStatuses: waiting('ContainerCreating') })).toMatchObject({
    standing: 'starting',
    why: null,
  });
});

test('pending is what no node takes', () => {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }];
  expect(health({ phase: 'Pending', conditions })).toMatchObject({
    standing: 'pending',
    why: 'Unschedulable',
  });
});

test('what has ended, well or not; and what is told to end, whatever else it is', () => {
  expect(health({ phase: 'Succeeded' }).standing).toBe('finished');
  expect(health({ phase: 'Failed', reason: 'Evicted' })).toMatchObject({
    standing: 'failing',
    why: 'Evicted',
  });
  expect(health({ phase: 'Failed' }).why).toBe('Failed');
  expect(health({ phase: 'Running', containerStatuses: waiting('CrashLoopBackOff') }, true).standing).toBe(
    'ending',
  );
});
