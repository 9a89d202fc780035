import { describe, expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { quietSituation } from '../../test/doubles/situation.ts';
import type { Kind, Situation } from './cadence.ts';
import { createSampler, type SamplerTask } from './sampler.ts';

function setUp(
  tasks: readonly { kind: Kind; tool?: string; takesMs?: number }[],
  start: Partial<Situation> = {},
) {
  const time = fakeTime();
  const runs: [Kind, number][] = [];
  let inFlight = 0;
  let most = 0;
  let situation: Situation = { ...quietSituation, ...start };
  const sampler = createSampler({
    ...time,
    situation: () => situation,
    tasks: tasks.map(({ kind, tool, takesMs = 0 }): SamplerTask => ({
      kind,
      tool: tool ?? null,
      async run() {
        runs.push([kind, time.clock.monotonicMs() / 1000]);
        most = Math.max(most, (inFlight += 1));
        if (takesMs > 0) await new Promise<void>((resolve) => void time.scheduler.after(takesMs, resolve));
        inFlight -= 1;
      },
    })),
  });
  sampler.replan();
  return {
    time,
    sampler,
    runs,
    most: () => most,
    become(change: Partial<Situation>) {
      situation = { ...situation, ...change };
      sampler.replan();
    },
    at: (kind: Kind) => runs.filter(([name]) => name === kind).map(([, second]) => second),
  };
}

describe('the sampler', () => {
  test('runs at once, then at its period, which follows the situation', async () => {
    const { time, become, at } = setUp([{ kind: 'load' }]);
    await time.advance(61_000);
    expect(at('load')).toEqual([0, 30, 60]);
    become({ live: true });
    await time.advance(4000);
    expect(at('load')).toEqual([0, 30, 60, 62, 64]);
  });

  test('a reading that takes longer than its period is not started twice', async () => {
    const { time, at, most, sampler } = setUp([{ kind: 'load', takesMs: 5000 }], { live: true });
    for (let second = 0; second < 16; second += 1) {
      await time.advance(1000);
      sampler.replan();
    }
    expect(at('load')).toEqual([0, 5, 10, 15]);
    expect(most()).toBe(1);
  });

  test('kinds that were read apart are read together again', async () => {
    const { time, sampler, at } = setUp([{ kind: 'load' }, { kind: 'memory' }], { mode: 'root' });
    await time.advance(1400);
    sampler.now(['load']);
    await time.advance(1700);
    expect(at('memory')).toEqual([0, 1, 2, 3]);
    expect(at('load')).toEqual([0, 1, 1.4, 2, 3]);
  });

  test('two kinds of the same tool wait for each other', async () => {
    const { time, most, at } = setUp(
      [
        { kind: 'gauge', tool: 'ioreg', takesMs: 400 },
        { kind: 'lid', tool: 'ioreg', takesMs: 400 },
      ],
      { live: true },
    );
    await time.advance(1000);
    expect(most()).toBe(1);
    expect(at('lid')).toEqual([0.4]);
  });

  test('what an event asks for is done now, though not twice within five seconds', async () => {
    const { time, sampler, at } = setUp([{ kind: 'thermal', tool: 'notifyutil' }]);
    await time.advance(60_000);
    sampler.now(['thermal']);
    await time.advance(1);
    sampler.now(['thermal']);
    await time.advance(10_000);
    expect(at('thermal')).toEqual([0, 60, 65]);
  });

  test('what was heard of otherwise is checked a period later', async () => {
    const { time, sampler, at } = setUp([{ kind: 'battery', tool: 'pmset' }]);
    await time.advance(300_000);
    sampler.heard('battery');
    sampler.replan();
    await time.advance(599_000);
    expect(at('battery')).toEqual([0]);
    await time.advance(2000);
    expect(at('battery')).toEqual([0, 900]);
  });

  test('a kind without a period is not run, and is run at once when it gets one', async () => {
    const { time, become, at } = setUp([{ kind: 'vm' }]);
    await time.advance(600_000);
    expect(at('vm')).toEqual([]);
    become({ clusterRunning: true });
    await time.advance(60_000);
    expect(at('vm')).toEqual([600, 660]);
  });

  test('leaves no timer behind', async () => {
    const { time, sampler } = setUp([{ kind: 'load', takesMs: 100 }, { kind: 'disk' }]);
    await time.advance(50);
    sampler.dispose();
    await time.advance(1000);
    expect(time.pending()).toBe(0);
  });
});
