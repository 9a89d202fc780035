import { expect, test } from 'vitest';
import { gateway } from '../../../test/doubles/submariner-objects.ts';
import { exportsOf, gatewaysOf, goDurationMs, importsOf, installedOf } from './crds.ts';

test.each([
  ['1.16ms', 1.16],
  ['447µs', 0.447],
  ['447μs', 0.447],
  ['1m2.5s', 62_500],
  ['0s', 0],
  ['', null],
  ['fast', null],
  ['12', null],
])('a round trip of %j is %j ms', (text, ms) => {
  if (ms === null) expect(goDurationMs(text)).toBeNull();
  else expect(goDurationMs(text)).toBeCloseTo(ms, 6);
});

test('a gateway and its connection, in the words of both generations of addresses', () => {
  const old = gateway({ peer: { state: 'connected', rtt: '1.16ms' } });
  expect(gatewaysOf([old])).toMatchObject([
    {
      name: 'core-worker',
      isActive: true,
      local: { clusterId: 'core', publicIp: '192.168.1.10', node: 'core-worker' },
      connections: [
        { state: 'connected', usingIp: '192.168.1.20', usingNat: true, rttMs: 1.16, message: null },
      ],
    },
  ]);
  const fresh = structuredClone(old) as { status: { localEndpoint: Record<string, unknown> } };
  const { public_ip: address, ...rest } = fresh.status.localEndpoint;
  fresh.status.localEndpoint = { ...rest, publicIPs: [address, 'fd00::1'] };
  expect(gatewaysOf([fresh])[0]?.local?.publicIp).toBe('192.168.1.10');
});

test('what is strange is passed over, and unknown words are unknown', () => {
  const odd = gateway({ peer: { state: 'resting', rtt: '1 tick' } });
  expect(gatewaysOf([null, 7, { metadata: {} }, odd])).toMatchObject([
    { connections: [{ state: null, rttMs: null }] },
  ]);
  expect(gatewaysOf([{ metadata: { name: 'n' }, status: { haStatus: 'passive' } }])).toMatchObject([
    { isActive: false, updatedSeconds: null, connections: [] },
  ]);
  expect(installedOf([])).toBeNull();
  expect(installedOf([{ metadata: {}, spec: {} }])).toEqual({ clusterId: null, broker: null });
});

test('an import is named as the service is in its own cluster', () => {
  const [aggregated] = importsOf([
    {
      metadata: { name: 'web', namespace: 'shop' },
      spec: { ips: ['10.110.0.7'], ports: [{ port: 80 }], type: 'ClusterSetIP' },
      status: { clusters: [{ cluster: 'core' }] },
    },
  ]);
  expect(aggregated).toEqual({
    namespace: 'shop',
    name: 'web',
    ips: ['10.110.0.7'],
    ports: [80],
    clusters: ['core'],
  });
  const [older] = importsOf([
    {
      metadata: {
        name: 'web-shop-core',
        namespace: 'submariner-operator',
        annotations: { 'origin-name': 'web', 'origin-namespace': 'shop' },
      },
      spec: { ips: [], ports: null },
    },
  ]);
  expect(older).toMatchObject({ namespace: 'shop', name: 'web', clusters: [] });
});

test('conditions of an export, or none yet', () => {
  const metadata = { name: 'web', namespace: 'shop' };
  expect(exportsOf([{ metadata }])).toEqual([{ ...metadata, conditions: [] }]);
  expect(
    exportsOf([{ metadata, status: { conditions: [{ type: 'Ready', status: 'True' }] } }]),
  ).toMatchObject([{ conditions: [{ type: 'Ready', status: 'True', reason: '' }] }]);
});
