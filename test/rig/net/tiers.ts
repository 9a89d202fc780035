import { describe, test } from 'vitest';
import { whyNoNamespaces } from './namespaces.ts';

const why = whyNoNamespaces();

/** A group of tests that needs the rig; where there is none, it is skipped and says why. */
export function onTheWire(name: string, body: () => void): void {
  describe.skipIf(why !== null)(why === null ? name : `${name} (skipped: ${why})`, body);
}

export const isWholeRig = process.env['TANDEM_RIG'] === 'all';

const notMade = Object.assign(() => undefined, { each: () => () => undefined });

/**
 * Numbered tests that `npm test` leaves to `npm run test:rig` (design decision 16): not made at all there, since a
 * skipped test is one that this machine cannot run. Files of nothing else are named `*.whole.test.ts`, and those that
 * run for hours `*.soak.test.ts` (`TANDEM_SOAK_DIVISOR=20` for a short look); vitest.config.ts leaves them out.
 */
export const testInRig = isWholeRig ? test : (notMade as unknown as typeof test);

/** Every soak lasts this many times shorter; 1: the whole length. */
export const soakDivisor = Number(process.env['TANDEM_SOAK_DIVISOR'] ?? '1');

export function soakMs(minutes: number): number {
  return (minutes * 60_000) / soakDivisor;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
