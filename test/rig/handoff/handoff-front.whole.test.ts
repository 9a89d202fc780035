import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { LINK_PORT } from '../net/pair.ts';
import { onTheWire, sleep } from '../net/tiers.ts';
import { nowMs } from '../net/wire.ts';
import { askSocket, frontOf } from './haproxy.ts';
import { lossesOf, openScene, type Scene } from './scene.ts';

/** Bad input of a departure, on processes: the front, its files and the record, each from SERVING at 80 %. */

const LONG = 300_000;
const DEADLINE_MS = 120_000;
/** A front that died listens again within about 0.1 s; a machine of two cores under load gets more. */
const BACK_MS = 1000;

onTheWire('hand-off and accidents of the front', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ front: 'haproxy' });
    await scene.settled();
  }, LONG);
  afterAll(() => scene?.close());
  beforeEach(() => scene.restore(), LONG);

  /** A command on HAProxy's own socket, as somebody else would write it. */
  const haproxy = (command: string): Promise<string> => askSocket(frontOf(scene.core).socket, command);

  /** A leave under load, with something that happens in the middle of the shift; ends OFFLINE with nothing on the edge. */
  async function leftWith(accident: () => Promise<void> | void): Promise<{ readonly atMs: number }> {
    const { core, edge } = scene;
    const load = scene.load({ streams: 0 });
    await sleep(1000);
    const leaving = edge.rig.tandem('leave', '--now', '--json');
    await scene.state(DEADLINE_MS, 'SHIFTING');
    const atMs = nowMs();
    await accident();
    const left = await leaving;
    expect(left.code, left.stderr).toBe(0);
    await load.end();
    const { weights } = (await core.rig.status()).traffic ?? {};
    expect(weights).toEqual({ core: 100, edge: 0 });
    expect(await haproxy('get weight be/edge')).toMatch(/^0 /);
    expect(scene.verdict().duplicates).toEqual([]);
    return { atMs };
  }

  test(
    'a front that is killed in the middle of a shift is back with the weights of then, and the departure ends as planned',
    async () => {
      const { pid } = frontOf(scene.core);
      const { atMs } = await leftWith(() => void process.kill(pid, 'SIGKILL'));
      expect(frontOf(scene.core).pid).not.toBe(pid);
      const late = scene.verdict().lost.filter(({ endedMs }) => endedMs < atMs || endedMs > atMs + BACK_MS);
      expect(lossesOf({ ...scene.verdict(), lost: late })).toEqual([]);
    },
    LONG,
  );

  test(
    'a front that is reloaded in the middle of a shift loses nothing and brings no weight back',
    async () => {
      const { core } = scene;
      const { pid } = frontOf(core);
      const healthPath = (path: string) => core.rig.tandem('settings', 'set', 'traffic.healthPath', path);
      await leftWith(async () => {
        expect((await healthPath('/health?again')).code).toBe(0);
      });
      expect(frontOf(core).pid).not.toBe(pid);
      expect(lossesOf(scene.verdict())).toEqual([]);
      await healthPath('/health');
    },
    LONG,
  );

  test(
    'a runtime socket that is removed in the middle of a shift: another process takes over, and the departure ends as planned',
    async () => {
      const { pid, socket } = frontOf(scene.core);
      const { atMs } = await leftWith(() => rmSync(socket));
      expect(frontOf(scene.core).pid).not.toBe(pid);
      // While nobody can hand the port over there is a moment without a listener.
      const { lost } = scene.verdict();
      expect(lost.length).toBeLessThanOrEqual(10);
      expect(lost.filter(({ endedMs }) => endedMs < atMs)).toEqual([]);
    },
    LONG,
  );

  test(
    'a configuration that somebody edits is written anew and costs nothing',
    async () => {
      const file = join(scene.core.rig.home, 'run', 'haproxy.cfg');
      await leftWith(() => appendFileSync(file, '\n# mine: weight 256\n'));
      expect(readFileSync(file, 'utf8')).not.toContain('# mine');
      expect(lossesOf(scene.verdict())).toEqual([]);
    },
    LONG,
  );

  test(
    'a weight that somebody writes while it serves is noticed by the regular look: HOLD, not overwritten, over when it is as it was',
    async () => {
      const load = scene.load({ streams: 0 });
      await haproxy('set weight be/edge 61; set weight bp/edge 61');
      const held = await scene.state(15_000, 'HOLD');
      expect(held.hold?.code).toBe('weightConflict');
      await sleep(3000);
      expect(await haproxy('get weight be/edge')).toMatch(/^61 /);
      await haproxy('set weight be/edge 80; set weight bp/edge 80');
      await scene.settled(30_000);
      await load.end();
      expect(lossesOf(scene.verdict())).toEqual([]);
    },
    LONG,
  );

  test(
    'a record cut in half: set aside, the weights stay as they are, and it goes on once the edge is heard',
    async () => {
      const { core } = scene;
      const load = scene.load({ streams: 0 });
      const atMs = nowMs();
      await core.stop('SIGKILL');
      const record = join(core.rig.home, 'handoff.json');
      truncateSync(record, Math.floor(readFileSync(record).length / 2));
      await core.start();
      await scene.settled();
      await load.end();
      expect(lossesOf(scene.verdict())).toEqual([]);
      const aside = readdirSync(core.rig.home).filter((name) => name.startsWith('handoff.json.unreadable-'));
      expect(aside).toHaveLength(1);
      expect((await core.rig.history()).map(({ kind }) => kind)).toContain('handoff.recordUnreadable');
      const later = core.watch.seen.filter((seen) => seen.atMs >= atMs);
      const weights = later.flatMap(({ world: { traffic } }) =>
        traffic?.state === 'up' ? [traffic.weights.edge] : [],
      );
      expect([...new Set(weights)]).toEqual([80]);
    },
    LONG,
  );

  test(
    'a forced edge that nobody hears drains by itself: weight 0, and what it holds ends whole',
    async () => {
      const { core, edge, pair } = scene;
      const load = scene.load({ streams: 0, slowMs: 8000 });
      await sleep(2000);
      edge.space.block(LINK_PORT, 'DROP');
      await core.watch.reach('link down', 10_000, ({ peer }) => peer?.link === 'down');
      try {
        edge.rig.vitals.battery(10, { onAC: false });
        await scene.state(DEADLINE_MS, 'DRAINING');
        expect((await core.rig.status()).traffic?.weights.edge).toBe(0);
        await scene.state(DEADLINE_MS, 'OFFLINE');
        await load.end();
        expect(lossesOf(scene.verdict())).toEqual([]);
      } finally {
        edge.rig.vitals.battery(80, { onAC: true });
        await pair.settle();
      }
    },
    LONG,
  );
});
