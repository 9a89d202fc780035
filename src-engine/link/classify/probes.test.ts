import { describe, expect, it } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import type { Look, PortOutcome } from './looks.ts';
import { startProbes, type ProbePorts } from './probes.ts';

const never = new Promise<never>(() => undefined);
const answer = (outcome: PortOutcome, detail: string | null = null): Look<PortOutcome> => ({
  outcome,
  ms: 2,
  detail,
});

/** A world where nothing answers, but this Mac has a network. */
function silentWorld() {
  const time = fakeTime();
  const asked: string[] = [];
  const signals = new Set<AbortSignal>();
  const ports: ProbePorts = {
    clock: time.clock,
    scheduler: time.scheduler,
    peerAddress: '192.0.2.8',
    peerApi: '192.0.2.8:6443',
    peerMac: 'aa:bb:cc:dd:ee:08',
    network: () =>
      Promise.resolve({
        interfaceName: 'eth0',
        address: '192.0.2.7',
        prefixLength: 24,
        gateway: '192.0.2.1',
        gatewayMac: null,
      }),
    probeHandshake: () => never,
    tcp: ({ host, port, signal }) => {
      asked.push(`${host}:${String(port)}`);
      signals.add(signal);
      return never;
    },
    ping: (host, _timeoutMs, signal) => {
      asked.push(`ping ${host}`);
      signals.add(signal);
      return never;
    },
    ready: () => never,
    neighbours: () => Promise.resolve([]),
  };
  return { time, asked, signals, ports };
}

describe('a round of probes', () => {
  it('ends by its limit when nothing answers, and leaves all of that unknown', async () => {
    const { time, signals, ports } = silentWorld();
    const probes = startProbes(ports);
    let over = false;
    void probes.done.then(() => (over = true));
    await time.advance(1250);
    expect(over).toBe(false);
    await time.advance(100);
    expect(over).toBe(true);
    expect(probes.looks()).toMatchObject({
      ownInterface: { outcome: 'up', detail: 'eth0 192.0.2.7' },
      gatewayPresent: true,
      gatewayAddress: '192.0.2.1',
      gatewayPing: null,
      appPort: null,
      secondPort: null,
      peerPing: null,
      apiReady: null,
      arp: null,
    });
    expect([...signals].every(({ aborted }) => aborted)).toBe(true);
    expect(time.pending()).toBe(0);
  });

  it('tells what is known while the rest is under way', async () => {
    const { time, ports } = silentWorld();
    const probes = startProbes({
      ...ports,
      probeHandshake: () => Promise.resolve({ outcome: 'refused', ms: 4, detail: null }),
    });
    await time.advance(0);
    expect(probes.looks().appPort).toEqual({ outcome: 'refused', ms: 4, detail: null });
    expect(probes.looks().peerPing).toBeNull();
    probes.cancel();
    await probes.done;
    expect(time.pending()).toBe(0);
  });

  it('asks everywhere at once', async () => {
    const { time, asked, ports } = silentWorld();
    const probes = startProbes(ports);
    await time.advance(0);
    expect(asked).toEqual(
      expect.arrayContaining([
        '192.0.2.8:22',
        '192.0.2.8:7',
        'ping 192.0.2.8',
        'ping 192.0.2.1',
        '192.0.2.1:53',
        '192.0.2.1:80',
        '192.0.2.1:443',
      ]),
    );
    probes.cancel();
  });

  it('takes the first sign of life of several ports, be it a reset', async () => {
    const { time, ports } = silentWorld();
    const probes = startProbes({
      ...ports,
      tcp: ({ port }) => (port === 7 ? Promise.resolve(answer('refused', '7')) : never),
    });
    await time.advance(0);
    expect(probes.looks().secondPort).toMatchObject({ outcome: 'refused', detail: '7' });
    probes.cancel();
  });

  it('lets an errno tell more than a time-out', async () => {
    const { time, ports } = silentWorld();
    const probes = startProbes({
      ...ports,
      tcp: ({ port }) =>
        Promise.resolve(port === 22 ? answer('unreachable', 'EHOSTUNREACH') : answer('timeout')),
    });
    await time.advance(0);
    expect(probes.looks().secondPort).toMatchObject({ outcome: 'unreachable', detail: 'EHOSTUNREACH' });
    probes.cancel();
  });

  it('knows a down interface from one that cannot be read', async () => {
    const { time, ports } = silentWorld();
    const down = startProbes({ ...ports, network: () => Promise.resolve(null) });
    const unread = startProbes({ ...ports, network: () => Promise.reject(new Error('no /proc')) });
    await time.advance(0);
    expect(down.looks().ownInterface?.outcome).toBe('down');
    expect(unread.looks().ownInterface).toBeNull();
    for (const probes of [down, unread]) probes.cancel();
  });

  it('is not stopped by a probe that breaks', async () => {
    const { time, ports } = silentWorld();
    const probes = startProbes({
      ...ports,
      probeHandshake: () => Promise.reject(new Error('bug')),
      ping: () => Promise.resolve({ outcome: 'ok', ms: 1, detail: null }),
    });
    await time.advance(1400);
    expect((await probes.done).peerPing?.outcome).toBe('ok');
  });
});

describe('the ARP table in a round', () => {
  const entry = (mac: string | null) => ({ address: '192.0.2.8', mac, interfaceName: 'eth0' });

  it.each([
    ['incomplete', [entry(null)], 'incomplete'],
    ['another hardware address', [entry('aa:bb:cc:dd:ee:99')], 'otherMac'],
    ['the entry of before, which may be cached', [entry('aa:bb:cc:dd:ee:08')], null],
    ['no entry', [], null],
  ])('%s', async (_name, table, expected) => {
    const { time, ports } = silentWorld();
    const probes = startProbes({ ...ports, neighbours: () => Promise.resolve(table) });
    await time.advance(1400);
    expect(probes.looks().arp).toBe(expected);
  });
});

describe('neighbours', () => {
  const table = ['192.0.2.1', '192.0.2.8', '192.0.2.30', '192.0.2.31', '192.0.2.32', '192.0.2.33'].map(
    (address, index) => ({ address, mac: index === 2 ? null : 'aa:bb:cc:dd:ee:00', interfaceName: 'eth0' }),
  );

  it('are asked, three at most, known and neither router nor peer, when the peer does not answer', async () => {
    const { time, asked, ports } = silentWorld();
    const probes = startProbes({
      ...ports,
      neighbours: () => Promise.resolve(table),
      ping: (host) => {
        asked.push(`ping ${host}`);
        return Promise.resolve({ outcome: host.endsWith('.32') ? 'ok' : 'timeout', ms: 1, detail: null });
      },
      tcp: () => Promise.resolve(answer('timeout')),
    });
    await time.advance(1400);
    expect(asked.filter((line) => /\.3\d$/.test(line))).toEqual([
      'ping 192.0.2.31',
      'ping 192.0.2.32',
      'ping 192.0.2.33',
    ]);
    expect(probes.looks().neighbours).toEqual({ asked: 3, answered: 1 });
  });

  it('are left in peace when it does', async () => {
    const { time, asked, ports } = silentWorld();
    const probes = startProbes({
      ...ports,
      neighbours: () => Promise.resolve(table),
      probeHandshake: () => Promise.resolve({ outcome: 'hung', ms: 5, detail: null }),
    });
    await time.advance(1400);
    expect(asked.filter((line) => /\.3\d/.test(line))).toEqual([]);
    expect(probes.looks().neighbours).toBeNull();
  });
});
