import { expect, test } from 'vitest';
import { hostPlace } from './host-place.ts';

const own = [
  { address: '127.0.0.1', prefixLength: 8 },
  { address: '192.168.1.20', prefixLength: 24 },
  { address: '172.18.0.1', prefixLength: 16 },
];
const seen = { gateway: '172.18.0.1', prefixLength: 16, hostAddress: null };

test('Linux: the network’s gateway is this machine, and only that network may come', () => {
  expect(hostPlace(seen, own, null)).toEqual({
    listenHost: '172.18.0.1',
    seenAs: '172.18.0.1',
    allow: ['172.18.0.1/16'],
  });
});

test('a runtime in a virtual machine hands what it calls this Mac to loopback', () => {
  const inside = { gateway: '172.30.1.1', prefixLength: 24, hostAddress: '192.168.65.254' };
  expect(hostPlace(inside, own, '192.168.1.20')).toEqual({
    listenHost: '127.0.0.1',
    seenAs: '192.168.65.254',
    allow: ['127.0.0.0/8'],
  });
});

test('an address that is an interface of this Mac is listened on, for its network alone', () => {
  const bridged = { gateway: '172.30.1.1', prefixLength: 24, hostAddress: '192.168.1.20' };
  expect(hostPlace(bridged, own, '10.0.0.4')).toEqual({
    listenHost: '192.168.1.20',
    seenAs: '192.168.1.20',
    allow: ['192.168.1.20/24'],
  });
});

test('on the network of the link are others: there only this Mac itself may come', () => {
  const bridged = { gateway: '172.30.1.1', prefixLength: 24, hostAddress: '192.168.1.20' };
  expect(hostPlace(bridged, own, '192.168.1.20')?.allow).toEqual(['192.168.1.20/32']);
});

test('without a way there is no place', () => {
  expect(hostPlace({ ...seen, gateway: '172.30.1.1' }, own, null)).toBeNull();
  expect(hostPlace(null, own, null)).toBeNull();
});
