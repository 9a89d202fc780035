import { describe, expect, it } from 'vitest';
import { chooseInterface, type OwnAddress } from './choose-interface.ts';

const at = (interfaceName: string, address: string, prefixLength = 24): OwnAddress => ({
  interfaceName,
  address,
  prefixLength,
  internal: interfaceName.startsWith('lo'),
});
const lo = at('lo', '127.0.0.1', 8);
const wifi = at('en0', '192.168.1.7');
const cable = at('en5', '192.168.9.7');
const vpn = at('utun4', '10.8.0.2');
const docker = at('docker0', '172.17.0.1', 16);
const all = [lo, docker, vpn, wifi, cable];
const toWifi = { interfaceName: 'en0', gateway: '192.168.1.1' };
const toVpn = { interfaceName: 'utun4', gateway: null };

describe('the interface of the link', () => {
  it.each([
    ['the setting, before all', '192.168.9.7', '192.168.1.8', [toWifi], cable],
    ['the setting, even a bridge', '172.17.0.1', null, [toWifi], docker],
    ['a setting that is not ours counts for nothing', '192.168.77.1', null, [toWifi], wifi],
    ["the peer's subnet, before the default route", '', '192.168.9.8', [toWifi], cable],
    ["a peer of another net: the default route's", '', '198.51.100.9', [toWifi], wifi],
    ['a default route into a VPN is passed over', '', null, [toVpn], wifi],
    ['a second default route, of the LAN', '', null, [toVpn, { interfaceName: 'en5', gateway: null }], cable],
    ['no route: the first private address that is real', '', null, [], wifi],
  ])('%s', (_name, setting, peer, routes, expected) => {
    expect(chooseInterface(all, routes, setting, peer)).toEqual(expected);
  });

  it.each(['docker0', 'br-1a2b', 'veth12', 'utun0', 'bridge100', 'awdl0', 'llw0', 'lo0'])(
    'is never %s unasked',
    (name) => {
      expect(
        chooseInterface([at(name, '192.168.1.7')], [{ interfaceName: name, gateway: null }], '', null),
      ).toBeNull();
    },
  );

  it('takes any address of 127/8 that the setting names', () => {
    expect(chooseInterface(all, [], '127.0.0.42', null)).toEqual({ ...lo, address: '127.0.0.42' });
  });

  it('takes the address beside the gateway where an interface has two', () => {
    const second = at('en0', '192.168.2.7');
    expect(chooseInterface([second, wifi], [toWifi], '', null)).toEqual(wifi);
  });

  it('takes the narrowest subnet that holds the peer', () => {
    const wide = at('en7', '192.168.0.7', 16);
    expect(chooseInterface([wide, cable], [], '', '192.168.9.8')).toEqual(cable);
  });

  it('is null where only loopback is left, or a public address without a route', () => {
    expect(chooseInterface([lo], [], '', null)).toBeNull();
    expect(chooseInterface([lo, at('eth0', '198.51.100.7')], [], '', null)).toBeNull();
  });
});
