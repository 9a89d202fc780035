import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HistoryRecord } from '../../../src-shared/commands/housekeeping.ts';
import { weightIn } from '../../../src-engine/traffic/haproxy/replies.ts';
import type { Mac } from '../net/pair.ts';
import { onTheWire, sleep } from '../net/tiers.ts';
import { nowMs } from '../net/wire.ts';
import { askSocket, frontOf } from './haproxy.ts';
import { anySpeed, lossesOf, openScene, tellWorkload, type Scene } from './scene.ts';
import { courseOf, lastReport } from './told.ts';

/** A core that is ill, or gone, in the middle of a departure (research/handoff.md section 8). */

const LONG = 300_000;
const DEADLINE_MS = 120_000;
/** Shorter than the 15 s that the edge waits for a word, longer than its link needs to be sure. */
const GONE_MS = 5000;
/** How a client is told that nobody is there: refused, or cut off. */
const FRONT_DEAD = /ECONNREFUSED|ECONNRESET|EPIPE|socket hang up|aborted|cutShort/;

onTheWire('hand-off and its core', () => {
  let scene: Scene;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-boot-'));
    scene = await openScene({ front: 'haproxy', handoff: { return: anySpeed } });
    await scene.settled();
  }, LONG);
  afterAll(async () => {
    await scene?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => scene.restore(), LONG);

  test(
    'hand-off 15: forced, with a core whose workload is ill: it goes, and the report says "no peer"',
    async () => {
      const { core, edge } = scene;
      await tellWorkload(core, { healthy: false });
      const load = scene.load({ streams: 0 });
      try {
        await sleep(2000);
        edge.rig.vitals.battery(12, { onAC: false });
        const gone = await scene.state(DEADLINE_MS, 'OFFLINE');
        expect(gone.reasons).toMatchObject([{ name: 'battery', level: 'forced' }]);
        const { report, record } = await lastReport(core, 'departure');
        expect(report).toMatchObject({
          outcome: 'offline',
          noPeer: true,
          sharesAfter: { core: 100, edge: 0 },
        });
        expect(record.what).toContain('no peer');
        const shown = await core.rig.tandem('history', 'report', record.id);
        expect(shown.stdout).toContain('No peer');
        await load.end();
        // Nobody promises what a core that is ill does with its requests; it is counted, and told.
        const { lost, total, duplicates } = scene.verdict();
        process.stdout.write(`hand-off 15: forced onto an ill core: ${lost.length} of ${total} lost\n`);
        expect(duplicates).toEqual([]);
      } finally {
        await tellWorkload(core, { healthy: true });
        edge.rig.vitals.battery(80, { onAC: true });
        await load.end();
      }
    },
    LONG,
  );

  test(
    'hand-off 17: the core is rebooted in DRAINING: no stop without RELEASE, one writer, and weights that agree',
    async () => {
      const { core, edge } = scene;
      const load = scene.load({ streams: 0 });
      await sleep(2000);
      const beganMs = nowMs();
      const beganAt = new Date().toISOString();
      const leaving = edge.rig.tandem('leave', '--now', '--no-wait', '--json');
      await scene.state(DEADLINE_MS, 'DRAINING');
      await leaving;
      const killedMs = nowMs();
      const front = frontOf(core);
      // The engine first: it would start its front again.
      await core.stop('SIGKILL');
      for (const pid of [front.pid, scene.workload('core').pid]) process.kill(pid, 'SIGKILL');
      await sleep(GONE_MS);
      expect(await kindsSince(edge, beganAt, 'handoff.gone')).toEqual([]);
      expect((await edge.rig.status()).traffic?.gate?.notReady).toBe('leaving');
      const bootIdFile = join(folder, 'boot-id');
      writeFileSync(bootIdFile, '00000000-1111-2222-3333-555555555555\n');
      await scene.restartWorkload('core');
      const weights = watchWeights(front.socket);
      await core.start({ bootIdFile });
      const ended = await scene.state(DEADLINE_MS, 'OFFLINE');
      await sleep(1000);
      await load.end();
      const { seen, backMs } = await weights.end();
      expect(ended.safeToCloseLid).toBe(true);
      // The new front never dealt the edge anything, whoever might have written.
      expect([...new Set(seen)]).toEqual([0]);
      expect(courseOf(scene, killedMs).filter((share) => share > 0)).toEqual([]);
      expect((await core.rig.status()).traffic?.weights).toEqual({ core: 100, edge: 0 });
      const [released] = await kindsSince(core, beganAt, 'handoff.released');
      const [gone] = await kindsSince(edge, beganAt, 'handoff.gone');
      expect(gone?.evidence).toMatchObject({ alone: false });
      expect(Date.parse(gone?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(released?.at ?? ''));
      const { report } = await lastReport(core, 'departure');
      expect(report).toMatchObject({ outcome: 'offline', planned: true, noPeer: false });
      expectOnlyRefusals(beganMs, killedMs, backMs);
    },
    LONG,
  );

  /** What nobody could answer is told apart: it was asked or under way while the front was dead. */
  function expectOnlyRefusals(beganMs: number, killedMs: number, backMs: number): void {
    const verdict = scene.verdict();
    const dead = verdict.lost.filter(({ sentMs, endedMs }) => endedMs >= killedMs && sentMs <= backMs);
    const others = verdict.lost.filter((one) => !dead.includes(one));
    process.stdout.write(
      `hand-off 17: the front was dead for ${(backMs - killedMs).toFixed(0)} ms: ${dead.length} refused or cut off, ` +
        `${others.length} lost besides, of ${verdict.total} in ${(nowMs() - beganMs).toFixed(0)} ms\n`,
    );
    expect(dead.filter(({ lost }) => !FRONT_DEAD.test(lost ?? ''))).toEqual([]);
    expect(lossesOf({ ...verdict, lost: others })).toEqual([]);
    expect(verdict.duplicates).toEqual([]);
  }
});

async function kindsSince({ rig }: Mac, at: string, kind: string): Promise<HistoryRecord[]> {
  return (await rig.history()).filter((one) => one.kind === kind && one.at >= at);
}

const LOOK_MS = 20;

/** What the next front deals to the edge, from its first answer on. */
function watchWeights(socket: string) {
  const seen: number[] = [];
  let backMs = Infinity;
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const server of ['be/edge', 'bp/edge']) {
        const reply = await askSocket(socket, `get weight ${server}`).catch(() => null);
        const weight = reply === null ? null : weightIn(reply);
        if (weight === null) continue;
        backMs = Math.min(backMs, nowMs());
        seen.push(weight);
      }
      await sleep(LOOK_MS);
    }
  })();
  return {
    async end() {
      over.abort();
      await watching;
      return { seen, backMs };
    },
  };
}
