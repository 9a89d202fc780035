import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Seen } from '../net/watch.ts';
import { onTheWire, sleep } from '../net/tiers.ts';
import { nowMs } from '../net/wire.ts';
import { configOf, frontOf, startHaproxy } from './haproxy.ts';
import { openLateSocket } from './late-socket.ts';
import { anySpeed, lossesOf, openScene, type Scene } from './scene.ts';
import { edgeBetween, lastReport } from './told.ts';

/** A front that reads as written and deals otherwise (research/handoff.md section 8): only traffic proves traffic. */

const LONG = 300_000;
const DEADLINE_MS = 120_000;
const LATE_MS = 8000;

/** The edge was told to let go, or let go. */
const isBeyondProof = ({ world }: Seen): boolean =>
  ['DRAINING', 'RELEASED', 'OFFLINE'].includes(world.handoff?.state ?? '');

onTheWire('hand-off and a front that is late', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ front: 'haproxy', handoff: { return: anySpeed } });
    await scene.settled();
  }, LONG);
  afterAll(() => scene?.close());
  beforeEach(() => scene.restore(), LONG);

  test(
    'hand-off 5: a front that takes writes, reads them back and deals by the old weight for 8 s: nothing of the edge stops before traffic proves 0',
    async () => {
      const { core, edge } = scene;
      const late = await openLateSocket(frontOf(core).socket, LATE_MS);
      try {
        const load = scene.load({ streams: 0 });
        await sleep(2000);
        const atMs = nowMs();
        const left = await edge.rig.tandem('leave', '--now', '--json');
        expect(left.code, left.stderr).toBe(0);
        await load.end();
        const zeros = late.weights.filter(({ server, weight }) => server.endsWith('/edge') && weight === 0);
        const servedMs = Math.min(...zeros.map((one) => one.servedMs ?? Infinity));
        const readBack = await core.watch.see(
          '0 read back',
          atMs,
          DEADLINE_MS,
          ({ world }) => world.traffic?.weights.edge === 0,
        );
        // The fault was one: the edge was dealt to for seconds after everybody read 0.
        expect(servedMs - readBack.atMs).toBeGreaterThan(LATE_MS - 1000);
        expect(edgeBetween(scene, readBack.atMs, servedMs).length).toBeGreaterThan(100);
        const proven = await core.watch.see('the drain', atMs, DEADLINE_MS, isBeyondProof);
        expect(proven.atMs).toBeGreaterThan(servedMs);
        const unready = await edge.watch.see(
          'a gate that lets go',
          atMs,
          DEADLINE_MS,
          ({ world }) => world.traffic?.gate?.ready === false,
        );
        expect(unready.atMs).toBeGreaterThan(servedMs);
        const { report } = await lastReport(core, 'departure');
        expect(report).toMatchObject({ outcome: 'offline', planned: true, noPeer: false });
        const proof = report.steps.find(({ step }) => step === 'VERIFYING');
        expect(proof?.facts['onEdge']).toBeGreaterThan(0);
        expect(lossesOf(scene.verdict())).toEqual([]);
        expect(scene.verdict().duplicates).toEqual([]);
      } finally {
        await late.close();
      }
    },
    LONG,
  );

  test(
    'hand-off 6: one of two replicas of the front is stale: the proof sees it, holds, and a leave ends well once it is gone',
    async () => {
      const { core, edge } = scene;
      // A reload whose old process never let go of the port: both accept, each deals by its own weights.
      const text = await configOf(core, (one) => /server edge .* weight 80 /.test(one));
      const stale = await startHaproxy(core, text, ['-x', frontOf(core).socket]);
      try {
        const load = scene.load({ streams: 0 });
        await stale.dealt(200);
        const atMs = nowMs();
        const before = await stale.edgeRequests();
        await edge.rig.tandem('leave', '--now', '--no-wait', '--json');
        const held = await scene.state(DEADLINE_MS, 'HOLD');
        expect(held.hold?.code).toBe('weightNotLive');
        expect(held.steps.find(({ step }) => step === 'VERIFYING')?.facts['writtenAgain']).toBe(true);
        // The front of the engine reads 0, and the edge goes on as it was.
        expect(scene.haproxy('get weight be/edge')).toMatch(/^0 /);
        expect(core.watch.seen.filter((seen) => seen.atMs >= atMs && isBeyondProof(seen))).toEqual([]);
        expect((await edge.rig.status()).traffic?.gate?.ready).toBe(true);
        expect(await stale.edgeRequests()).toBeGreaterThan(before + 100);
        stale.retire();
        const left = await edge.rig.tandem('leave', '--now', '--json');
        expect(left.code, left.stderr).toBe(0);
        await load.end();
        expect(lossesOf(scene.verdict())).toEqual([]);
        expect(scene.verdict().duplicates).toEqual([]);
      } finally {
        await stale.close();
      }
    },
    LONG,
  );
});
