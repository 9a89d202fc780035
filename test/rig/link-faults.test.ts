import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { homeAt } from '../../src-engine/platform/home.ts';
import { timed } from './net/canary.ts';
import { LINK_PORT, openPair, type Mac, type Pair } from './net/pair.ts';
import { onTheWire, sleep, testInRig } from './net/tiers.ts';
import type { Seen } from './net/watch.ts';
import { nowMs } from './net/wire.ts';
import { eventually } from '../engine/tandem.ts';

/** Design limits, Link. */
const CAP_MS = 2600;
const CRASHED_MS = 600;
const OFFLINE_MS = 1000;
/** Research/link.md, test 10. */
const RECOVERS_MS = 4000;

const isClass =
  (name: string) =>
  ({ peer }: Seen): boolean =>
    peer?.class === name;
const hasLostNotice = ({ notices }: Seen): boolean => notices.some(({ kind }) => kind === 'peerLost');
const wasDown = (mac: Mac, fromMs: number): boolean =>
  mac.watch.course(fromMs).some((word) => word.startsWith('down'));

onTheWire('faults', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair({ gateway: true });
    await pair.pair();
  });
  afterAll(() => pair?.close());

  test('link 9: kill -9 of the other engine is APP_CRASHED within 0.6 s', async () => {
    await timed('link 9', pair, async () => {
      const atMs = await pair.edge.stop('SIGKILL');
      const seen = await pair.core.watch.see('APP_CRASHED', atMs, CRASHED_MS, isClass('APP_CRASHED'));
      expect(seen.peer?.link).toBe('down');
      // Its host lives, and that is why.
      expect(seen.peer?.evidence).toContainEqual(
        expect.objectContaining({ about: 'peer', probe: 'appPort', outcome: 'refused' }),
      );
      await sleep(2000);
      expect(pair.core.watch.course(atMs).filter((word) => word.startsWith('down'))).toEqual([
        'down:APP_CRASHED',
      ]);
      await pair.settle();
    });
  }, 120_000);

  testInRig.each(['core', 'edge'] as const)(
    'link 8: what %s says is lost: it sees ONE_WAY by the echo, the other sees silence',
    async (muted) => {
      await timed(`link 8 ${muted}`, pair, async () => {
        const [mute, deaf] = muted === 'core' ? [pair.core, pair.edge] : [pair.edge, pair.core];
        const direction = muted === 'core' ? 'core>edge' : 'edge>core';
        const atMs = await pair.lab.wire.set({ [direction]: { blackhole: true } });
        await mute.watch.see('ONE_WAY', atMs, CAP_MS, isClass('ONE_WAY'));
        await deaf.watch.see('PEER_UNREACHABLE', atMs, CAP_MS, isClass('PEER_UNREACHABLE'));
        await sleep(1500);
        expect(mute.watch.seen.at(-1)?.peer?.class).toBe('ONE_WAY');
      });
    },
    120_000,
  );

  testInRig(
    'link 10: SIGSTOP is APP_HUNG within 2.6 s, SIGCONT is up again within 4 s',
    async () => {
      await timed('link 10', pair, async () => {
        const atMs = pair.edge.signal('SIGSTOP');
        await pair.core.watch.see('APP_HUNG', atMs, CAP_MS, isClass('APP_HUNG'));
        await sleep(1000);
        const wokenMs = pair.edge.signal('SIGCONT');
        await pair.core.watch.see('up', wokenMs, RECOVERS_MS, ({ peer }) => peer?.link === 'up');
        await sleep(500);
        // Who slept blames nobody.
        expect(wasDown(pair.edge, wokenMs)).toBe(false);
      });
    },
    120_000,
  );

  testInRig(
    'link 11: a firewall that rejects the port looks like a crash, and a second look decides',
    async () => {
      await timed('link 11 REJECT', pair, async () => {
        pair.edge.space.block(LINK_PORT, 'REJECT');
        const atMs = nowMs();
        const seen = await pair.core.watch.see('down', atMs, CAP_MS, ({ peer }) => peer?.link === 'down');
        expect(['APP_CRASHED', 'PORT_BLOCKED']).toContain(seen.peer?.class);
      });
    },
    120_000,
  );

  testInRig(
    'link 11: a firewall that drops the port while ping answers is PORT_BLOCKED',
    async () => {
      await timed('link 11 DROP', pair, async () => {
        pair.edge.space.block(LINK_PORT, 'DROP');
        const atMs = nowMs();
        await pair.core.watch.see('PORT_BLOCKED', atMs, CAP_MS, isClass('PORT_BLOCKED'));
      });
    },
    120_000,
  );

  testInRig(
    'link 11: a RST from nowhere costs a connection and not the link: again within 1 s',
    async () => {
      await timed('link 11 RST', { settle: () => haveStandingSession(pair) }, async () => {
        const before = await sessions(pair.core);
        const atMs = nowMs();
        expect(await pair.lab.wire.reset(LINK_PORT)).toBeGreaterThan(0);
        while (!(await sessions(pair.core)).some((one) => !before.includes(one))) {
          expect(nowMs() - atMs, 'no new session').toBeLessThan(1000);
          await sleep(20);
        }
        await sleep(3500);
        for (const mac of [pair.core, pair.edge]) expect(wasDown(mac, atMs)).toBe(false);
        await pair.settle();
      });
    },
    120_000,
  );

  testInRig(
    'link 12: its own link down is SELF_OFFLINE within 1 s, and no alarm about the other',
    async () => {
      await timed('link 12', { settle: pair.restart }, async () => {
        const atMs = nowMs();
        pair.edge.space.linkDown();
        await pair.edge.watch.see('SELF_OFFLINE', atMs, OFFLINE_MS, isClass('SELF_OFFLINE'));
        await sleep(8500);
        expect(pair.edge.watch.seen.filter(({ atMs: at }) => at > atMs).some(hasLostNotice)).toBe(false);
        await pair.settle();
      });
    },
    180_000,
  );

  testInRig(
    'link 12: router and peer silent at once is SELF_OR_ROUTER_DOWN; the router alone is nothing',
    async () => {
      // Whether a router answers at all is learnt while all is well.
      await timed('link 12 router', { settle: () => settledFor(pair, 3000) }, async () => {
        const { wire } = pair.lab;
        const alone = await wire.set({
          'core>gateway': { blackhole: true },
          'gateway>core': { blackhole: true },
        });
        await sleep(4000);
        expect(pair.core.watch.course(alone)).toEqual(['up']);
        const atMs = await wire.setAll({ blackhole: true });
        await pair.core.watch.see('SELF_OR_ROUTER_DOWN', atMs, CAP_MS, isClass('SELF_OR_ROUTER_DOWN'));
      });
    },
    120_000,
  );

  testInRig.each([2000, 10_000])(
    'link 13: a stall of its own event loop of %i ms is no DOWN of the peer',
    async (stallMs) => {
      await pair.settle();
      const atMs = pair.core.bend({ stallMs });
      await sleep(stallMs + 4000);
      expect(wasDown(pair.core, atMs)).toBe(false);
      if (stallMs < 2500) expect(wasDown(pair.edge, atMs)).toBe(false);
      await pair.settle();
    },
    120_000,
  );

  testInRig(
    'link 13: an app that reads nothing for 30 s, as behind an open menu, is no DOWN',
    async () => {
      await pair.settle();
      const app = await readerThatReadsNothing(pair.core);
      const atMs = nowMs();
      await sleep(30_000);
      expect(wasDown(pair.core, atMs)).toBe(false);
      expect(wasDown(pair.edge, atMs)).toBe(false);
      app.destroy();
    },
    120_000,
  );

  testInRig(
    'link 14: after a suspension nothing old is believed for 3 s, then it is right: the peer lives',
    async () => {
      await pair.settle();
      await suspendFor(pair.core, 6000);
      const atMs = pair.core.bend({ monotonicJumpMs: 3_600_000 });
      pair.core.signal('SIGCONT');
      await sleep(3000);
      expect(wasDown(pair.core, atMs)).toBe(false);
      await pair.settle();
      expect(pair.core.watch.course(nowMs())).toEqual(['up']);
    },
    120_000,
  );

  testInRig(
    'link 14: after a suspension nothing old is believed for 3 s, then it is right: the peer is gone',
    async () => {
      await pair.settle();
      await suspendFor(pair.core, 6000);
      await pair.edge.stop('SIGKILL');
      const atMs = pair.core.bend({ monotonicJumpMs: 3_600_000 });
      pair.core.signal('SIGCONT');
      await sleep(2900);
      expect(wasDown(pair.core, atMs)).toBe(false);
      await pair.core.watch.see('down', atMs, 10_000, ({ peer }) => peer?.link === 'down');
      await pair.settle();
    },
    120_000,
  );

  testInRig.each([86_400_000, -86_400_000, 1500, -1500])(
    'link 14: a wall clock that jumps by %i ms changes nothing',
    async (wallJumpMs) => {
      await pair.settle();
      const atMs = pair.core.bend({ wallJumpMs });
      await sleep(5000);
      for (const mac of [pair.core, pair.edge]) expect(mac.watch.course(atMs)).toEqual(['up']);
      pair.core.bend({ wallJumpMs: -wallJumpMs });
    },
    60_000,
  );
});

