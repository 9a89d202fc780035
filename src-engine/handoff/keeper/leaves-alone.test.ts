import { describe, expect, test } from 'vitest';
import type { HandoffWords } from '../../../src-shared/handoff-messages.ts';
import * as b from '../../../test/doubles/keeper-bench.ts';

const leaving = { type: 'edge', alive: false, notReady: 'leaving' } as const;
const silent = { type: 'edge', alive: false, notReady: null } as const;
const deads = (t: b.Bench) => b.acts(t.effects).filter((act) => act.do === 'dead');

/** Its link is down, and its gate says that it drains. */
function draining(): b.Bench {
  const t = b.serving();
  t.counters.edge.inFlight = 3;
  b.link(t, 'suspect');
  b.link(t, 'down');
  b.send(t, leaving);
  return t;
}

describe('an edge that drains alone is not dead', () => {
  test('weight 0 at once, and what it holds has the whole limit of the drain', () => {
    const t = draining();
    expect(b.act(t)).toMatchObject({ do: 'write', target: { edge: 0 }, force: true });
    b.until(t, ({ live }) => live.running === null && t.live.edge === 0, 5_000);
    b.until(t, b.inState('DRAINING'), 15_000);
    const { sinceMs } = t.state;
    b.until(t, ({ state }) => state !== 'DRAINING' || t.now.ms - sinceMs >= 44_000, 60_000);
    expect(t.state.state).toBe('DRAINING');
    expect(deads(t)).toEqual([]);
    b.until(t, b.inState('OFFLINE'), 20_000);
    expect(deads(t)).toHaveLength(1);
    b.until(t, ({ ending }) => ending === null, 20_000);
    expect(b.reports(t.effects)).toMatchObject([{ kind: 'departure', noPeer: true, outcome: 'offline' }]);
  });

  test('silent then: gone, and what hung is dealt with', () => {
    const t = draining();
    b.until(t, b.inState('DRAINING'), 15_000);
    b.send(t, silent);
    expect(t.state.state).toBe('OFFLINE');
    expect(b.act(t)).toEqual({ do: 'dead' });
  });

  test('heard again, and gone: it asked nobody before it stopped', () => {
    const t = b.serving();
    b.send(t, leaving);
    b.until(t, b.inState('DRAINING'), 15_000);
    b.hear(t, { type: 'GONE', stoppedMs: 1, forced: false });
    expect(t.state.state).toBe('OFFLINE');
  });

  test('an agent that died while its gate drains: OFFLINE after the limit, not before', () => {
    const t = b.departed('DRAINING');
    b.send(t, leaving);
    b.link(t, 'down');
    b.tick(t, 30_000);
    expect(t.state.state).toBe('DRAINING');
    b.until(t, b.inState('OFFLINE'), 30_000);
  });

  test('a gate that is silent, or not ready for another reason, is dead as before', () => {
    for (const event of [silent, { ...leaving, notReady: 'upstreamDown' as const }]) {
      const t = b.serving();
      b.send(t, event);
      expect(t.state.state).toBe('LOST');
    }
  });
});

describe('HOLD(drainIncomplete)', () => {
  const drained: HandoffWords = { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 };
  function held(): b.Bench {
    const t = b.departed('DRAINING');
    b.until(t, b.inState('HOLD'), 60_000);
    b.until(t, ({ ending }) => ending === null, 20_000);
    return t;
  }

  test("a person's leave goes on from weight 0", () => {
    const t = held();
    b.leave(t);
    b.until(t, b.inState('DRAINING'), 15_000);
    b.hear(t, drained);
    b.until(t, b.inState('RELEASED'), 5_000);
  });

  test('so does the DRAINED that was waited for, once', () => {
    const t = held();
    t.counters.edge.inFlight = 1;
    b.hear(t, drained);
    b.until(t, b.inState('DRAINING'), 15_000);
    b.hear(t, drained);
    b.until(t, b.inState('HOLD'), 60_000);
    b.hear(t, drained);
    expect(t.state.state).toBe('HOLD');
  });
});

test('DRAINING shows what went to the core instead, and the report says the same', () => {
  const t = b.departed('DRAINING');
  b.until(t, ({ steps }) => Number(steps.at(-1)?.facts['moved'] ?? 0) > 50, 20_000);
  b.hear(t, { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 });
  b.until(t, b.inState('RELEASED'), 5_000);
  const shown = t.state.steps.find(({ step }) => step === 'DRAINING')?.facts['moved'];
  b.pass(t, 20_000);
  b.hear(t, { type: 'GONE', stoppedMs: 1, forced: false });
  b.until(t, ({ ending }) => ending === null, 20_000);
  expect(b.reports(t.effects)).toMatchObject([{ moved: shown }]);
});
