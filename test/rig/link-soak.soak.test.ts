import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPair, type Mac, type Pair } from './net/pair.ts';
import { onTheWire, sleep, soakMs } from './net/tiers.ts';
import { nowMs, type WireRule } from './net/wire.ts';

/** In real time; `npm test` runs the same profiles time-compressed through the pure detector. */
const HOUR_MS = 3_600_000;
const KBIT = 1000 / 8;
/** Design limits, Link: load per direction when idle. */
const MAX_UDP_KBIT = 4;
const MAX_TLS_KBIT = 2;
const CLOCK_TICKS_PER_SECOND = 100;

const downs = (mac: Mac, fromMs: number): string[] =>
  mac.watch.course(fromMs).filter((word) => word.startsWith('down'));

onTheWire('in real time', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair({ gateway: true });
    await pair.pair();
  });
  afterAll(() => pair?.close());

  async function live(ms: number, rule: WireRule): Promise<number> {
    await pair.settle();
    const atMs = await pair.lab.wire.set({ 'core>edge': rule, 'edge>core': rule });
    await sleep(ms);
    return atMs;
  }
  const expectNoDown = (fromMs: number): void => {
    for (const mac of [pair.core, pair.edge]) expect(downs(mac, fromMs)).toEqual([]);
  };

  test(
    'link 1: ten clean minutes: never suspect, and the load and the work of limits.md',
    async () => {
      await pair.settle();
      await sleep(5000);
      const before = await pair.lab.wire.counts();
      const workBefore = [pair.core, pair.edge].map(({ pid }) => cpuSeconds(pid));
      const ms = soakMs(10);
      const atMs = await live(ms, {});
      const after = await pair.lab.wire.counts();
      for (const mac of [pair.core, pair.edge]) expect(mac.watch.course(atMs)).toEqual(['up']);
      for (const direction of ['core>edge', 'edge>core']) {
        const kbit = (kind: 'udpBytes' | 'tcpBytes'): number =>
          ((after[direction]?.[kind] ?? 0) - (before[direction]?.[kind] ?? 0)) / KBIT / (ms / 1000);
        process.stdout.write(
          `link 1: ${direction} ${kbit('udpBytes').toFixed(2)} kbit/s UDP, ${kbit('tcpBytes').toFixed(2)} kbit/s TLS\n`,
        );
        expect(kbit('udpBytes')).toBeLessThanOrEqual(MAX_UDP_KBIT);
        expect(kbit('tcpBytes')).toBeLessThanOrEqual(MAX_TLS_KBIT);
      }
      [pair.core, pair.edge].forEach(({ pid }, index) => {
        const share = (cpuSeconds(pid) - (workBefore[index] ?? 0)) / (ms / 1000);
        expect(share, 'CPU of one core, of a whole engine that somebody watches').toBeLessThan(0.02);
      });
    },
    2 * HOUR_MS,
  );

  test(
    'link 2: half an hour of 14 % loss and 3 ms of jitter: never down',
    async () => {
      expectNoDown(await live(soakMs(30), { loss: 0.14, jitterMs: 3, delayMs: 2 }));
    },
    2 * HOUR_MS,
  );

  test(
    'link 3: ten minutes of 30 % loss: never down, although TLS stands still for seconds',
    async () => {
      expectNoDown(await live(soakMs(10), { loss: 0.3, delayMs: 2 }));
    },
    2 * HOUR_MS,
  );

  test(
    'link 4: half an hour of a radio that is elsewhere every second: never down, quality fair',
    async () => {
      const rule: WireRule = { loss: 0.05, delayMs: 2, offChannel: { periodMs: 1000, holdMs: 250 } };
      const atMs = await live(soakMs(30), rule);
      expectNoDown(atMs);
      expect(pair.core.watch.seen.at(-1)?.peer?.quality).toBe('fair');
    },
    2 * HOUR_MS,
  );

  test(
    'link 5: a delay of 300 ms plus or minus 200 ms: never down',
    async () => {
      expectNoDown(await live(soakMs(10), { delayMs: 300, spreadMs: 200 }));
    },
    2 * HOUR_MS,
  );

  test(
    'link 23: eight hours of a bad evening: less than 0.1 down a day',
    async () => {
      // Recorded air is not to be had here: bursts and outages of research/link.md 1.3 stand in for it.
      const hours = Number(process.env['TANDEM_SOAK_HOURS'] ?? '8');
      const rule: WireRule = {
        loss: 0.005,
        delayMs: 2,
        jitterMs: 3,
        bursts: { toBad: 0.002, toGood: 0.3, loss: 0.8 },
        outages: { goodMs: 3 * HOUR_MS, badMs: 600, loss: 1 },
      };
      const atMs = nowMs();
      await live(soakMs(hours * 60), rule);
      const count = downs(pair.core, atMs).length;
      process.stdout.write(`link 23: ${count} down in ${hours} h\n`);
      expect((count * 24) / hours).toBeLessThan(0.1);
    },
    10 * HOUR_MS,
  );
});

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}
