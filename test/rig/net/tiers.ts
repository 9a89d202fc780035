import { describe, test } from 'vitest';
import { whyNoNamespaces } from './namespaces.ts';

const why = whyNoNamespaces();

/** A group of tests that needs the rig; where there is none, it is skipped and says why. */
export function onTheWire(name: string, body: () => void): void {
  describe.skipIf(why !== null)(why === null ? name : `${name} (skipped: ${why})`, body);
}

/** Numbered tests that `npm test` leaves to `npm run test:rig` (design decision 16). */
export const testInRig = test.skipIf(process.env['TANDEM_RIG'] !== 'all');

/** In real time, for hours: `TANDEM_SOAK=1`; `TANDEM_SOAK_DIVISOR=20` for a short look. */
export const testInSoak = test.skipIf(process.env['TANDEM_SOAK'] !== '1');

export const isWholeRig = process.env['TANDEM_RIG'] === 'all';

export function soakMs(minutes: number): number {
  return (minutes * 60_000) / Number(process.env['TANDEM_SOAK_DIVISOR'] ?? '1');
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
