import { describe, expect, it } from 'vitest';
import type { OwnNetwork } from '../ports.ts';
import { homeNetwork, routerKey } from './home-network.ts';

const network: OwnNetwork = {
  interfaceName: 'en0',
  address: '192.0.2.7',
  prefixLength: 24,
  gateway: '192.0.2.1',
  gatewayMac: 'aa:bb:cc:dd:ee:01',
};
const unread = { ...network, gatewayMac: null };
const routerless = { ...unread, gateway: null };
const peer = {
  address: '192.0.2.8',
  homeRouters: ['aa:bb:cc:dd:ee:01', 'aa:bb:cc:dd:ee:02'],
  refusedRouters: ['aa:bb:cc:dd:ee:03'],
};
const direct = { ...peer, homeRouters: [null] };

describe('the key of a router', () => {
  it('is its MAC, else its address, else null', () => {
    expect([network, unread, routerless].map(routerKey)).toEqual(['aa:bb:cc:dd:ee:01', '192.0.2.1', null]);
  });
});

describe('whether this is the home network', () => {
  it.each([
    ["the pairing's router", peer, network, 'home'],
    ['a router that was trusted later', peer, { ...network, gatewayMac: 'aa:bb:cc:dd:ee:02' }, 'trusted'],
    ['a refused router', peer, { ...network, gatewayMac: 'aa:bb:cc:dd:ee:03' }, 'refused'],
    [
      'the same addresses behind another router',
      peer,
      { ...network, gatewayMac: 'aa:bb:cc:dd:ee:99' },
      'other',
    ],
    ['a router whose MAC cannot be read this time', peer, unread, null],
    [
      'the address of a router that was refused where MACs are known',
      { ...peer, refusedRouters: ['192.0.2.1'] },
      network,
      'home',
    ],
    [
      'a cafe with the address of a router that was trusted',
      { ...peer, homeRouters: [peer.homeRouters[0] ?? null, '192.0.2.1'] },
      { ...network, gatewayMac: 'aa:bb:cc:dd:ee:99' },
      'other',
    ],
    [
      'a router without MAC, where none was ever read',
      { ...peer, homeRouters: ['192.0.2.1'], refusedRouters: [] },
      unread,
      'home',
    ],
    ['no router, which was refused', { ...direct, refusedRouters: ['no-router'] }, routerless, 'refused'],
    [
      'a router that was remembered by its address',
      { ...peer, homeRouters: ['192.0.2.1'], refusedRouters: [] },
      network,
      'home',
    ],
    ['no router although the pairing had one', peer, routerless, 'other'],
    ['no router, as at pairing', direct, routerless, 'home'],
    ['no router, another subnet', direct, { ...routerless, address: '198.51.100.7' }, 'other'],
    ['a router where the pairing had none', direct, network, 'other'],
    ['no network', peer, null, 'none'],
  ] as const)('%s', (_name, who, where, expected) => {
    expect(homeNetwork(who, where)).toBe(expected);
  });

  it('believes a no before a yes', () => {
    expect(homeNetwork({ ...peer, refusedRouters: peer.homeRouters }, network)).toBe('refused');
  });
});
