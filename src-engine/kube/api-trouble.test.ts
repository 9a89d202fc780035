import { expect, test } from 'vitest';
import { codeOfTrouble, troubleOf } from './api-trouble.ts';

test('what an answer says', () => {
  expect([401, 403, 429, 500, 503, 404].map((code) => troubleOf(code, null))).toEqual([
    'denied',
    'denied',
    'busy',
    'failing',
    'failing',
    'failing',
  ]);
});

test('what a broken connection says', () => {
  const names = ['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'SELF_SIGNED_CERT_IN_CHAIN', null];
  expect(names.map((name) => troubleOf(0, name))).toEqual([
    'away',
    'certExpired',
    'certEarly',
    'otherCluster',
    'away',
  ]);
});

test('each is an error of its own, and nothing known is an API that is not there', () => {
  expect(codeOfTrouble('silent')).toBe('apiSlow');
  expect(codeOfTrouble(null)).toBe('apiUnreachable');
});
