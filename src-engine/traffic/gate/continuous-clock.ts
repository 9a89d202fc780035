import { uptime } from 'node:os';

/** Where time comes from; all in milliseconds. */
export interface TimeSources {
  /** Fine; stands still while a Linux machine sleeps (CLOCK_MONOTONIC). On macOS it may count sleep or not, by Node's version. */
  monotonicMs(): number;
  /** Fine; goes on in sleep, and jumps when somebody or NTP sets the clock. */
  wallMs(): number;
  /**
   * Counts sleep and does not jump. Linux: /proc/uptime (CLOCK_BOOTTIME, 10 ms). macOS: the wall clock minus
   * kern.boottime, which is moved with the wall clock when that is set (whole seconds).
   */
  bootMs(): number;
}

export const systemTime: TimeSources = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  bootMs: () => uptime() * 1000,
};

/** Wall and monotonic clock drift apart by less than this between two readings, unless one of them jumped or the machine slept. */
const SUSPICIOUS_MS = 250;
/** The boot clock is asked this often even when the other two agree: a wall clock that is set back in sleep hides it. */
const BOOT_LOOK_MS = 200;
/** A boot clock in whole seconds is up to 1 s ahead of nothing; a sleep of over 2.0 s shows as more. */
const COARSE_MS = 1010;

/**
 * A clock that never jumps back and counts sleep: Node has none (`process.hrtime` stops in sleep on Linux). It is the
 * monotonic clock plus the sleep that was seen: the wall clock went further than the monotonic one, and the boot
 * clock confirms it, so that a wall clock which was merely set is not taken for sleep. Costs two clock readings.
 */
export function continuousClock(sources: TimeSources = systemTime): () => number {
  let mono = sources.monotonicMs();
  let wall = sources.wallMs();
  let bootMono = mono;
  let boot = sources.bootMs();
  let sleptMs = 0;
  return () => {
    const nowMono = sources.monotonicMs();
    const nowWall = sources.wallMs();
    const wallAheadMs = nowWall - wall - (nowMono - mono);
    if (Math.abs(wallAheadMs) > SUSPICIOUS_MS || nowMono - bootMono > BOOT_LOOK_MS) {
      const nowBoot = sources.bootMs();
      const bootAheadMs = nowBoot - boot - (nowMono - bootMono);
      if (bootAheadMs > COARSE_MS) sleptMs += Math.max(bootAheadMs, wallAheadMs);
      boot = nowBoot;
      bootMono = nowMono;
    }
    mono = nowMono;
    wall = nowWall;
    return nowMono + sleptMs;
  };
}
