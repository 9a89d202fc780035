import { expect, test } from 'vitest';
import type { Facts } from './choose.ts';
import { isIdempotent, mayBeSentAgain, nextTry, usesKept, type Standing } from './resend.ts';

const standing = (more: Partial<Standing>): Standing => ({
  idempotent: false,
  sent: true,
  answerBegun: false,
  bodyKept: true,
  ...more,
});
const up = { usable: true, weight: 50, up: true };
const both: Facts = { core: up, edge: up };
const noEdge: Facts = { core: up, edge: { ...up, usable: false } };

test('a POST that was sent is never sent again; one that was not sent always is', () => {
  expect(mayBeSentAgain(standing({ sent: true }))).toBe(false);
  expect(mayBeSentAgain(standing({ sent: false }))).toBe(true);
});

test('an idempotent request is sent again until its answer has begun, or its body is gone', () => {
  expect(mayBeSentAgain(standing({ idempotent: true }))).toBe(true);
  expect(mayBeSentAgain(standing({ idempotent: true, answerBegun: true }))).toBe(false);
  expect(mayBeSentAgain(standing({ idempotent: true, bodyKept: false }))).toBe(false);
  expect(mayBeSentAgain(standing({ sent: false, bodyKept: false }))).toBe(false);
});

test('methods: PUT and DELETE may be repeated but do not ride on kept connections; PATCH and unknown ones neither', () => {
  expect(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].every(isIdempotent)).toBe(true);
  expect(['POST', 'PATCH', 'CONNECT', 'LOCK', 'get'].some(isIdempotent)).toBe(false);
  expect(['GET', 'HEAD'].every(usesKept)).toBe(true);
  expect(['PUT', 'DELETE', 'POST', 'OPTIONS'].some(usesKept)).toBe(false);
});

test('the other side once, and no side for ever', () => {
  const onKept = false;
  expect(nextTry({ side: 'edge', onKept }, { core: 0, edge: 1 }, both)).toEqual({
    side: 'core',
    fresh: false,
  });
  expect(nextTry({ side: 'core', onKept }, { core: 1, edge: 0 }, both)).toEqual({
    side: 'edge',
    fresh: false,
  });
  expect(nextTry({ side: 'core', onKept }, { core: 1, edge: 1 }, both)).toBeNull();
  expect(nextTry({ side: 'core', onKept }, { core: 1, edge: 0 }, noEdge)).toBeNull();
});

test('a kept connection that was closed meanwhile: once more on a fresh one, when nobody else can take it', () => {
  const broken = { side: 'core', onKept: true } as const;
  expect(nextTry(broken, { core: 1, edge: 0 }, noEdge)).toEqual({ side: 'core', fresh: true });
  expect(nextTry(broken, { core: 2, edge: 0 }, noEdge)).toBeNull();
  // The edge is dead: not once more there, even if it was a kept connection.
  expect(nextTry({ side: 'edge', onKept: true }, { core: 1, edge: 1 }, noEdge)).toBeNull();
});
