import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { fail, ok } from '../../src-shared/errors/result.ts';
import type { Verdict } from '../../src-demo/load/ledger.ts';
import { note } from './figures.ts';
import { gatewayScene, shares, type GatewayPair } from './scene.ts';

// A real Gateway data plane (Traefik) under 200 requests a second, with both sides' ledgers.

const { shared, measured } = gatewayScene();
/** Of all repetitions. */
const LIMIT_MS = 240_000;
/** The machine's monotonic clock, as the ledgers have it. */
const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** What is lost, counted: short enough for the message of a test that fails. @param but kinds that may be */
function lossesOf({ lost }: Verdict, but: readonly string[] = []): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { kind, lost: why, status, backend } of lost) {
    const key = [kind, why, status ?? '-', backend ?? '-'].join(' ');
    if (!but.includes(kind)) found[key] = (found[key] ?? 0) + 1;
  }
  return found;
}

/** Executed on the edge after that moment. */
const onEdgeSince = ({ ledger }: GatewayPair, sinceMs: number): number =>
  ledger.serverRecords().filter(({ backend, beganMs }) => backend === 'edge' && beganMs > sinceMs).length;

const edgeLive = (): Promise<number | null> => shared.traefik.liveWeight('tandem-front-edge');

test(
  'requests are dealt 20 to 80, each is answered once, and the answer says by whom',
  () =>
    measured('deal', async (pair) => {
      const load = pair.load();
      await sleep(3000);
      await load.end();
      const verdict = pair.ledger.verdict();
      expect([lossesOf(verdict), verdict.duplicates, verdict.unexplained]).toEqual([{}, [], []]);
      const { core = 0, edge = 0 } = verdict.byBackend;
      // The room's own probes are dealt in between, and take their turns from the load.
      expect(edge / (core + edge)).toBeGreaterThan(0.7);
      expect(edge / (core + edge)).toBeLessThan(0.9);
      note({ case: 'deal', ...verdict.byBackend, p50Ms: verdict.p50Ms, p99Ms: verdict.p99Ms });
    }),
  LIMIT_MS,
);

test(
  'a departure: half the share, none, proven, drained, gone; nothing is lost',
  () =>
    measured('departure', async (pair) => {
      const { room, gate, edge, ledger } = pair;
      const load = pair.load();
      await sleep(2000);
      expect(await room.switch.set(shares(40), shares(80))).toEqual(ok(shares(40)));
      await sleep(2000);
      const writtenMs = nowMs();
      expect(await room.switch.set(shares(0), shares(40))).toEqual(ok(shares(0)));
      const proof = await room.switch.verifyLive(shares(40), 10_000);
      const provenMs = nowMs();
      expect(proof).toMatchObject({ ok: true, value: { onEdge: 0, rounds: 2 } });
      await gate.setReady(false, 'leaving');
      // Slow requests and streams end by themselves; DRAINING waits as long (limits.md).
      await expect
        .poll(
          async () => {
            const state = await gate.state();
            return state.ok ? state.value.inFlight : -1;
          },
          { timeout: 45_000 },
        )
        .toBe(0);
      await gate.dispose('stop');
      await edge.end('SIGKILL');
      await sleep(2000);
      await load.end();
      const verdict = ledger.verdict();
      expect(lossesOf(verdict)).toEqual({});
      expect(verdict.duplicates).toEqual([]);
      expect(onEdgeSince(pair, provenMs)).toBe(0);
      note({ case: 'departure', total: verdict.total, proofMs: provenMs - writtenMs, lost: 0 });
    }),
  LIMIT_MS,
);

