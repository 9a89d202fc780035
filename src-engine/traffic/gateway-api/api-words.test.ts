import { expect, test } from 'vitest';
import { fail } from '../../../src-shared/errors/result.ts';
import { apiError, refusalIn } from './api-words.ts';
import { routeSchema } from './gateway-objects.ts';
import type { Answer } from './gateway-ports.ts';

const place = { namespace: 'default', name: 'tandem-front' };
const no = (why: Extract<Answer<unknown>, { ok: false }>['why'], detail = '') =>
  apiError({ ok: false, why, detail }, 'lab', place);

test('each refusal of the API has its own name and says what it is about', () => {
  expect(no('noAnswer')).toEqual(fail('apiUnreachable', { name: 'lab' }));
  expect(no('absent')).toEqual(fail('routeGone', { route: 'default/tandem-front' }));
  expect(no('forbidden', 'cannot patch\nhttproutes')).toEqual(
    fail('routeForbidden', { detail: 'cannot patch httproutes' }),
  );
  expect(no('refused', 'spec.rules: too long')).toEqual(
    fail('routeRefused', { reason: 'API', message: 'spec.rules: too long' }),
  );
});

const withConditions = (...conditions: object[]) =>
  routeSchema.parse({
    metadata: { name: 'tandem-front' },
    spec: {},
    status: { parents: [{ controllerName: 'example.com/gateway', conditions }] },
  });

test('what a gateway says against the route is told; what it says for it is not', () => {
  const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' };
  const refs = { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound', message: 'no app-edge' };
  expect(refusalIn(withConditions(accepted))).toBeNull();
  expect(refusalIn(withConditions(accepted, refs))).toEqual({
    code: 'routeRefused',
    params: { reason: 'BackendNotFound', message: 'no app-edge' },
  });
  expect(refusalIn(withConditions({ type: 'Other', status: 'False' }))).toBeNull();
  expect(refusalIn(routeSchema.parse({ metadata: { name: 'x' }, spec: {} }))).toBeNull();
});
