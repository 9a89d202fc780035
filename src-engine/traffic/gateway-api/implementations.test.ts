import { expect, test } from 'vitest';
import { implementationOf, timeoutsFor } from './implementations.ts';

test('an implementation that nobody knows is called by its own name, and deals at random', () => {
  expect(implementationOf('traefik.io/gateway-controller')).toEqual({ name: 'Traefik', dealing: 'in-turn' });
  expect(implementationOf('example.com/gateway')).toEqual({ name: 'example.com/gateway', dealing: 'random' });
});

test('a time limit is set only where the implementation says that it keeps it', () => {
  expect(timeoutsFor(['HTTPRouteRequestTimeout', 'HTTPRouteBackendTimeout'], 120)).toEqual({
    request: '120s',
    backendRequest: '120s',
  });
  expect(timeoutsFor(['HTTPRouteRequestTimeout'], 0)).toEqual({ request: '0s', backendRequest: null });
  expect(timeoutsFor(['HTTPRouteQueryParamMatching'], 120)).toEqual({ request: null, backendRequest: null });
});
