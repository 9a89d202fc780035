import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { LinkBreak } from '../../src-shared/world/peer.ts';
import { breaksOf, openPair, type Pair } from './net/pair.ts';
import { onTheWire, sleep, testInRig } from './net/tiers.ts';
import type { Seen } from './net/watch.ts';

const blackhole = { 'core>edge': { blackhole: true }, 'edge>core': { blackhole: true } };
const isDown = ({ peer }: Seen): boolean => peer?.link === 'down';

onTheWire('what a break turned out to be', () => {
  let pair: Pair;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-boot-'));
    pair = await openPair({ gateway: true });
    await pair.pair();
  });
  afterAll(async () => {
    await pair?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The core's newest break, once the link is back. */
  async function verdict(): Promise<LinkBreak> {
    await pair.settle();
    // HELLO comes with the session, the record a moment later.
    await sleep(1500);
    const [newest] = await breaksOf(pair.core);
    if (newest === undefined) throw new Error('no break was written down');
    expect(newest.endedAt).not.toBeNull();
    return newest;
  }
  const finalClass = (found: LinkBreak): string => found.finalClass ?? found.class;
  const down = (): Promise<Seen> => pair.core.watch.reach('down', 6000, isDown);

  testInRig(
    'link 18: the host was down: another boot',
    async () => {
      await pair.settle();
      await pair.lab.wire.set(blackhole);
      await down();
      await pair.edge.stop('SIGKILL');
      const bootId = join(folder, 'boot-id');
      writeFileSync(bootId, '00000000-1111-2222-3333-444444444444\n');
      await pair.edge.start({ bootIdFile: bootId });
      const found = await verdict();
      expect([found.class, finalClass(found), found.likely]).toEqual([
        'PEER_UNREACHABLE',
        'PEER_UNREACHABLE',
        'hostDown',
      ]);
      await pair.restart();
    },
    120_000,
  );

  testInRig(
    'link 18: it slept, and its good-bye was lost',
    async () => {
      await pair.settle();
      await pair.lab.wire.set(blackhole);
      await pair.edge.watch.client.call('host.event', { event: 'suspend' });
      pair.edge.signal('SIGSTOP');
      await down();
      await sleep(4000);
      pair.edge.signal('SIGCONT');
      await pair.edge.watch.client.call('host.event', { event: 'resume' });
      const found = await verdict();
      expect([finalClass(found), found.likely]).toEqual(['PEER_UNREACHABLE', 'asleep']);
    },
    120_000,
  );

  testInRig(
    'link 18: it ran all the time and missed us as well: a partition',
    async () => {
      await pair.settle();
      await pair.lab.wire.set(blackhole);
      await down();
      await sleep(3000);
      const found = await verdict();
      expect([finalClass(found), found.likely]).toEqual(['PEER_UNREACHABLE', 'partition']);
      expect(found.evidence).toContainEqual(expect.objectContaining({ by: 'peer' }));
    },
    120_000,
  );

  testInRig(
    'link 18: only one direction was lost',
    async () => {
      await pair.settle();
      await pair.lab.wire.set({ 'edge>core': { blackhole: true } });
      await down();
      await sleep(3000);
      const found = await verdict();
      expect(found.class).toBe('PEER_UNREACHABLE');
      expect(finalClass(found)).toBe('ONE_WAY');
    },
    120_000,
  );

  testInRig('a correction is a record of its own: the first word stands where it was', async () => {
    const records = await pair.core.rig.history();
    const corrections = records.filter(({ corrects }) => corrects !== undefined);
    expect(corrections.length).toBeGreaterThan(0);
    for (const { corrects } of corrections)
      expect(records.find(({ id }) => id === corrects)?.kind).toBe('link.down');
  });
});