// Only kind has an API server to lose, and kind is another tier: classify.test.ts has row 10, test/kind the rest.

async function suspendFor(mac: Mac, ms: number): Promise<void> {
  mac.signal('SIGSTOP');
  await sleep(ms);
}

/** A subscriber whose socket fills up. */
async function readerThatReadsNothing(mac: Mac): Promise<Socket> {
  const socket = connect(homeAt(mac.rig.home).socketTarget);
  await once(socket, 'connect');
  socket.pause();
  socket.write(
    `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'status.subscribe', params: { live: true } })}\n`,
  );
  return socket;
}

/** Established connections of the link at a Mac, each by its two ends. */
async function sessions(mac: Mac): Promise<string[]> {
  return (await mac.space.look('ss', '-Htn', 'state', 'established'))
    .split('\n')
    .filter((line) => line.includes(`:${LINK_PORT}`))
    .map((line) => line.trim().split(/\s+/).slice(2, 4).join(' '));
}

async function settledFor(pair: Pair, ms: number): Promise<void> {
  await pair.settle();
  await sleep(ms);
}

/** One that stood for less is dialled again more slowly, lest there be a storm of short ones (session/back-off.ts). */
async function haveStandingSession(pair: Pair): Promise<void> {
  await pair.settle();
  await eventually('a session', async () => (await sessions(pair.core)).length > 0, 15_000);
  await sleep(5000);
}
