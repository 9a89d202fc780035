import { expect, test } from 'vitest';
import { verdictOf } from './services.ts';

const condition = (type: string, status: string, reason = '', message = '') => ({
  type,
  status,
  reason,
  message,
});
const place = { namespace: 'shop', name: 'web' };

test.each([
  ['nothing yet', [], 'waits'],
  ['valid, and not taken up yet', [condition('Valid', 'True')], 'waits'],
  ['both', [condition('Valid', 'True'), condition('Ready', 'True')], 'ready'],
  ['both, in the words of an older one', [condition('Valid', 'True'), condition('Synced', 'True')], 'ready'],
  ['ready alone proves nothing', [condition('Ready', 'True')], 'waits'],
  [
    'no such service',
    [condition('Valid', 'False', 'ServiceUnavailable', 'Service to be exported doesn’t exist')],
    'ServiceUnavailable: Service to be exported doesn’t exist',
  ],
  [
    'another cluster exports it with other ports',
    [
      condition('Valid', 'True'),
      condition('Ready', 'True'),
      condition('Conflict', 'True', 'ConflictingPorts'),
    ],
    'ConflictingPorts',
  ],
  ['a refusal without words is named by its kind', [condition('Valid', 'False')], 'Valid'],
])('%s: %j is %s', (_what, conditions, verdict) => {
  expect(verdictOf({ ...place, conditions })).toBe(verdict);
});
