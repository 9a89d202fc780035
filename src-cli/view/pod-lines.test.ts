import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import type { PodReport } from '../../src-shared/pod-report.ts';
import { podLines } from './pod-lines.ts';

const report: PodReport = {
  pod: 'kube-system/coredns-1',
  node: 'lab-worker',
  containers: [
    {
      name: 'coredns',
      why: 'CrashLoopBackOff',
      message: 'back-off 5m0s',
      exitCode: 1,
      restarts: 2,
      log: 'one\n\ntwo',
      previous: true,
      problem: null,
    },
  ],
  events: [{ at: null, type: 'Warning', reason: 'BackOff', message: 'back-off restarting', count: 12 }],
};
const lines = (change: Partial<PodReport> = {}) =>
  podLines({ ...report, ...change }, { t: translator('en'), now: new Date() });

test('each container with its log, then the events', () => {
  expect(lines()).toEqual([
    'kube-system/coredns-1, on lab-worker',
    '',
    'coredns: CrashLoopBackOff · exit code 1 · 2 restarts',
    '  back-off 5m0s',
    '  Last lines of the run before, which ended',
    '    one',
    '    two',
    '',
    'Events',
    '  BackOff (12 times): back-off restarting',
  ]);
});

test('events that are not known are told from events that are not there', () => {
  expect(lines({ containers: [], events: null }).at(-1)).toBe('Its events could not be read.');
  expect(lines({ containers: [], events: [] }).at(-1)).toContain('no events');
});
