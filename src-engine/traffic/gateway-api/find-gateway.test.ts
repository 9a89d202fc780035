import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import { defaultSettings } from '../../../src-shared/settings.ts';
import { fakeGatewayApi, type FakeGatewayApi } from '../../../test/doubles/fake-gateway-api.ts';
import { findGateway } from './find-gateway.ts';

const settings = defaultSettings.traffic.gateway;
function found(change: Partial<FakeGatewayApi> = {}, name = '') {
  const api = fakeGatewayApi();
  Object.assign(api, change);
  return findGateway(api.hands, { ...settings, name }, 'lab');
}

test('the only Gateway is taken, and what its class says of itself decides on time limits', async () => {
  expect(await found()).toEqual(
    ok({
      implementation: { name: 'Traefik', dealing: 'in-turn' },
      wish: {
        gateway: { namespace: 'default', name: 'web' },
        hostname: '',
        timeouts: { request: null, backendRequest: null },
      },
    }),
  );
  const envoy = await found({
    controllerName: 'gateway.envoyproxy.io/gatewayclass-controller',
    features: ['HTTPRouteRequestTimeout'],
  });
  expect(envoy).toMatchObject({
    value: {
      implementation: { name: 'Envoy Gateway' },
      wish: { timeouts: { request: `${settings.timeoutSeconds}s`, backendRequest: null } },
    },
  });
});

test('a cluster without the Gateway API, with half of it, or with an old one says which', async () => {
  expect(await found({ versions: [] })).toEqual(fail('gatewayApiMissing', { name: 'lab' }));
  expect(await found({ kinds: ['gatewayclasses', 'gateways'] })).toEqual(
    fail('gatewayApiMissing', { name: 'lab' }),
  );
  expect(await found({ versions: ['v1beta1', 'v1alpha2'] })).toEqual(
    fail('gatewayApiOld', { versions: 'v1beta1, v1alpha2' }),
  );
});

test('no Gateway, another one than was named, or an API that does not answer', async () => {
  expect(await found({ gateways: [] })).toMatchObject({ error: { code: 'gatewayMissing' } });
  expect(await found({}, 'api')).toEqual(fail('gatewayMissing', { gateway: 'api' }));
  expect(await found({ refuses: 'noAnswer' })).toEqual(fail('apiUnreachable', { name: 'lab' }));
});
