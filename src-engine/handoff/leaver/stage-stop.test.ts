import { describe, expect, test } from 'vitest';
import { fail } from '../../../src-shared/errors/result.ts';
import { machine, stateWords, type Machine } from '../../../test/doubles/fake-edge.ts';

const release = { type: 'RELEASE', remainingMs: 60_000 } as const;

/** Left as a person wished, its cluster stopped; the core shows OFFLINE. */
function gone(): Machine {
  const m = machine().serving().draining().later(10_000).hear(release).stopped();
  m.hear(stateWords('OFFLINE'));
  expect(m.phase()).toBe('gone');
  return m;
}

/** The core lets an edge without a share go: DRAIN at once, then RELEASE. */
function letGo(m: Machine): Machine {
  m.epoch += 1;
  m.handoffId = `departure-${m.epoch}`;
  return m.hear({ type: 'DRAIN', remainingMs: 100_000 }).later(11_000).hear(release);
}

describe('stage stop ends the cluster, whatever the leaver is doing', () => {
  test('gone, and a person started the cluster by hand', () => {
    const m = gone();
    m.world.cluster = 'lab';
    const before = m.stops;
    letGo(m.stage(['memory', 'stop']));
    expect(m.stops).toBe(before + 1);
  });

  test('starting: it would come up into stage stop', () => {
    const m = gone();
    m.do({ type: 'return' });
    expect(m.phase()).toBe('starting');
    m.world.cluster = 'lab';
    const before = m.stops;
    letGo(m.stage(['battery', 'stop']));
    expect(m.stops).toBe(before + 1);
    expect(m.phase()).toBe('stopping');
    // The cancelled start's own end is nobody's any more.
    m.do({ type: 'started', result: fail('cancelled') });
    expect(m.phase()).toBe('stopping');
  });

  test('a stop that failed is tried again, not at once, and alone when the core is away', () => {
    const m = machine().link('down').later(20_000).stage(['battery', 'stop']).later(20_000);
    expect(m.stops).toBe(1);
    m.do({ type: 'stopped', result: fail('stopFailed', { name: 'lab', code: 'dockerDown' }) });
    expect(m.phase()).toBe('gone');
    m.later(50_000);
    expect(m.stops).toBe(1);
    m.later(40_000);
    expect(m.stops).toBe(2);
    m.stopped().later(300_000);
    expect(m.stops).toBe(2);
  });
});
