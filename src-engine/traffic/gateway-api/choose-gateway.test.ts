import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import { chooseGateway } from './choose-gateway.ts';
import { gatewaySchema } from './gateway-objects.ts';

const gateway = (namespace: string, name: string) =>
  gatewaySchema.parse({ metadata: { namespace, name }, spec: { gatewayClassName: `class-of-${name}` } });
const web = gateway('default', 'web');
const chosen = (namespace: string, name: string) =>
  ok({ place: { namespace, name }, className: `class-of-${name}` });

test('without a name the only one is meant; of several nobody guesses', () => {
  expect(chooseGateway([web], '')).toEqual(chosen('default', 'web'));
  expect(chooseGateway([web, gateway('edge', 'api')], '')).toEqual(
    fail('gatewayUnclear', { count: 2, gateways: 'default/web, edge/api' }),
  );
  expect(chooseGateway([], '')).toEqual(fail('gatewayMissing', { gateway: '-', why: 'none' }));
});

test('a name alone is enough while one has it; with its namespace it always is', () => {
  const both = [web, gateway('edge', 'web'), gateway('edge', 'api')];
  expect(chooseGateway(both, 'api')).toEqual(chosen('edge', 'api'));
  expect(chooseGateway(both, 'web')).toMatchObject({ error: { code: 'gatewayUnclear' } });
  expect(chooseGateway(both, 'edge/web')).toEqual(chosen('edge', 'web'));
  expect(chooseGateway(both, 'other/web')).toEqual(fail('gatewayMissing', { gateway: 'other/web' }));
});
