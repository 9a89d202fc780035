import { describe, expect, test } from 'vitest';
import { quietSituation } from '../../test/doubles/situation.ts';
import type { Kind, Situation } from './cadence.ts';
import { earliestSpawnMs, recentSpawns, type Spawn } from './spawn-rules.ts';

const hidden: Situation = { ...quietSituation, clusterRunning: true, onAC: false };
const spawn = (kind: Kind, tool: string, seconds: number): Spawn => ({ kind, tool, atMs: seconds * 1000 });
const urgent = { urgent: true, ahead: 0 };
const calm = { urgent: false, ahead: 0 };
const lid = { kind: 'lid', tool: 'ioreg' } as const;

describe('the spawn budget', () => {
  test('never two of the same tool within 5 s while nobody looks', () => {
    const past = [spawn('gauge', 'ioreg', 100)];
    expect(earliestSpawnMs(lid, 101_000, past, hidden, urgent)).toBe(105_000);
    expect(earliestSpawnMs(lid, 101_000, past, { ...hidden, live: true }, urgent)).toBe(101_000);
    expect(earliestSpawnMs(lid, 101_000, past, { ...hidden, timeScale: 10 }, urgent)).toBe(101_000);
  });

  test('with a cluster the other kinds share two spawns a minute; memory is never held back', () => {
    const past = [
      spawn('thermal', 'notifyutil', 10),
      spawn('gauge', 'ioreg', 20),
      spawn('memory', 'sysctl', 30),
    ];
    expect(earliestSpawnMs(lid, 40_000, past, hidden, calm)).toBe(70_000);
    expect(earliestSpawnMs({ kind: 'memory', tool: 'sysctl' }, 40_000, past, hidden, calm)).toBe(40_000);
    expect(earliestSpawnMs(lid, 40_000, past, { ...hidden, clusterRunning: false }, calm)).toBe(40_000);
  });

  test('who has waited for longer goes first', () => {
    const past = [spawn('thermal', 'notifyutil', 10), spawn('gauge', 'ioreg', 40)];
    const thermal = { kind: 'thermal', tool: 'notifyutil' } as const;
    expect(earliestSpawnMs(thermal, 70_000, past, hidden, calm)).toBe(70_000);
    expect(earliestSpawnMs(thermal, 70_000, past, hidden, { ...calm, ahead: 1 })).toBe(100_000);
    expect(earliestSpawnMs(thermal, 70_000, past, hidden, { ...calm, ahead: 5 })).toBe(100_000);
  });

  test('events, pressure and people do not wait for the minute', () => {
    const past = [spawn('thermal', 'notifyutil', 10), spawn('battery', 'pmset', 20)];
    for (const given of [
      { memoryHigh: true },
      { thermalHigh: true },
      { percentInDoubt: true },
      { live: true },
    ])
      expect(earliestSpawnMs(lid, 40_000, past, { ...hidden, ...given }, calm)).toBe(40_000);
    expect(earliestSpawnMs(lid, 40_000, past, hidden, urgent)).toBe(40_000);
  });

  test('old spawns are forgotten', () => {
    expect(recentSpawns([spawn('lid', 'ioreg', 0), spawn('lid', 'ioreg', 100)], 130_000)).toHaveLength(1);
  });
});
