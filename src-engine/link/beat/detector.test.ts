import { assert, constantFrom, integer, nat, property } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  limitsOfLink,
  simulate,
  type Path,
  type Side,
  type SimPlan,
} from '../../../test/doubles/link-sim.ts';
import {
  cleanPath,
  DAY_MS,
  lossy,
  monthOf,
  offChannel,
  randomOf,
  slow,
  withOutages,
} from '../../../test/doubles/link-month.ts';
import { detect, startDetector, type DetectorInput, type DetectorState } from './detector.ts';

// Whole hours are computed: on a machine with other work that takes longer than a test usually may.
vi.setConfig({ testTimeout: 60_000 });

interface Change {
  readonly side: Side;
  readonly phase: string;
  readonly cause: string | null;
  readonly atMs: number;
}

function changesOf(plan: Omit<SimPlan, 'onPhase'>): Change[] {
  const changes: Change[] = [];
  simulate({
    ...plan,
    onPhase: (side, { phase, cause }, atMs) => changes.push({ side, phase, cause, atMs }),
  });
  return changes;
}

const downs = (changes: readonly Change[]) => changes.filter(({ phase }) => phase === 'down');
const MINUTE = 60_000;

/** Plays inputs that need no network. */
function played(inputs: readonly DetectorInput[]): DetectorState {
  return inputs.reduce((state, input) => detect(state, input, limitsOfLink), startDetector(0, limitsOfLink));
}

const arrival = (atMs: number, echoSeqAdvanced = true, beat = true): DetectorInput => ({
  kind: 'arrival',
  atMs,
  echoSeqAdvanced,
  echoAgeMs: 0,
  beat,
  peerIntervalMs: 250,
});
const tick = (atMs: number): DetectorInput => ({ kind: 'tick', atMs });
const beats = (fromMs: number, toMs: number): DetectorInput[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / 250) }, (_, index) => fromMs + index * 250).flatMap(
    (atMs) => [arrival(atMs), tick(atMs)],
  );
const up: DetectorInput[] = [{ kind: 'session', atMs: 0, up: true }, arrival(0), tick(0)];
const ticks = (fromMs: number, toMs: number, everyMs = 100): DetectorInput[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / everyMs) + 1 }, (_, index) =>
    tick(fromMs + index * everyMs),
  );

describe('noise that is no break', () => {
  const noDown = (path: Path, minutes: number) =>
    expect(downs(changesOf({ untilMs: minutes * MINUTE, path }))).toEqual([]);

  it('link 1: a clean link is never suspect', () => {
    const changes = changesOf({ untilMs: 10 * MINUTE, path: cleanPath(randomOf(1)) });
    expect(changes.map(({ phase }) => phase)).toEqual(['up', 'up']);
  });

  it('link 2: 14 % loss for 30 minutes', () => noDown(lossy(randomOf(2), cleanPath(randomOf(3)), 0.14), 30));

  it('link 3: 30 % loss for 10 minutes', () => noDown(lossy(randomOf(4), cleanPath(randomOf(5)), 0.3), 10));

  it('link 4: a radio that is off channel a quarter of the time, for 30 minutes', () =>
    noDown(offChannel(lossy(randomOf(6), cleanPath(randomOf(7)), 0.05)), 30));

  it('link 5: a delay of 300 ± 200 ms', () => noDown(slow(randomOf(8), cleanPath(randomOf(9))), 10));
});

const breakAt = (fromMs: number, toMs: number, from: Side | null, seed = 1): Path =>
  withOutages(cleanPath(randomOf(seed)), [{ fromMs, toMs, from }]);

const offsets = { a: integer({ min: 0, max: 499 }), b: integer({ min: 0, max: 499 }) };

