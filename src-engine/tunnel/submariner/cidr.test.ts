import { expect, test } from 'vitest';
import { firstOverlap, overlaps, rangeOf, type NamedNetwork } from './cidr.ts';

test.each([
  ['10.10.0.0/16', '10.20.0.0/16', false],
  ['10.10.0.0/16', '10.10.200.0/24', true],
  // kind's services and minikube's, both as they come (the design document's step d).
  ['10.96.0.0/16', '10.96.0.0/12', true],
  ['10.110.0.0/16', '10.96.0.0/12', true],
  // Written by an address in the middle of it.
  ['192.168.1.77/24', '192.168.1.10/32', true],
  ['0.0.0.0/0', '203.0.113.0/24', true],
  ['255.255.255.255/32', '255.255.255.254/32', false],
])('%s and %s share addresses: %s', (one, other, shared) => {
  expect([overlaps(one, other), overlaps(other, one)]).toEqual([shared, shared]);
});

test.each(['10.0.0.0', '10.0.0.256/8', '10.0.0.0/33', 'fd00::/8', ''])('%j is no network of IPv4', (text) => {
  expect(rangeOf(text)).toBeNull();
  expect(overlaps(text, '0.0.0.0/0')).toBe(false);
});

test('the two that meet are named', () => {
  const networks: NamedNetwork[] = [
    { what: 'ownPods', cidr: '10.10.0.0/16' },
    { what: 'lan', cidr: '192.168.1.0/24' },
    { what: 'peerNodes', cidr: '192.168.0.0/16' },
  ];
  expect(firstOverlap(networks)).toEqual([networks[1], networks[2]]);
  expect(firstOverlap(networks.slice(0, 2))).toBeNull();
});
