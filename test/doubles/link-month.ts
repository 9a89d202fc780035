import type { Path, Side, Standstill } from './link-sim.ts';

/** The noisy profiles of research/link.md 1.2 and the synthetic home of 1.3, as generators; the same for the same seed. */

export type Random = () => number;

/** mulberry32: small, even enough, and the same everywhere. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SECOND = 1000;
const HOUR = 3_600_000;
export const DAY_MS = 24 * HOUR;

function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean;
}

/** How long something lasts, from its median and 99th percentile. */
export type Lengths = (random: Random, medianMs: number, p99Ms: number) => number;

/** Weibull: a tail as light as the figures of 1.3 suggest (0 to 4 alarms in 30 days). */
export const weibull: Lengths = (random, medianMs, p99Ms) => {
  const shape = Math.log(Math.log(100) / Math.LN2) / Math.log(p99Ms / medianMs);
  const scale = medianMs / Math.LN2 ** (1 / shape);
  return scale * (-Math.log(1 - random())) ** (1 / shape);
};

/** Log-normal: the same median and p99, a heavier tail beyond. */
export const logNormal: Lengths = (random, medianMs, p99Ms) => {
  const sigma = Math.log(p99Ms / medianMs) / 2.3263;
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return medianMs * Math.exp(sigma * normal);
};

/** 2 ms and a little jitter, as in 1.2. */
export function cleanPath(random: Random): Path {
  return (atMs) => atMs + 2 + exponential(random, 0.5);
}

/** Drops each packet with the same chance. */
export function lossy(random: Random, path: Path, share: number): Path {
  return (atMs, from) => (random() < share ? null : path(atMs, from));
}

/** AWDL: the radio is off channel 250 ms of each second, and what is due waits for it. */
export function offChannel(path: Path, { everyMs = 1000, forMs = 250 } = {}): Path {
  return (atMs, from) => {
    const into = atMs % everyMs;
    return path(into < forMs ? atMs + forMs - into : atMs, from);
  };
}

/** Per-packet bursts (Gilbert-Elliott): in the bad state each packet is lost with `lossShare`. */
export function bursts(
  random: Random,
  path: Path,
  { toBad = 0.05, toGood = 0.3, lossShare = 0.8 } = {},
): Path {
  const bad: [boolean, boolean] = [false, false];
  return (atMs, from) => {
    bad[from] = bad[from] ? random() >= toGood : random() < toBad;
    return bad[from] && random() < lossShare ? null : path(atMs, from);
  };
}

/** Delay of 300 ms, give or take 200. */
export function slow(random: Random, path: Path): Path {
  return (atMs, from) => path(atMs + 100 + 400 * random(), from);
}

export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
  /** Null: both ways. */
  readonly from: Side | null;
}

/** Nothing passes during the outages, which are in order. */
export function withOutages(path: Path, outages: readonly Outage[]): Path {
  // Packets are sent in nearly the order of time: the search starts where it ended.
  let next = 0;
  return (atMs, from) => {
    while (next < outages.length && (outages[next]?.toMs ?? Infinity) < atMs - 10 * SECOND) next += 1;
    for (let index = next; index < outages.length; index += 1) {
      const outage = outages[index];
      if (!outage || outage.fromMs > atMs) break;
      if (atMs < outage.toMs && (outage.from === null || outage.from === from)) return null;
    }
    return path(atMs, from);
  };
}

export interface Profile {
  readonly name: string;
  readonly path: (random: Random) => Path;
}

/** The rows of 1.2, except its outages, which are real. */
export const noisyProfiles: readonly Profile[] = [
  { name: 'none', path: cleanPath },
  {
    name: 'AWDL and 5 % loss',
    path: (random) => offChannel(lossy(random, cleanPath(random), 0.05)),
  },
  { name: '14 % loss', path: (random) => lossy(random, cleanPath(random), 0.14) },
  { name: '30 % loss', path: (random) => lossy(random, cleanPath(random), 0.3) },
  { name: 'bursts', path: (random) => bursts(random, cleanPath(random)) },
  { name: 'delay 300 ± 200 ms', path: (random) => slow(random, cleanPath(random)) },
];

export interface Month {
  readonly path: Path;
  /** Of the Mac that watches (0), and of the other. */
  readonly standstills: readonly [readonly Standstill[], readonly Standstill[]];
  readonly outages: readonly Outage[];
}

/**
 * The home of 1.3: 4 h a day of noisy Wi-Fi (10 % loss and AWDL), else 0.5 % loss; 8 outages a day (median 0.6 s,
 * p99 2.2 s); 40 stalls a day on either side (0.2 s, 1.5 s); 4 sleeps a day of the Mac that watches.
 */
export function monthOf(seed: number, days: number, lengths: Lengths = weibull): Month {
  const random = randomOf(seed);
  const outages = times(random, 8 * days, days).map((fromMs) => ({
    fromMs,
    toMs: fromMs + lengths(random, 600, 2200),
    from: null,
  }));
  const stalls = (count: number): Standstill[] =>
    times(random, count, days).map((fromMs) => ({
      fromMs,
      toMs: fromMs + lengths(random, 200, 1500),
      asleep: false,
    }));
  const sleeps = times(random, 4 * days, days).map((fromMs) => ({
    fromMs,
    toMs: fromMs + (5 + 85 * random()) * 60 * SECOND,
    asleep: true,
  }));
  const calm = lossy(random, cleanPath(random), 0.005);
  const noisy = offChannel(lossy(random, cleanPath(random), 0.1));
  const evening: Path = (atMs, from) =>
    atMs % DAY_MS >= 18 * HOUR && atMs % DAY_MS < 22 * HOUR ? noisy(atMs, from) : calm(atMs, from);
  return {
    path: withOutages(evening, outages),
    standstills: [inOrder([...stalls(40 * days), ...sleeps]), inOrder(stalls(40 * days))],
    outages,
  };
}

function times(random: Random, count: number, days: number): number[] {
  return Array.from({ length: count }, () => 10 * SECOND + random() * (days * DAY_MS - 20 * SECOND)).sort(
    (a, b) => a - b,
  );
}

/** Sorted; one that begins during another is left out. */
function inOrder(standstills: readonly Standstill[]): Standstill[] {
  const kept: Standstill[] = [];
  for (const next of [...standstills].sort((a, b) => a.fromMs - b.fromMs))
    if (next.fromMs >= (kept.at(-1)?.toMs ?? -Infinity)) kept.push(next);
  return kept;
}
