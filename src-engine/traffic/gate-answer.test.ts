import { expect, test } from 'vitest';
import { requestsIn } from './gate-answer.ts';

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
