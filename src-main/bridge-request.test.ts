import { expect, test } from 'vitest';
import { acceptRequest, type SenderFacts } from './bridge-request.ts';

const ours: SenderFacts = { trusted: true, isMainFrame: true, url: 'app://tandem/popover.html' };
const codeOf = (sender: SenderFacts, method: unknown, input: unknown = {}) => {
  const result = acceptRequest(sender, method, input);
  return result.ok ? 'accepted' : result.error.code;
};

test('accepts a verb of the renderer with its arguments parsed', () => {
  expect(acceptRequest(ours, 'cluster.start', { name: 'lab' })).toEqual({
    ok: true,
    value: { to: 'engine', method: 'cluster.start', input: { name: 'lab', force: false } },
  });
  expect(codeOf(ours, 'shell.resize', { heightPixels: 400 })).toBe('accepted');
  expect(codeOf(ours, 'shell.copyKubeconfig', { name: 'lab' })).toBe('accepted');
});

test('refuses whoever is not a page of ours', () => {
  expect(codeOf({ ...ours, trusted: false }, 'status.get')).toBe('badRequest');
  expect(codeOf({ ...ours, isMainFrame: false }, 'status.get')).toBe('badRequest');
  for (const url of ['', 'https://tandem/', 'app://tandem.evil/popover.html', 'app://tandem', 'file:///x'])
    expect(codeOf({ ...ours, url }, 'status.get')).toBe('badRequest');
});

test('refuses verbs that are not for the renderer, and names that only look like some', () => {
  for (const method of ['engine.stop', 'host.event', 'reset.run', 'cluster.kubeconfig', 'doctor.run'])
    expect(codeOf(ours, method)).toBe('unknownMethod');
  for (const method of ['toString', '__proto__', 'constructor', 'shell.nothing', ''])
    expect(codeOf(ours, method)).toBe('unknownMethod');
  for (const method of [null, 7, {}, ['status.get']]) expect(codeOf(ours, method)).toBe('badRequest');
});

test('refuses arguments that do not fit', () => {
  expect(codeOf(ours, 'cluster.start', { name: 7 })).toBe('badArguments');
  expect(codeOf(ours, 'cluster.start', { name: 'lab', extra: true })).toBe('badArguments');
  expect(codeOf(ours, 'shell.resize', { heightPixels: 1e9 })).toBe('badArguments');
  expect(codeOf(ours, 'settings.set', 'text')).toBe('badArguments');
});
