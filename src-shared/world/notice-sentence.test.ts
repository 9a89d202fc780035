import { expect, test } from 'vitest';
import { notice, worlds } from '../../test/doubles/worlds.ts';
import { translator } from '../language/translate.ts';
import { noticeSentence } from './notice-sentence.ts';
import type { Notice } from './notices.ts';
import { say } from './sentence.ts';

const english = { t: translator('en'), now: new Date('2026-03-02T09:30:00.000Z') };
const words = (one: Notice) => {
  const { title, body } = noticeSentence(one);
  return [title, ...body].map((part) => say(part, english));
};

test('a stage is told with its numbers, a failure with its cause and next step', () => {
  expect(words(notice())[0]).toBe('Battery low: plug in soon');
  expect(words(notice())[1]).toMatch(/^Battery at 25\u00a0% since .* the line is 25\u00a0%$/);
  const [title, cause, hint] = words(worlds.failed.notices[0]!);
  expect(title).toBe('tandem could not be started');
  expect(cause).toContain('no space left on device');
  expect(hint).toContain('the log of the node');
});

test('what finished or was picked up after a crash is told plainly', () => {
  const of = (kind: Notice['kind'], params: Notice['params']) =>
    words(notice({ kind, params, category: 'operation' }));
  expect(of('operationFinished', { name: 'lab', verb: 'create', elapsedMs: 42_000 })).toEqual([
    'lab is ready',
    'It took 42 s.',
  ]);
  expect(of('operationRecovered', { name: 'lab', verb: 'create', how: 'cleanUp' })[0]).toBe(
    'A half-made lab was removed',
  );
  expect(of('operationRecovered', { name: 'lab', verb: 'stop', how: 'resume' })[0]).toBe(
    'Work on lab went on',
  );
});

test('params of another engine version lose words, not the notice', () => {
  expect(words(notice({ params: {} }))).toEqual(['This Mac needs a moment']);
  expect(words(notice({ kind: 'operationFailed', params: { name: 'lab', verb: 'x', code: 'y' } }))).toEqual([
    'lab could not be started',
  ]);
});

test('the other Mac: what kind of break, the likeliest cause, what to do', () => {
  const of = (kind: Notice['kind'], params: Notice['params']) =>
    words(notice({ kind, params, category: 'link' }));
  const lost = { name: 'MacBook', class: 'PEER_UNREACHABLE', likely: 'asleep', silenceMs: 7510 };
  const [title, silent, likely, todo] = of('peerLost', lost);
  expect([title, silent, likely]).toEqual([
    'MacBook cannot be reached',
    'Silent for 7.5 s.',
    'Most likely: asleep',
  ]);
  expect(todo).toContain('Nothing to do');
  expect(of('peerBack', { name: 'MacBook', lostMs: 61_000 })).toEqual([
    'MacBook is back',
    'It was away for 1 min 1 s.',
  ]);
  expect(of('peerLeft', { name: 'MacBook', reason: 'lowBattery' })[0]).toBe('MacBook left: battery low');
  expect(of('peerWeak', { name: 'MacBook', class: 'API_SERVER_DOWN' })[0]).toBe(
    'Kubernetes on MacBook does not answer',
  );
  expect(of('networkAsked', { router: '192.0.2.1' })[0]).toBe('Is this network yours?');
  expect(of('pairingAsked', { name: 'MacBook' })).toEqual([
    'A pairing waits for your answer',
    'Open Tandem and compare the number with the one on MacBook.',
  ]);
  expect(of('peerUnpaired', { name: 'MacBook' })[0]).toBe('MacBook ended the pairing');
  // Another version's class, and no name at all.
  expect(of('peerLost', { class: 'NEW_CLASS' })[0]).toBe('the other Mac cannot be reached');
});
