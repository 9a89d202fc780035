import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CORE_ADDRESS, GATEWAY_ADDRESS } from './net/namespaces.ts';
import { LINK_PORT, openPair, type Pair } from './net/pair.ts';
import { stranger } from './net/talk.ts';
import { onTheWire, sleep, testInRig } from './net/tiers.ts';
import { nowMs } from './net/wire.ts';
import { openRig, type Rig } from '../engine/tandem.ts';

const ALPN = 'tandem/1';
const PAIR_ALPN = 'tandem-pair/1';
/** Research/link.md, test 20. */
const GROWTH_BYTES = 5 * 1024 * 1024;

onTheWire('a third engine with another key', () => {
  let pair: Pair;
  let third: Rig;
  beforeAll(async () => {
    pair = await openPair({ gateway: false });
    await pair.pair();
    third = openRig({}, { prefix: () => pair.lab.gateway.prefix });
    await third.startEngine('--role', 'edge');
  });
  afterAll(async () => {
    await third?.close();
    await pair?.close();
  });

  const ownKey = (): [string, string] => [
    join(third.home, 'identity', 'key.pem'),
    join(third.home, 'identity', 'certificate.pem'),
  ];
  const knock = async (alpn: string, ...key: string[]): Promise<{ tls?: string; got?: number }> => {
    const one = stranger(pair.lab.gateway, 'tls', CORE_ADDRESS, String(LINK_PORT), alpn, ...key);
    const end = await one.see(({ tls }) => tls !== undefined, 10_000);
    await one.ended;
    return end;
  };

  test.each([
    ['with its own key', ALPN, true],
    ['without a key', ALPN, false],
    ['as if to pair, while no window is open', PAIR_ALPN, true],
    ['by a protocol that is none of ours', 'h2', true],
  ])('gets not one byte %s', async (_how, alpn, withKey) => {
    const atMs = nowMs();
    const end = await knock(alpn, ...(withKey ? ownKey() : []));
    expect(end.got).toBe(0);
    expect(end.tls).not.toBe('open');
    expect(pair.core.watch.course(atMs)).toEqual(['up']);
  });

  test('gets nothing when its own engine believes that it is paired', async () => {
    // What the edge remembers of the core, put into the stranger's home: pin, address, port.
    const known = readFileSync(join(pair.edge.rig.home, 'identity', 'peer.json'), 'utf8');
    await third.kill('SIGTERM');
    writeFileSync(join(third.home, 'identity', 'peer.json'), known, { mode: 0o600 });
    const atMs = nowMs();
    await third.startEngine('--role', 'edge');
    await sleep(4000);
    const seen = await third.status();
    expect(seen.peer).toMatchObject({ link: 'never', vitals: null, clusters: null, rttMs: null });
    for (const mac of [pair.core, pair.edge]) expect(mac.watch.course(atMs)).toEqual(['up']);
    const world = await pair.core.rig.status();
    expect(world.peer?.pin).toBe((JSON.parse(known) as { pin: string }).pin === '' ? '' : world.peer?.pin);
    expect(world.peer?.address).not.toBe(GATEWAY_ADDRESS);
  });

  testInRig(
    'junk costs nothing: no crash, no growth, no change',
    async () => {
      const before = residentBytes(pair.core.pid);
      const atMs = nowMs();
      const one = stranger(pair.lab.gateway, 'junk', CORE_ADDRESS, String(LINK_PORT), '1000');
      const said = await one.see(({ said: count }) => count === 1000, 10_000);
      await one.ended;
      // Half-open connections do not stay.
      expect(said.got).toBe(0);
      expect(pair.core.watch.course(atMs)).toEqual(['up']);
      expect(residentBytes(pair.core.pid) - before).toBeLessThan(GROWTH_BYTES);
    },
    60_000,
  );
});

function residentBytes(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}
