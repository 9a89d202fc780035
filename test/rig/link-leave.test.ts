import { afterAll, beforeAll, expect, test } from 'vitest';
import { timed } from './net/canary.ts';
import { LINK_PORT, openPair, type Mac, type Pair } from './net/pair.ts';
import { onTheWire, sleep, testInRig } from './net/tiers.ts';
import type { Seen } from './net/watch.ts';
import { nowMs } from './net/wire.ts';

/** Research/link.md, test 15. */
const LEFT_MS = 300;
/** The decision and the notice of a break that was no leave. */
const ALARM_MS = 7500 + 1000;

const isLeft = ({ peer }: Seen): boolean => peer?.link === 'left';
const say = async (mac: Mac, event: 'suspend' | 'resume' | 'shutdown'): Promise<number> => {
  const atMs = nowMs();
  const heard = await mac.watch.client.call('host.event', { event });
  if (!heard.ok) throw new Error(heard.error.code);
  return atMs;
};
const alarms = (mac: Mac, fromMs: number): string[] =>
  mac.watch.seen
    .filter(({ atMs }) => atMs >= fromMs)
    .flatMap(({ notices }) => notices.map(({ kind }) => kind))
    .filter((kind) => kind === 'peerLost');

onTheWire('good-byes', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair({ gateway: true });
    await pair.pair();
  });
  afterAll(() => pair?.close());

  test('link 15: BYE(sleep) and then silence is LEFT within 0.3 s, and no alarm', async () => {
    await timed('link 15', pair, async () => {
      const atMs = await say(pair.edge, 'suspend');
      const seen = await pair.core.watch.see('LEFT', atMs, LEFT_MS, isLeft);
      expect(seen.peer).toMatchObject({ class: 'LEFT', byeReason: 'sleep' });
      pair.edge.signal('SIGSTOP');
      await sleep(ALARM_MS);
      expect(pair.core.watch.course(seen.atMs)).toEqual(['left:LEFT']);
      expect(alarms(pair.core, atMs)).toEqual([]);
      pair.edge.signal('SIGCONT');
      await say(pair.edge, 'resume');
      await pair.settle();
    });
  }, 120_000);

  test('link 15: a BYE that is replayed or changed is ignored', async () => {
    await pair.settle();
    await say(pair.edge, 'suspend');
    await pair.core.watch.reach('left', 2000, isLeft);
    await say(pair.edge, 'resume');
    await pair.settle();
    const atMs = nowMs();
    // Everything that the edge said lately, the BYE among it.
    expect(await pair.lab.wire.replay('edge>core', LINK_PORT, 256)).toBeGreaterThan(8);
    expect(await pair.lab.wire.replay('edge>core', LINK_PORT, 256, true)).toBeGreaterThan(8);
    await sleep(2000);
    expect(pair.core.watch.course(atMs)).toEqual(['up']);
    await pair.settle();
  }, 60_000);

  test('link 15: a BYE is out before the loop that sent it turns again', async () => {
    await timed('link 15 blocked', pair, async () => {
      pair.edge.bend({ stallAfterByeMs: 1000 });
      await sleep(300);
      const atMs = nowMs();
      void say(pair.edge, 'suspend').catch(() => undefined);
      await pair.core.watch.see('LEFT', atMs, LEFT_MS, isLeft);
      await sleep(1500);
      await say(pair.edge, 'resume');
      await pair.settle();
    });
  }, 120_000);

  testInRig(
    'link 15: an engine that is ended says why, and one that is killed does not',
    async () => {
      await pair.settle();
      const quitMs = await pair.edge.stop('SIGTERM');
      const quit = await pair.core.watch.see('left', quitMs, 2000, isLeft);
      expect(['quit', 'userStop']).toContain(quit.peer?.byeReason);
      await pair.edge.start();
      await pair.settle();
      const killedMs = await pair.edge.stop('SIGKILL');
      const killed = await pair.core.watch.see('down', killedMs, 3000, ({ peer }) => peer?.link === 'down');
      expect(killed.peer?.byeReason).toBeNull();
      await pair.edge.start();
      await pair.settle();
    },
    60_000,
  );

  testInRig(
    'link 15: shutdown is said as shutdown',
    async () => {
      await pair.settle();
      const atMs = await say(pair.edge, 'shutdown');
      const seen = await pair.core.watch.see('left', atMs, LEFT_MS, isLeft);
      expect(seen.peer?.byeReason).toBe('shutdown');
      await pair.edge.stop('SIGKILL');
      await pair.edge.start();
      await pair.settle();
    },
    60_000,
  );
});
