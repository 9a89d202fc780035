import { describe, expect, it } from 'vitest';
import { hardwareAddress, isPrivate, sameSubnet } from './addresses.ts';
import { parseMacArp, parseRouteGet } from './mac-net.ts';
import { parseProcArp, parseProcRoutes } from './proc-net.ts';

describe('/proc/net/route', () => {
  const head =
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                                                       \n';

  it('finds the default route among others, the lower metric first', () => {
    const text =
      head +
      'wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0                    \n' +
      'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0                 \n' +
      'eth0\t00000000\tFE0200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0                  \n' +
      'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0                    \n';
    expect(parseProcRoutes(text)).toEqual([
      { interfaceName: 'eth0', gateway: '192.0.2.254' },
      { interfaceName: 'wlan0', gateway: '192.0.2.1' },
    ]);
  });

  it('knows a default route without a gateway, and one that is not up', () => {
    const text =
      head +
      'tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n' +
      'eth0\t00000000\t010200C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n';
    expect(parseProcRoutes(text)).toEqual([{ interfaceName: 'tun0', gateway: null }]);
  });

  it.each(['', head, 'garbage\n\nmore'])('is empty for %j', (text) => {
    expect(parseProcRoutes(text)).toEqual([]);
  });
});

describe('/proc/net/arp', () => {
  it('gives an incomplete entry no hardware address', () => {
    const text =
      'IP address       HW type     Flags       HW address            Mask     Device\n' +
      '192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0\n' +
      '192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0\n' +
      '192.0.2.8        0x1         0x6         02:FC:00:00:00:08     *        eth0\n';
    expect(parseProcArp(text)).toEqual([
      { address: '192.0.2.1', mac: '02:fc:00:00:00:05', interfaceName: 'eth0' },
      { address: '192.0.2.9', mac: null, interfaceName: 'eth0' },
      { address: '192.0.2.8', mac: '02:fc:00:00:00:08', interfaceName: 'eth0' },
    ]);
  });
});

describe('route -n get default', () => {
  it('reads gateway and interface', () => {
    const text =
      '   route to: default\ndestination: default\n       mask: default\n    gateway: 192.0.2.1\n' +
      '  interface: en0\n      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>\n' +
      ' recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire\n' +
      '       0         0         0         0         0         0      1500         0 \n';
    expect(parseRouteGet(text)).toEqual({ interfaceName: 'en0', gateway: '192.0.2.1' });
  });

  it('has no gateway on a tunnel', () => {
    const text = '   route to: default\n    gateway: link#23\n  interface: utun4\n';
    expect(parseRouteGet(text)).toEqual({ interfaceName: 'utun4', gateway: null });
  });

  it('is null without a route', () => {
    expect(parseRouteGet('route: writing to routing socket: not in table\n')).toBeNull();
  });
});

describe('arp of macOS', () => {
  it('completes leading zeros and knows what is incomplete', () => {
    const text =
      '? (192.0.2.1) at 0:1f:c4:ef:5d:f1 on en0 ifscope [ethernet]\n' +
      'router.lan (192.0.2.2) at b8:27:eb:f0:ae:8 on en0 ifscope permanent [ethernet]\n' +
      '? (192.0.2.9) at (incomplete) on en0 ifscope [ethernet]\n';
    expect(parseMacArp(text)).toEqual([
      { address: '192.0.2.1', mac: '00:1f:c4:ef:5d:f1', interfaceName: 'en0' },
      { address: '192.0.2.2', mac: 'b8:27:eb:f0:ae:08', interfaceName: 'en0' },
      { address: '192.0.2.9', mac: null, interfaceName: 'en0' },
    ]);
  });

  it('is empty where there is no entry', () => {
    expect(parseMacArp('192.0.2.7 (192.0.2.7) -- no entry\n')).toEqual([]);
  });
});

describe('addresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2.200', 24, true],
    ['192.0.2.7', '192.0.3.7', 24, false],
    ['192.0.2.127', '192.0.2.128', 25, false],
    ['255.255.255.255', '128.0.0.0', 1, true],
    ['192.0.2.7', '127.0.0.1', 0, true],
    ['192.0.2.7', '192.0.2.7', 32, true],
    ['192.0.2.7', '192.0.2.6', 32, false],
    ['fe80::1', '192.0.2.6', 24, false],
    ['192.0.2.300', '192.0.2.6', 24, false],
  ])('%s and %s in /%i: %s', (one, other, bits, expected) => {
    expect(sameSubnet(one, other, bits)).toBe(expected);
  });

  it('takes no hardware address that stands for nobody', () => {
    for (const text of ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '(incomplete)', '1:2:3:4:5', ''])
      expect(hardwareAddress(text)).toBeNull();
  });

  it('tells private from public', () => {
    expect(['10.1.2.3', '172.31.0.1', '192.168.9.9', '169.254.7.7'].every(isPrivate)).toBe(true);
    expect(['172.32.0.1', '198.51.100.7', '127.0.0.1'].some(isPrivate)).toBe(false);
  });
});
