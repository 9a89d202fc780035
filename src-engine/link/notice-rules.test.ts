import { describe, expect, test } from 'vitest';
import { breakClassSchema } from '../../src-shared/world/peer.ts';
import { noticeDelayMs, nothingTold, toldBack, toldLost } from './notice-rules.ts';

const MINUTE_MS = 60_000;

describe('when a person hears of the link', () => {
  test('a partition is told after the wait, a battery that ends at once', () => {
    expect(noticeDelayMs('PEER_UNREACHABLE', null, 5000)).toBe(5000);
    expect(noticeDelayMs('LEFT', 'lowBattery', 5000)).toBe(0);
  });

  test('never of a good-bye that somebody wanted, nor of what is wrong with this Mac alone', () => {
    for (const reason of ['userStop', 'sleep', 'quit', 'shutdown', 'update', 'otherNetwork'] as const)
      expect(noticeDelayMs('LEFT', reason, 5000)).toBeNull();
    const silent = breakClassSchema.options.filter((one) => noticeDelayMs(one, null, 5000) === null);
    expect(silent.sort()).toEqual(
      ['LEFT', 'NEVER_SEEN', 'ROAMED', 'SELF_OFFLINE', 'SELF_OR_ROUTER_DOWN', 'SELF_PAUSED'].sort(),
    );
  });

  test('one of a class in ten minutes, another class at once', () => {
    const first = toldLost(nothingTold, 'PEER_UNREACHABLE', 0);
    expect(first).not.toBe(nothingTold);
    expect(toldLost(first, 'PEER_UNREACHABLE', 9 * MINUTE_MS)).toBe(first);
    expect(toldLost(first, 'APP_CRASHED', 9 * MINUTE_MS)).not.toBe(first);
    expect(toldLost(first, 'PEER_UNREACHABLE', 10 * MINUTE_MS)).not.toBe(first);
  });

  test('"back" only after a "lost" that was shown, and once', () => {
    expect(toldBack(nothingTold).tell).toBe(false);
    const back = toldBack(toldLost(nothingTold, 'APP_HUNG', 0));
    expect(back.tell).toBe(true);
    expect(toldBack(back.told).tell).toBe(false);
  });
});
