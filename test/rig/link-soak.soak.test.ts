import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPair, type Mac, type Pair } from './net/pair.ts';
import { onTheWire, sleep, soakDivisor, soakMs } from './net/tiers.ts';
import { nowMs, type WireRule } from './net/wire.ts';

/** In real time; `npm test` runs the same profiles time-compressed through the pure detector. */
const HOUR_MS = 3_600_000;
const KBIT = 1000 / 8;
/** Design limits, Link: load per direction when idle. */
const MAX_UDP_KBIT = 4;
const MAX_TLS_KBIT = 2;
/** Research/link.md, test 1. */
const MAX_P99_GAP_MS = 300;
const MAX_SHARE = 0.01;
const CLOCK_TICKS_PER_SECOND = 100;

const downs = (mac: Mac, fromMs: number): string[] =>
  mac.watch.course(fromMs).filter((word) => word.startsWith('down'));

onTheWire('in real time', () => {
  let pair: Pair;
  /** Share of a core, of each engine before it knew the other: what the link adds is what counts. */
  let aloneShares: number[];
  beforeAll(async () => {
    pair = await openPair({ gateway: true });
    await sleep(3000);
    aloneShares = await cpuShares(pair, Math.min(60_000, soakMs(10)), sleep);
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
      const trace = await recordTrace(pair.core, true);
      const before = await pair.lab.wire.counts();
      // A STATUS goes each 15 s: a shorter look would weigh one of them, not the load.
      const ms = Math.max(60_000, soakMs(10));
      let atMs = 0;
      const shares = await cpuShares(pair, ms, async (lastsMs) => void (atMs = await live(lastsMs, {})));
      const after = await pair.lab.wire.counts();
      await recordTrace(pair.core, false);
      for (const mac of [pair.core, pair.edge]) expect(mac.watch.course(atMs)).toEqual(['up']);
      for (const direction of ['core>edge', 'edge>core']) {
        const kbit = (kind: 'udpBytes' | 'tcpBytes'): number =>
          ((after[direction]?.[kind] ?? 0) - (before[direction]?.[kind] ?? 0)) / KBIT / (ms / 1000);
        const [udp, tls] = [kbit('udpBytes'), kbit('tcpBytes')];
        process.stdout.write(
          `link 1: ${direction} ${udp.toFixed(2)} kbit/s UDP, ${tls.toFixed(2)} kbit/s TLS\n`,
        );
        expect(udp).toBeLessThanOrEqual(MAX_UDP_KBIT);
        expect(tls).toBeLessThanOrEqual(MAX_TLS_KBIT);
      }
      const added = shares.map((share, index) => share - (aloneShares[index] ?? 0));
      const gapMs = percentile(beatGapsMs(trace), 0.99);
      const percents = added.map((share) => (share * 100).toFixed(2)).join(' and ');
      process.stdout.write(`link 1: p99 gap ${gapMs.toFixed(0)} ms, the link adds ${percents} % of a core\n`);
      expect(gapMs).toBeLessThan(MAX_P99_GAP_MS);
      for (const share of added) expect(share, 'CPU that the link adds').toBeLessThan(MAX_SHARE);
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
        // A shorter evening has as many of them, of the same length: they alone can be taken for a Mac that is gone.
        outages: { goodMs: (3 * HOUR_MS) / soakDivisor, badMs: 600, loss: 1 },
      };
      const atMs = nowMs();
      await live(soakMs(hours * 60), rule);
      const count = downs(pair.core, atMs).length;
      const ran = soakDivisor === 1 ? '' : `, run ${soakDivisor} times shorter with as many outages`;
      process.stdout.write(`link 23: ${count} down in ${hours} h${ran}\n`);
      expect((count * 24) / hours).toBeLessThan(0.1);
    },
    10 * HOUR_MS,
  );
});

/** Shares of a core that both engines took while something lasted. */
async function cpuShares(pair: Pair, ms: number, last: (ms: number) => Promise<unknown>): Promise<number[]> {
  const pids = [pair.core.pid, pair.edge.pid];
  const before = pids.map(cpuSeconds);
  const beganMs = nowMs();
  await last(ms);
  const seconds = (nowMs() - beganMs) / 1000;
  return pids.map((pid, index) => (cpuSeconds(pid) - (before[index] ?? 0)) / seconds);
}

/** The file that the engine records its arrivals to. */
async function recordTrace(mac: Mac, on: boolean): Promise<string> {
  const told = await mac.watch.client.call('peer.record', { on });
  if (!told.ok) throw new Error(told.error.code);
  return told.value.file ?? '';
}

/** Lines of a trace are `[ms, "a", echo advanced, is a beat, …]` for arrivals. */
function beatGapsMs(file: string): number[] {
  const beats = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown[])
    .filter((fields) => fields[1] === 'a' && fields[3] === 1)
    .map(([atMs]) => Number(atMs));
  return beats.slice(1).map((atMs, index) => atMs - (beats[index] ?? atMs));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}
