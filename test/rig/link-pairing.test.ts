import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { CORE_ADDRESS, GATEWAY_ADDRESS } from './net/namespaces.ts';
import { openPair, pairByHand, LINK_PORT, type Mac, type Pair, type PairOptions } from './net/pair.ts';
import { answer, compare, dial, openWindow, pairingOf, stageOf } from './net/pairing.ts';
import { relay } from './net/talk.ts';
import { onTheWire, sleep, testInRig } from './net/tiers.ts';
import { openRig } from '../engine/tandem.ts';
import { watchEngine } from './net/watch.ts';

const PAIR_ALPN = 'tandem-pair/1';
/** Research/link.md, section 5: window and time to confirm. */
const WINDOW_MS = 120_000;

const isPaired = (mac: Mac): boolean => existsSync(join(mac.rig.home, 'identity', 'peer.json'));

onTheWire('pairing', () => {
  let pair: Pair | undefined;
  afterEach(async () => {
    await pair?.close();
    pair = undefined;
  });
  const open = async (options: PairOptions = { gateway: true }): Promise<Pair> =>
    (pair = await openPair(options));

  test('link 19: by the command line alone, with the same digits on both, and then each shows the other', async () => {
    const { core, edge, pair: pairUp } = await open({ gateway: true, roles: null });
    const paired = await pairUp();
    expect(paired.digits).toMatch(/^\d{6}$/);
    const [ofCore, ofEdge] = [await core.rig.status(), await edge.rig.status()];
    expect(ofCore.role).toBe('core');
    expect(ofEdge.role).toBe('edge');
    expect(ofCore.peer).toMatchObject({ role: 'edge', link: 'up', class: null, pin: paired.edge.pin });
    expect(ofEdge.peer).toMatchObject({ role: 'core', link: 'up', class: null, pin: paired.core.pin });
    expect(ofCore.link.pin).toBe(paired.core.pin);
    expect(ofEdge.link.pin).toBe(paired.edge.pin);
    expect(paired.core.pin).not.toBe(paired.edge.pin);
    expect(ofCore.peer?.vitals?.battery?.percent).toBe(80);
    for (const mac of [core, edge]) {
      const folder = join(mac.rig.home, 'identity');
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
    // What was agreed outlives both engines.
    await pair?.restart();
    expect((await core.rig.status()).peer).toMatchObject({ link: 'up', pin: paired.edge.pin });
  }, 90_000);

  test('link 19: one side alone is nobody: "different" on either Mac leaves both unpaired', async () => {
    const { core, edge } = await open();
    const [one, other] = await compare(core, edge, CORE_ADDRESS);
    expect(one).toBe(other);
    await answer(edge, true);
    await answer(core, false);
    const [ofCore, ofEdge] = [await stageOf(core, 'failed'), await stageOf(edge, 'failed')];
    expect(ofCore.error?.code).toBe('pairingDifferent');
    expect(ofEdge.error?.code).toBe('pairingDeclined');
    expect([core, edge].map(isPaired)).toEqual([false, false]);
  }, 60_000);

  test('link 19: somebody in between who passes every byte on is found out, and nobody is paired', async () => {
    const { core, edge, lab } = await open();
    const third = openRig({}, { prefix: () => lab.gateway.prefix });
    let between: ReturnType<typeof relay> | undefined;
    try {
      await third.startEngine();
      const key = ['key.pem', 'certificate.pem'].map((file) => join(third.home, 'identity', file));
      between = relay(lab.gateway, '47999', CORE_ADDRESS, String(LINK_PORT), ...key, PAIR_ALPN);
      await between.see(({ ready }) => ready === true, 5000);
      await openWindow(core);
      await dial(edge, `${GATEWAY_ADDRESS}:47999`);
      await between.see(({ said }) => said !== undefined, 5000);
      const ended = await Promise.race([stageOf(edge, 'failed', 20_000), stageOf(core, 'failed', 20_000)]);
      expect(['pairingForged', 'pairingBroken']).toContain(ended.error?.code);
      for (const mac of [core, edge]) expect(pairingOf(mac)?.stage).not.toBe('compare');
      expect([core, edge].map(isPaired)).toEqual([false, false]);
    } finally {
      await between?.stop();
      await third.close();
    }
  }, 60_000);

  testInRig(
    'link 19: somebody in between who pairs with each shows other digits on each',
    async () => {
      const { core, edge, lab } = await open();
      // Two attackers, since one engine has one pairing: one waits for the edge, the other dials the core.
      const [waits, dials] = [0, 1].map(() => openRig({}, { prefix: () => lab.gateway.prefix }));
      if (waits === undefined || dials === undefined) throw new Error('unreachable');
      try {
        await dials.tandem('settings', 'set', 'link.port', '47999');
        await Promise.all([waits.startEngine('--role', 'core'), dials.startEngine('--role', 'edge')]);
        const [bait, hook] = [await watchEngine(waits.home), await watchEngine(dials.home)];
        await Promise.all([bait.client.call('pair.open', {}), openWindow(core)]);
        await hook.client.call('pair.dial', { host: CORE_ADDRESS });
        await dial(edge, GATEWAY_ADDRESS);
        const [ofCore, ofEdge] = [await stageOf(core, 'compare'), await stageOf(edge, 'compare')];
        expect(ofCore.digits).not.toBe(ofEdge.digits);
        bait.close();
        hook.close();
      } finally {
        await Promise.all([waits.close(), dials.close()]);
      }
    },
    60_000,
  );

  testInRig(
    'link 19: the fourth try after three failures is refused',
    async () => {
      const { core, edge } = await open();
      for (let n = 0; n < 3; n += 1) {
        await compare(core, edge, CORE_ADDRESS);
        await answer(edge, false);
        await Promise.all([stageOf(core, 'failed'), stageOf(edge, 'failed')]);
      }
      const again = await core.watch.client.call('pair.open', {});
      expect(again).toMatchObject({ ok: false, error: { code: 'pairingLocked' } });
      // An end of the engine is no way round it.
      await core.stop('SIGTERM');
      await core.start();
      expect(await core.watch.client.call('pair.open', {})).toMatchObject({
        ok: false,
        error: { code: 'pairingLocked' },
      });
      expect([core, edge].map(isPaired)).toEqual([false, false]);
    },
    90_000,
  );

  testInRig(
    'link 19: without a window nobody is let in',
    async () => {
      const { core, edge } = await open();
      const refused = await edge.rig.tandem('pair', CORE_ADDRESS, '--yes', '--json');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/pairingNotOpen|peerUnreachable/);
      expect([core, edge].map(isPaired)).toEqual([false, false]);
    },
    60_000,
  );

  testInRig(
    'link 19: a window that ran out lets nobody in, and a new one does',
    async () => {
      const { core, edge } = await open();
      await openWindow(core);
      await stageOf(core, 'listening');
      await core.watch.reach(
        'the end of the window',
        WINDOW_MS + 3000,
        ({ world }) => world.link.pairing?.stage !== 'listening',
      );
      const refused = await edge.rig.tandem('pair', CORE_ADDRESS, '--yes', '--json');
      expect(refused.code).toBe(1);
      await pairByHand(core.rig, edge.rig, CORE_ADDRESS);
    },
    240_000,
  );

  testInRig(
    'link 19: a network that goes in the middle ends it in words; the next try pairs',
    async () => {
      const { core, edge } = await open();
      await compare(core, edge, CORE_ADDRESS);
      edge.space.linkDown();
      await sleep(500);
      await Promise.allSettled([answer(core, true), answer(edge, true)]);
      await sleep(2000);
      expect([core, edge].map(isPaired)).toEqual([false, false]);
      edge.space.linkUp();
      for (const mac of [core, edge]) await mac.watch.client.call('pair.cancel', {});
      await sleep(1500);
      await pairByHand(core.rig, edge.rig, CORE_ADDRESS);
      expect([core, edge].map(isPaired)).toEqual([true, true]);
    },
    120_000,
  );

  testInRig(
    'unpair on one Mac is told to the other, and they can pair again',
    async () => {
      const { core, edge, pair: pairUp } = await open();
      await pairUp();
      expect((await core.rig.tandem('unpair', '--yes')).code).toBe(0);
      await edge.watch.reach('unpaired', 5000, ({ peer }) => peer === null);
      expect([core, edge].map(isPaired)).toEqual([false, false]);
      await pairByHand(core.rig, edge.rig, CORE_ADDRESS);
      await core.watch.reach('up', 15_000, ({ peer }) => peer?.link === 'up');
    },
    120_000,
  );
});
