import { describe, expect, test } from 'vitest';
import { minikubeFailure, parseEvent } from './minikube-events.ts';
import { statusOf } from './minikube-status.ts';

const event = (type: string, data: Record<string, string>) =>
  JSON.stringify({ specversion: '1.0', type: `io.k8s.sigs.minikube.${type}`, data });
const node = (over: Record<string, unknown> = {}) => ({
  Name: 'lab',
  Host: 'Running',
  Kubelet: 'Running',
  APIServer: 'Running',
  Kubeconfig: 'Configured',
  Worker: false,
  ...over,
});

describe('events', () => {
  test('a step has numbers as strings, and none on a detour', () => {
    expect(parseEvent(event('step', { name: 'Starting Node', currentstep: '3', totalsteps: '19' }))).toEqual({
      type: 'step',
      name: 'Starting Node',
      current: 3,
      total: 19,
    });
    expect(
      parseEvent(event('step', { name: 'Updating Driver', currentstep: '', totalsteps: '19' })),
    ).toMatchObject({ current: null, total: 19 });
  });

  test('klog, halves of lines and other events are no steps', () => {
    for (const line of ['I0101 10:00:00 start.go', '{"type":"io.k8s', '{"type":"com.other.step"}', '[]', ''])
      expect(parseEvent(line)).toBeNull();
    expect(parseEvent(event('info', { message: 'x' }))).toEqual({ type: 'other' });
  });

  test('the last error is told with reason and advice', () => {
    const error = parseEvent(
      event('error', {
        name: 'RSRC_INSUFFICIENT_CONTAINER_MEMORY',
        exitcode: '23',
        message: 'too small',
        advice: 'Use more.',
      }),
    );
    expect(minikubeFailure(error === null ? [] : [error], 23)).toEqual({
      ok: false,
      error: {
        code: 'minikubeFailed',
        params: { reason: 'RSRC_INSUFFICIENT_CONTAINER_MEMORY', detail: 'too small', advice: 'Use more.' },
      },
    });
    expect(minikubeFailure([], null)).toMatchObject({
      error: { code: 'minikubeFailed', params: { reason: 'exit by a signal' } },
    });
  });
});

describe('status in its three shapes', () => {
  test.each([
    ['one node', JSON.stringify(node()), 0, 'running'],
    [
      'several nodes',
      JSON.stringify([node(), node({ Name: 'lab-m02', Worker: true, APIServer: 'Irrelevant' })]),
      0,
      'running',
    ],
    [
      'stopped, exit 7 by design',
      JSON.stringify(node({ Host: 'Stopped', Kubelet: 'Stopped', APIServer: 'Stopped' })),
      7,
      'stopped',
    ],
    [
      'paused, exit 2 by design',
      JSON.stringify(node({ Kubelet: 'Stopped', APIServer: 'Paused' })),
      2,
      'paused',
    ],
    ['API server gone', JSON.stringify(node({ APIServer: 'Stopped' })), 2, 'degraded'],
    [
      'one of two hosts down',
      JSON.stringify([node(), node({ Host: 'Stopped', Worker: true })]),
      1,
      'partial',
    ],
    [
      'profile missing: events',
      event('error', { exitcode: '85', name: 'MK_USAGE_NO_PROFILE' }),
      85,
      'absent',
    ],
    ['nonsense', 'not json', 1, 'unknown'],
    ['nothing', '', null, 'unknown'],
  ])('%s', (_what, stdout, exitCode, state) => {
    expect(statusOf(stdout, exitCode).state).toBe(state);
  });
});
