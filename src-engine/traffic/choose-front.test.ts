import { expect, test } from 'vitest';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { chooseFront } from './choose-front.ts';

const found = ok({ path: '/usr/sbin/haproxy', version: '2.6.12' });
const missing = fail('frontNotFound', { needed: '2.6' });
const old = fail('frontTooOld', { version: '2.4.22', needed: '2.6' });

test('by itself HAProxy where it can be used, and what was found says why', () => {
  expect(chooseFront('auto', found)).toEqual(ok({ kind: 'haproxy', why: 'haproxyFound' }));
  expect(chooseFront('auto', missing)).toEqual(ok({ kind: 'embedded', why: 'haproxyMissing' }));
  expect(chooseFront('auto', old)).toEqual(ok({ kind: 'embedded', why: 'haproxyTooOld' }));
});

test('what a person set is never silently another one', () => {
  expect(chooseFront('embedded', found)).toEqual(ok({ kind: 'embedded', why: 'setting' }));
  expect(chooseFront('haproxy', found)).toEqual(ok({ kind: 'haproxy', why: 'setting' }));
  expect(chooseFront('haproxy', missing)).toEqual(missing);
  expect(chooseFront('haproxy', old)).toEqual(old);
  expect(chooseFront('gateway-api', missing)).toEqual(ok({ kind: 'gateway-api', why: 'setting' }));
});