describe('breaks', () => {
  it('link 6: a black hole is down within 2.6 s on both sides, at every offset, and once', () => {
    assert(
      property(integer({ min: 20_000, max: 20_500 }), offsets.a, offsets.b, (fromMs, a, b) => {
        const path = breakAt(fromMs, Infinity, null);
        const found = downs(changesOf({ untilMs: fromMs + 20_000, path, phaseMs: [a, b] }));
        expect(found.map(({ side }) => side)).toHaveLength(2);
        expect(new Set(found.map(({ side }) => side)).size).toBe(2);
        for (const { atMs, cause } of found) {
          expect(cause).toBe('silence');
          expect(atMs - fromMs).toBeLessThanOrEqual(2600);
          expect(atMs - fromMs).toBeGreaterThan(2200);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('link 7: an outage of 2.0 s is suspect and back, never down, at every offset, both ways or one', () => {
    const whole = { from: constantFrom<Side | null>(null, 0, 1), start: integer({ min: 0, max: 500 }) };
    assert(
      property(whole.from, whole.start, offsets.a, offsets.b, (from, start, a, b) => {
        const path = breakAt(20_000 + start, 22_000 + start, from);
        const changes = changesOf({ untilMs: 30_000, path, phaseMs: [a, b] });
        expect(downs(changes)).toEqual([]);
        expect(changes.some(({ phase }) => phase === 'suspect')).toBe(true);
        expect(changes.findLast(({ side }) => side === 0)?.phase).toBe('up');
        expect(changes.findLast(({ side }) => side === 1)?.phase).toBe('up');
      }),
      { numRuns: 300 },
    );
  });

  it('link 7: a last beat before the outage with an echo that is a beat old takes nothing off it', () => {
    const heard = { kind: 'arrival', echoAgeMs: 0, beat: true, peerIntervalMs: 250 } as const;
    const beat = (atMs: number, echoSeqAdvanced: boolean) => ({ ...heard, atMs, echoSeqAdvanced });
    const inputs: DetectorInput[] = [{ kind: 'session', atMs: 0, up: true }];
    for (let atMs = 0; atMs < 10_000; atMs += 250) inputs.push(beat(atMs, true), { kind: 'tick', atMs });
    // The last one carries no newer echo; then nothing arrives.
    inputs.push(beat(10_000, false), { kind: 'tick', atMs: 10_000 });
    const phaseAt = (untilMs: number): string => {
      const all = [...inputs];
      for (let atMs = 10_100; atMs <= untilMs; atMs += 100) all.push({ kind: 'tick', atMs });
      return all.reduce((state, input) => detect(state, input, limitsOfLink), startDetector(0, limitsOfLink))
        .phase;
    };
    expect(phaseAt(12_400)).toBe('suspect');
    expect(phaseAt(12_600)).toBe('down');
  });

  it('link 7: on battery an outage of 1.8 s is never down, whichever of the two is on battery', () => {
    const intervals = constantFrom<[number, number]>([500, 500], [500, 250], [250, 500]);
    const from = constantFrom<Side | null>(null, 0, 1);
    assert(
      property(intervals, from, nat(500), offsets.a, offsets.b, (intervalMs, from, start, a, b) => {
        const path = breakAt(20_000 + start, 21_800 + start, from);
        expect(downs(changesOf({ untilMs: 30_000, path, phaseMs: [a, b], intervalMs }))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('link 8: a loss of one direction is found from both sides, by silence there and by echo here', () => {
    assert(
      property(constantFrom<Side>(0, 1), offsets.a, offsets.b, (from, a, b) => {
        const path = breakAt(20_000, Infinity, from);
        const found = downs(changesOf({ untilMs: 25_000, path, phaseMs: [a, b] }));
        expect(found.find(({ side }) => side === from)?.cause).toBe('echo');
        expect(found.find(({ side }) => side !== from)?.cause).toBe('silence');
        for (const { atMs } of found) expect(atMs).toBeLessThanOrEqual(22_600);
      }),
      { numRuns: 100 },
    );
  });

  it('is up again only with a session, enough beats and 3 s without a doubt', () => {
    const path = () => breakAt(20_000, 30_000, null);
    const changes = changesOf({ untilMs: 60_000, path: path() });
    const back = changes.filter(({ phase, atMs }) => phase === 'up' && atMs > 1000);
    expect(back).toHaveLength(2);
    for (const { atMs } of back) {
      expect(atMs).toBeGreaterThanOrEqual(33_000);
      expect(atMs).toBeLessThanOrEqual(34_000);
    }
    const noSession = changesOf({
      untilMs: 60_000,
      path: path(),
      inputs: [{ side: 0, input: { kind: 'session', atMs: 25_000, up: false } }],
    });
    expect(noSession.findLast(({ side }) => side === 0)?.phase).toBe('down');
  });

  it('an interrupted return starts again', () => {
    const path = withOutages(cleanPath(randomOf(1)), [
      { fromMs: 20_000, toMs: 30_000, from: null },
      { fromMs: 32_000, toMs: 33_500, from: null },
    ]);
    const back = changesOf({ untilMs: 60_000, path }).filter((c) => c.phase === 'up' && c.atMs > 1000);
    for (const { atMs } of back) expect(atMs).toBeGreaterThanOrEqual(36_400);
  });
});

describe('hints and good-byes', () => {
  it('link 9: a program that is gone is down after 0.5 s of silence, not before', () => {
    const killed = [
      ...up,
      { kind: 'hint', atMs: 10 } as const,
      { kind: 'crashed', atMs: 50 } as const,
      tick(60),
    ];
    expect(played(killed).phase).toBe('suspect');
    const late = played([...killed, tick(499)]);
    expect(late.phase).toBe('suspect');
    expect(played([...killed, tick(500)])).toMatchObject({ phase: 'down', cause: 'crashed' });
  });

  it('link 11: a reset connection is suspect once a beat is missing, and one arrival ends it', () => {
    const hinted = [...up, { kind: 'hint', atMs: 10 } as const];
    expect(played([...hinted, tick(349)]).phase).toBe('up');
    const reset = [...hinted, tick(350)];
    expect(played(reset).phase).toBe('suspect');
    expect(played([...reset, arrival(400)]).phase).toBe('up');
    expect(played([...reset, { kind: 'crashed', atMs: 360 }, arrival(400), ...ticks(450, 1100)]).phase).toBe(
      'up',
    );
    // Without any arrival it is silence like any other.
    expect(played([...reset, ...ticks(400, 2400)]).phase).toBe('suspect');
    expect(played([...reset, ...ticks(400, 2500)])).toMatchObject({ phase: 'down', cause: 'silence' });
  });

  it('link 15: after a good-bye silence is no alarm, and a straggler no return', () => {
    const left = [...up, { kind: 'bye', atMs: 100, reason: 'sleep' } as const];
    expect(played([...left, ...ticks(100, 60_000)])).toMatchObject({ phase: 'left', byeReason: 'sleep' });
    expect(played([...left, arrival(150), ...ticks(200, 9000)]).phase).toBe('left');
    expect(played([...left, ...beats(9000, 11_900)]).phase).toBe('left');
    expect(played([...left, ...beats(9000, 12_500)]).phase).toBe('up');
  });

  it('row 14: who was never heard raises no alarm, and is up when each hears the other', () => {
    const alone = [{ kind: 'session', atMs: 0, up: true } as const, ...ticks(0, 60_000)];
    expect(played(alone).phase).toBe('never');
    expect(played([...alone, arrival(60_100, false)]).phase).toBe('never');
    expect(played([...alone, arrival(60_100)]).phase).toBe('up');
  });
});

describe('own pauses', () => {
  it('link 13: a stall of 2 s or 10 s of the process that watches is no alarm', () => {
    for (const lastedMs of [700, 2000, 10_000]) {
      const still = [{ fromMs: 20_000, toMs: 20_000 + lastedMs, asleep: false }];
      const changes = changesOf({
        untilMs: 60_000,
        path: cleanPath(randomOf(3)),
        standstills: [still, []],
      });
      expect(downs(changes.filter(({ side }) => side === 0))).toEqual([]);
    }
  });

  it('link 14: after an hour of standstill nothing is decided for 3 s, then what is true', () => {
    const still = [{ fromMs: 20_000, toMs: 3_620_000, asleep: true }];
    const alive = { path: cleanPath(randomOf(3)), standstills: [still, []] as const };
    const woken = changesOf({ untilMs: 3_640_000, ...alive }).filter(({ side }) => side === 0);
    expect(downs(woken)).toEqual([]);
    expect(woken.at(-1)?.phase).toBe('up');
    const gone = { ...alive, path: breakAt(1_000_000, Infinity, null) };
    const found = downs(changesOf({ untilMs: 3_640_000, ...gone })).filter(({ side }) => side === 0);
    expect(found).toHaveLength(1);
    expect(found[0]?.atMs).toBeGreaterThanOrEqual(3_623_000);
    expect(found[0]?.atMs).toBeLessThanOrEqual(3_623_300);
  });

  it('link 14: the word that the system woke is enough, even when the clock stood still', () => {
    const woken = [...up, { kind: 'resumed', atMs: 200 } as const];
    expect(played(woken).phase).toBe('suspect');
    expect(played([...woken, ...ticks(200, 3100)]).phase).toBe('suspect');
    expect(played([...woken, ...ticks(200, 3300)]).phase).toBe('down');
    expect(played([...woken, arrival(400)]).phase).toBe('up');
  });

  it('stalls on both sides add up to no alarm while they are shorter than the limit', () => {
    const each = (from: number) =>
      Array.from({ length: 20 }, (_, index) => ({
        fromMs: from + index * 7000,
        toMs: from + index * 7000 + 1800,
        asleep: false,
      }));
    const changes = changesOf({
      untilMs: 200_000,
      path: cleanPath(randomOf(3)),
      standstills: [each(10_000), each(11_900)],
    });
    expect(downs(changes)).toEqual([]);
  });
});

describe('the synthetic home (research/link.md 1.3)', () => {
  // A month of it: `npm run bench -- detect`.
  it('has no alarm in six hours that is not a true break', () => {
    const month = monthOf(1, 1);
    const alarms = downs(changesOf({ untilMs: DAY_MS / 4, ...month })).filter(({ side }) => side === 0);
    const isTrue = (atMs: number) =>
      [...month.outages, ...month.standstills[1]].some(
        ({ fromMs, toMs }) => toMs - fromMs > 2200 && fromMs < atMs && toMs > atMs - 500,
      );
    expect(alarms.filter(({ atMs }) => !isTrue(atMs))).toEqual([]);
  }, 30_000);
});