test(
  'a rollback right after a change, when the gateway is latest: nothing is lost, and 0 is 0 each time',
  () =>
    measured('rollback', async (pair) => {
      const { room, ledger } = pair;
      const load = pair.load();
      await sleep(1000);
      const late: (number | null)[] = [];
      for (let round = 0; round < 5; round += 1) {
        expect(await room.switch.set(shares(0), shares(80))).toEqual(ok(shares(0)));
        await sleep(300);
        expect(await room.switch.set(shares(80), shares(0))).toEqual(ok(shares(80)));
        await sleep(300);
        expect(await room.switch.set(shares(0), shares(80))).toEqual(ok(shares(0)));
        const proof = await room.switch.verifyLive(shares(80), 10_000);
        expect(proof).toMatchObject({ ok: true, value: { onEdge: 0 } });
        const provenMs = nowMs();
        // What the gateway itself deals by at that moment: it may be late, and nobody depends on it.
        late.push(await edgeLive());
        await expect.poll(edgeLive, { timeout: 10_000 }).toBe(0);
        expect(onEdgeSince(pair, provenMs)).toBe(0);
        expect(await room.switch.set(shares(80), shares(0))).toEqual(ok(shares(80)));
        await expect.poll(edgeLive, { timeout: 10_000 }).toBe(80);
      }
      await load.end();
      const verdict = ledger.verdict();
      expect(lossesOf(verdict)).toEqual({});
      expect(verdict.duplicates).toEqual([]);
      expect(verdict.byBackend['edge']).toBeGreaterThan(0);
      note({ case: 'rollback', total: verdict.total, lost: 0, gatewayWeightAtProof: late });
    }),
  LIMIT_MS,
);

/** The edge's gate says nothing any more; the watch is what the hand-off has for it. */
async function death(pair: GatewayPair, name: string, kill: () => void): Promise<Verdict> {
  const { room, ledger } = pair;
  let killedMs = 0;
  let deadMs: number | null = null;
  const watch = room.switch.watchEdge((alive) => {
    if (alive || killedMs === 0 || deadMs !== null) return;
    deadMs = nowMs();
    void room.switch.dead();
  });
  onTestFinished(() => watch.dispose());
  room.switch.hurry(true);
  const load = pair.load();
  await sleep(2000);
  killedMs = nowMs();
  kill();
  await expect.poll(() => deadMs, { timeout: 10_000 }).not.toBeNull();
  await sleep(3000);
  await load.end();
  const verdict = ledger.verdict();
  note({
    case: name,
    total: verdict.total,
    lost: verdict.lost.length,
    lostKinds: [...new Set(verdict.lost.map(({ kind }) => kind))],
    secondsToDead: ((deadMs ?? 0) - killedMs) / 1000,
  });
  return verdict;
}

test(
  'an edge that is killed: weight 0 is written, and only what may not be sent again is lost',
  () =>
    measured('killed', async (pair) => {
      const verdict = await death(pair, 'killed', () => {
        process.kill(pair.gate.pid() ?? 0, 'SIGKILL');
        process.kill(pair.edge.pid, 'SIGKILL');
      });
      // A gate that is killed is started again here, as on an edge whose engine lives; its workload is not.
      expect(lossesOf(verdict, ['post'])).toEqual({});
      expect(verdict.duplicates).toEqual([]);
      expect(await pair.room.switch.read()).toEqual(ok(shares(0)));
    }),
  LIMIT_MS,
);

test(
  'an edge that hangs: what waits for it is sent again, which the gateway alone would wait 30 s for',
  () =>
    measured('hung', async (pair) => {
      const pid = pair.gate.pid() ?? 0;
      const verdict = await death(pair, 'hung', () => process.kill(pid, 'SIGSTOP'));
      expect(lossesOf(verdict, ['post'])).toEqual({});
      expect(await pair.room.switch.read()).toEqual(ok(shares(0)));
    }),
  LIMIT_MS,
);

test(
  'a death while the cluster’s API is gone: the route still says 80, and the edge gets nothing',
  () =>
    measured('killed without an API', async (pair) => {
      await shared.plane.stopApi();
      try {
        const verdict = await death(pair, 'killed without an API', () => {
          process.kill(pair.gate.pid() ?? 0, 'SIGKILL');
          process.kill(pair.edge.pid, 'SIGKILL');
        });
        expect(lossesOf(verdict, ['post'])).toEqual({});
        expect(await pair.room.switch.read()).toEqual(fail('apiUnreachable', { name: 'gateway' }));
        expect(await edgeLive()).toBe(80);
      } finally {
        await shared.plane.startApi();
      }
      expect(await pair.room.switch.dead()).toMatchObject({ ok: true });
      await expect.poll(() => pair.room.switch.read()).toEqual(ok(shares(0)));
    }),
  LIMIT_MS,
);
