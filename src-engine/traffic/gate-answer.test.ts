import { expect, test } from 'vitest';
import { notReadyIn, requestsIn } from './gate-answer.ts';

const answer = (status: number | null, text: string) => ({ status, text, backend: null, elapsedMs: 1 });

test('a gate counts whether it is ready or not', () => {
  expect(requestsIn(answer(200, '{"ready":true,"requests":12,"more":1}'))).toBe(12);
  expect(requestsIn(answer(503, '{"ready":false,"requests":0}'))).toBe(0);
});

test('what is no such document is no witness', () => {
  expect(requestsIn(answer(200, '<html>'))).toBeNull();
  expect(requestsIn(answer(200, '{"requests":"12"}'))).toBeNull();
  expect(requestsIn(answer(404, '{"requests":12}'))).toBeNull();
  expect(requestsIn(answer(null, ''))).toBeNull();
});

test('why it is not ready is its own word; of what is silent, ready or no gate there is none', () => {
  const says = (notReady: unknown) => JSON.stringify({ ready: false, notReady, requests: 3 });
  expect(notReadyIn(answer(503, says('leaving')))).toBe('leaving');
  expect(notReadyIn(answer(503, says('upstreamDown')))).toBe('upstreamDown');
  expect(notReadyIn(answer(200, says('leaving')))).toBeNull();
  expect(notReadyIn(answer(503, '<html>'))).toBeNull();
  expect(notReadyIn(answer(null, says('leaving')))).toBeNull();
  // Of a newer Tandem: no word that is known, and its count is one all the same.
  expect(notReadyIn(answer(503, says('resting')))).toBeNull();
  expect(requestsIn(answer(503, says('resting')))).toBe(3);
});
