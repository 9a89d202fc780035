import type { V1ContainerStatus, V1EndpointSlice, V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { servicesSettled } from './services-settled.ts';

const pod = (name: string, ip: string, isReady = true): V1Pod => ({
  metadata: { name, namespace: 'shop' },
  status: {
    podIPs: [{ ip }, { ip: 'fd00::9' }],
    conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
  },
});

const slice = (
  target: string | null,
  address: string,
  conditions: object = { ready: true },
): V1EndpointSlice => ({
  addressType: 'IPv4',
  metadata: { namespace: 'shop' },
  endpoints: [
    {
      addresses: [address],
      conditions,
      ...(target === null ? {} : { targetRef: { kind: 'Pod', name: target, namespace: 'shop' } }),
    },
  ],
});

test('endpoints of the pods that are there, at the addresses that they have now', () => {
  expect(servicesSettled([slice('web', '10.1.0.5')], [pod('web', '10.1.0.5')])).toBe(true);
  expect(servicesSettled([slice('web', 'fd00::9')], [pod('web', '10.1.0.5')])).toBe(true);
  expect(servicesSettled([], [])).toBe(true);
});

test('an address of before the start, a pod that is gone, a pod that is ready and not yet told', () => {
  expect(servicesSettled([slice('web', '10.1.0.4')], [pod('web', '10.1.0.5')])).toBe(false);
  expect(servicesSettled([slice('old', '10.1.0.4')], [pod('web', '10.1.0.5')])).toBe(false);
  const untold = slice('web', '10.1.0.5', { ready: false });
  expect(servicesSettled([untold], [pod('web', '10.1.0.5')])).toBe(false);
  // One bad endpoint among good ones.
  expect(
    servicesSettled([slice('web', '10.1.0.5'), slice('old', '10.1.0.4')], [pod('web', '10.1.0.5')]),
  ).toBe(false);
});

test('a pod whose containers are older than its node has not been told of since, whatever its slice says', () => {
  const begun = (at: string): V1Pod => {
    const web = pod('web', '10.1.0.5');
    web.spec = { nodeName: 'lab-worker', containers: [] };
    const containerStatuses = [{ state: { running: { startedAt: new Date(at) } } }] as V1ContainerStatus[];
    Object.assign(web.status ?? {}, { containerStatuses });
    return web;
  };
  const starts = new Map([['lab-worker', new Date('2026-01-01T10:00:00.700Z')]]);
  const told = (at: string): boolean => servicesSettled([slice('web', '10.1.0.5')], [begun(at)], starts);
  expect(told('2026-01-01T09:59:59Z')).toBe(false);
  expect(told('2026-01-01T10:00:00Z')).toBe(true);
});

test('what waits for nothing: a pod that fails, one that ends, endpoints that are no pods, a Service that wants all', () => {
  const failing = pod('web', '10.1.0.5', false);
  expect(servicesSettled([slice('web', '10.1.0.4', { ready: false })], [failing])).toBe(true);
  expect(servicesSettled([slice('gone', '10.1.0.4', { ready: false, terminating: true })], [])).toBe(true);
  expect(servicesSettled([slice(null, '192.0.2.1')], [])).toBe(true);
  expect(servicesSettled([slice('web', '10.1.0.5')], [failing])).toBe(true);
});
