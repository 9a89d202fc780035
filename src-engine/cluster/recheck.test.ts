import { beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../platform/log.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import type { Memory } from '../../src-shared/world/vitals.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import { createRecheck } from './recheck.ts';

let time: ReturnType<typeof fakeTime>;
let level: Memory['level'];
const weighAgain = vi.fn(async () => undefined);
const rollBack = vi.fn(async () => true);
beforeEach(() => {
  time = fakeTime();
  level = 'normal';
  weighAgain.mockClear();
  rollBack.mockClear();
});

function started(state = 'running'): ClusterEntry {
  return {
    progress: null,
    observed: { state, why: null, nodes: [], source: 'test' },
  } as unknown as ClusterEntry;
}
function watching(entry = started(), mayRollBack = true) {
  const memory = (): Memory => ({ level }) as Memory;
  const recheck = createRecheck(
    { clock: time.clock, scheduler: time.scheduler, memory, log: silentLog },
    { weighAgain, rollBack },
  );
  recheck.after(entry, { mayRollBack });
  return recheck;
}

describe('the five minutes after a start', () => {
  test('it is weighed again four times, the last time at their end', async () => {
    watching();
    await time.advance(299_000);
    expect(weighAgain).toHaveBeenCalledTimes(3);
    await time.advance(1000);
    expect(weighAgain).toHaveBeenCalledTimes(4);
    expect(rollBack).not.toHaveBeenCalled();
  });

  test('what could not be stopped is tried again while memory stays critical', async () => {
    rollBack.mockResolvedValueOnce(false);
    watching();
    level = 'critical';
    await time.advance(17_000);
    expect(rollBack).toHaveBeenCalledTimes(1);
    await time.advance(17_000);
    expect(rollBack).toHaveBeenCalledTimes(2);
    await time.advance(100_000);
    expect(rollBack).toHaveBeenCalledTimes(2);
  });

  test('what may not be rolled back is weighed all the same', async () => {
    watching(started(), false);
    level = 'critical';
    await time.advance(300_000);
    expect(rollBack).not.toHaveBeenCalled();
    expect(weighAgain).toHaveBeenCalledTimes(4);
  });

  test('critical for 15 s without a break rolls it back, once', async () => {
    watching();
    await time.advance(120_000);
    level = 'critical';
    await time.advance(14_000);
    level = 'warn';
    await time.advance(1000);
    level = 'critical';
    await time.advance(14_000);
    expect(rollBack).not.toHaveBeenCalled();
    await time.advance(3000);
    expect(rollBack).toHaveBeenCalledTimes(1);
    await time.advance(300_000);
    expect(rollBack).toHaveBeenCalledTimes(1);
    // What was rolled back is not weighed as if it ran.
    expect(weighAgain).toHaveBeenCalledTimes(2);
  });

  test('after them memory is a matter of the stages, and no timer is left', async () => {
    watching();
    await time.advance(300_500);
    level = 'critical';
    await time.advance(60_000);
    expect(rollBack).not.toHaveBeenCalled();
    expect(time.pending()).toBe(0);
  });

  test('a cluster that is on its way elsewhere is left alone', async () => {
    const entry = started();
    watching(entry);
    entry.progress = { verb: 'stop' } as ClusterEntry['progress'];
    level = 'critical';
    await time.advance(60_000);
    expect(rollBack).not.toHaveBeenCalled();
    expect(weighAgain).not.toHaveBeenCalled();
  });

  test('of two starts the last one counts; the end of the room ends both', async () => {
    const entry = started();
    const recheck = watching(entry);
    recheck.after(entry, { mayRollBack: true });
    await time.advance(15_000);
    expect(weighAgain).toHaveBeenCalledTimes(1);
    recheck.dispose();
    expect(time.pending()).toBe(0);
  });
});
