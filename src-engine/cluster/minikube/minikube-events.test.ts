import { expect, test } from 'vitest';
import { jsonIn } from './json-in.ts';
import { detailOf, errorInWords, parseEvent } from './minikube-events.ts';

const event = (type: string, data: Record<string, unknown>): string =>
  JSON.stringify({
    data,
    datacontenttype: 'application/json',
    id: '80fa2a35-6dee-4ee0-9a5e-a9fb5a1ec4b8',
    source: 'https://minikube.sigs.k8s.io/',
    specversion: '1.0',
    type: `io.k8s.sigs.minikube.${type}`,
  });

test('a step has numbers as strings, and none on a detour', () => {
  const data = { name: 'Starting Node', message: 'Starting…', currentstep: '3', totalsteps: '19' };
  const step = parseEvent(event('step', data));
  expect(step).toEqual({
    type: 'step',
    name: 'Starting Node',
    message: 'Starting…',
    current: 3,
    total: 19,
  });
  expect(step !== null && detailOf(step)).toBe('3/19 Starting Node');
  const detour = parseEvent(event('step', { ...data, currentstep: '' }));
  expect(detour).toMatchObject({ current: null, total: 19 });
  expect(detour !== null && detailOf(detour)).toBe('Starting Node');
});

test('a download begins, and then is a part of one', () => {
  const begun = parseEvent(event('download', { artifact: 'preload.tar.lz4', currentstep: '2' }));
  expect(begun).toEqual({ type: 'download', artifact: 'preload.tar.lz4', progress: null });
  expect(begun !== null && detailOf(begun)).toBe('preload.tar.lz4');
  const progress = { artifact: 'preload.tar.lz4', progress: '0.4273' };
  const under = parseEvent(event('download.progress', progress));
  expect(under !== null && detailOf(under)).toBe('preload.tar.lz4 43 %');
  for (const odd of ['', 'half', '1.5', '-1'])
    expect(parseEvent(event('download.progress', { ...progress, progress: odd }))).toMatchObject({
      progress: null,
    });
});

test('warnings and infos have words; what is not known yet is no error', () => {
  expect(parseEvent(event('warning', { message: 'slow disk' }))).toEqual({
    type: 'warning',
    message: 'slow disk',
  });
  expect(parseEvent(event('info', { message: 'HTTP_PROXY=…' }))).toMatchObject({ type: 'info' });
  expect(parseEvent(event('from.the.future', { message: 'x' }))).toEqual({ type: 'other' });
});

test('an error has its id, its exit code, advice and issues', () => {
  const data = {
    exitcode: '23',
    name: 'RSRC_INSUFFICIENT_CONTAINER_MEMORY',
    message: 'too small\n',
    advice: 'Use more.',
    url: 'https://docs.docker.com/',
    issues: 'https://github.com/kubernetes/minikube/issues/1,https://github.com/kubernetes/minikube/issues/2',
  };
  expect(parseEvent(event('error', data))).toEqual({
    type: 'error',
    reason: 'RSRC_INSUFFICIENT_CONTAINER_MEMORY',
    exitCode: 23,
    message: 'too small',
    advice: 'Use more.',
    url: 'https://docs.docker.com/',
    issues: [
      'https://github.com/kubernetes/minikube/issues/1',
      'https://github.com/kubernetes/minikube/issues/2',
    ],
  });
  expect(parseEvent(event('error', { exitcode: 23 }))).toMatchObject({
    exitCode: 23,
    issues: [],
    advice: '',
  });
});

test('klog, halves of lines, and documents of others are no events', () => {
  const whole = event('step', { name: 'Done' });
  for (let at = 1; at < whole.length; at += 1) expect(parseEvent(whole.slice(0, at))).toBeNull();
  for (const line of [
    'I0101 10:00:00 start.go',
    '{"type":"com.other.step","data":{}}',
    '[]',
    '',
    'null',
    '12',
  ])
    expect(parseEvent(line)).toBeNull();
});

test('the same failure in words, as verbs without events tell it', () => {
  const text = [
    '* Deleting "lab" in docker ...',
    'X Exiting due to GUEST_DELETION: Could not process error from failed deletion: busy',
    '* Suggestion: Try it again.',
    '* Documentation: https://minikube.sigs.k8s.io/docs/',
    '* Related issue: https://github.com/kubernetes/minikube/issues/9',
  ].join('\n');
  expect(errorInWords(text)).toEqual({
    type: 'error',
    reason: 'GUEST_DELETION',
    exitCode: null,
    message: 'Could not process error from failed deletion: busy',
    advice: 'Try it again.',
    url: 'https://minikube.sigs.k8s.io/docs/',
    issues: ['https://github.com/kubernetes/minikube/issues/9'],
  });
  expect(errorInWords('* Removed all traces of the "lab" cluster.')).toBeNull();
});

test('a document is found behind a line that is none', () => {
  expect(jsonIn('{"a":1}')).toEqual({ a: 1 });
  expect(jsonIn('W1130 10:00:00 main.go: something\n{"a":\n1}\n')).toEqual({ a: 1 });
  expect(jsonIn('a warning\n[1]\nthe end')).toEqual([1]);
  expect(jsonIn('* nothing here')).toBeUndefined();
});
