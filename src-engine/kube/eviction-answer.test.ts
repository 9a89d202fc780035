import { expect, test } from 'vitest';
import { refusalOf } from './eviction-answer.ts';

// What an API server 1.36 answers.
const refused = JSON.stringify({
  kind: 'Status',
  status: 'Failure',
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  reason: 'TooManyRequests',
  details: {
    causes: [
      {
        reason: 'DisruptionBudget',
        message: 'The disruption budget web needs 1 healthy pods and has 1 currently',
      },
    ],
  },
  code: 429,
});

test('a budget is named, as text or as JSON that was read', () => {
  const web = { type: 'refused', budget: 'web' };
  expect(refusalOf(429, refused)).toEqual(web);
  expect(refusalOf(429, JSON.parse(refused))).toEqual(web);
});

test('a budget that was just written refuses too', () => {
  const message = 'The disruption budget web is still being processed by the server.';
  const body = { details: { causes: [{ reason: 'DisruptionBudget', message }] } };
  expect(refusalOf(429, body)).toEqual({ type: 'refused', budget: 'web' });
});

test('429 without a budget is an API that is asked too much, and no refusal', () => {
  const busy = JSON.stringify({ message: 'too many requests, please try again later', details: {} });
  expect(refusalOf(429, busy)).toMatchObject({ type: 'failed' });
  expect(refusalOf(429, 'not JSON')).toEqual({ type: 'failed', why: 'HTTP 429' });
});

test('two budgets on one pod refuse for ever; another 500 is tried again', () => {
  const message =
    'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
  expect(refusalOf(500, { message })).toEqual({ type: 'refused', budget: null });
  expect(refusalOf(500, { message: 'etcd is away' })).toMatchObject({ type: 'failed' });
});

test('gone, or another of that name', () => {
  expect(refusalOf(404, '')).toEqual({ type: 'gone' });
  expect(refusalOf(409, '')).toEqual({ type: 'gone' });
});
