import { afterAll, beforeAll, expect } from 'vitest';
import { timed } from './net/canary.ts';
import { EDGE_ADDRESS } from './net/namespaces.ts';
import { openPair, type Mac, type Pair } from './net/pair.ts';
import { onTheWire, sleep, testInRig } from './net/tiers.ts';
import type { Seen } from './net/watch.ts';
import { nowMs } from './net/wire.ts';

const NEW_ADDRESS = '192.0.2.3';
const wasDown = (mac: Mac, fromMs: number): boolean =>
  mac.watch.course(fromMs).some((word) => word.startsWith('down'));
const isAt =
  (address: string) =>
  ({ peer }: Seen): boolean =>
    peer?.link === 'up' && peer.address === address;

onTheWire('roaming', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair({ gateway: true });
    await pair.pair();
  });
  afterAll(() => pair?.close());

  testInRig(
    'link 16: the other address of an authenticated Mac is ROAMED and no break',
    async () => {
      await timed('link 16', pair, async () => {
        const atMs = nowMs();
        pair.edge.space.changeAddress(NEW_ADDRESS);
        await pair.core.watch.see('ROAMED', atMs, 5000, ({ peer }) => peer?.class === 'ROAMED');
        const there = await pair.core.watch.see('its new address', atMs, 10_000, isAt(NEW_ADDRESS));
        await sleep(4000);
        for (const mac of [pair.core, pair.edge]) expect(wasDown(mac, atMs)).toBe(false);
        // No break, no notice of one.
        expect(pair.core.watch.seen.at(-1)?.notices.filter(({ category }) => category === 'link')).toEqual(
          there.notices.filter(({ category }) => category === 'link'),
        );
        const backMs = nowMs();
        pair.edge.space.changeAddress(EDGE_ADDRESS);
        await pair.core.watch.see('its old address', backMs, 10_000, isAt(EDGE_ADDRESS));
        await pair.settle();
      });
    },
    180_000,
  );

  testInRig(
    'link 16: over an old connection that is half open, the newest wins at once',
    async () => {
      await pair.settle();
      // Its going is never heard: the core keeps a connection to nobody.
      await pair.lab.wire.set({ 'edge>core': { blackhole: true }, 'core>edge': { blackhole: true } });
      await pair.edge.stop('SIGKILL');
      await pair.core.watch.reach('down', 4000, ({ peer }) => peer?.link === 'down');
      await pair.lab.wire.setAll({});
      await pair.edge.start();
      const startedMs = nowMs();
      // 10 of 12 beats and three clean seconds are part of "up"; refusing the new one would take minutes.
      await pair.core.watch.see('up', startedMs, 6000, ({ peer }) => peer?.link === 'up');
    },
    60_000,
  );

  testInRig(
    'a network with another router is another network: it asks, and neither listens nor announces',
    async () => {
      await pair.settle();
      const atMs = nowMs();
      // Another router: the same address, another MAC.
      pair.lab.gateway.ip('link', 'set', 'eth0', 'address', '02:00:00:00:00:99');
      for (const mac of [pair.core, pair.edge]) {
        mac.space.ip('neigh', 'flush', 'dev', 'eth0');
        mac.space.linkDown();
      }
      // No Wi-Fi is left and another joined faster; interfaces are compared every two seconds.
      await sleep(3000);
      for (const mac of [pair.core, pair.edge]) mac.space.linkUp();
      // Each sees it for itself, and neither is asked before it has.
      for (const mac of [pair.core, pair.edge]) {
        const { world } = await mac.watch.see(
          'another network',
          atMs,
          20_000,
          (seen) => seen.world.link.network === 'other',
        );
        expect(world.link.listening).toBeNull();
        const asked = await mac.watch.reach('a question', 10_000, ({ notices }) =>
          notices.some(({ kind }) => kind === 'networkAsked'),
        );
        expect(asked.world.link.router).toContain('99');
      }
      for (const mac of [pair.core, pair.edge])
        expect((await mac.rig.tandem('peer', 'network', '--trust')).code).toBe(0);
      await pair.settle();
      expect((await pair.core.rig.status()).link.network).toBe('trusted');
    },
    120_000,
  );
});
