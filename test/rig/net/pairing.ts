import type { ErrorCode } from '../../../src-shared/errors/codes.ts';
import type { Pairing } from '../../../src-shared/world/peer.ts';
import type { Mac } from './pair.ts';
import type { Ran } from '../../engine/tandem.ts';

/** Pairing by hand, step by step, as the app's window does it: to stop in the middle, and to answer wrongly. */

const STAGE_MS = 10_000;

export const pairingOf = (mac: Mac): Pairing | null => mac.watch.seen.at(-1)?.world.link.pairing ?? null;

/** Waits until the pairing of a Mac stands at a stage. */
export async function stageOf(mac: Mac, stage: Pairing['stage'], limitMs = STAGE_MS): Promise<Pairing> {
  const seen = await mac.watch.reach(
    `pairing at ${stage}`,
    limitMs,
    ({ world }) => world.link.pairing?.stage === stage,
  );
  if (seen.world.link.pairing === null) throw new Error('no pairing');
  return seen.world.link.pairing;
}

export async function openWindow(mac: Mac): Promise<void> {
  const opened = await mac.watch.client.call('pair.open', {});
  if (!opened.ok) throw new Error(`pair.open: ${opened.error.code}`);
}

/** The code that the dial ended with; null when it did not end. */
export async function dial(mac: Mac, host: string): Promise<ErrorCode | null> {
  const dialled = await mac.watch.client.call('pair.dial', { host });
  return dialled.ok ? null : dialled.error.code;
}

export async function answer(mac: Mac, same: boolean): Promise<void> {
  const answered = await mac.watch.client.call('pair.answer', { same });
  if (!answered.ok) throw new Error(`pair.answer: ${answered.error.code}`);
}

/** Both stand before the digits; returns them. */
export async function compare(listener: Mac, dialler: Mac, host: string): Promise<[string, string]> {
  await openWindow(listener);
  const refused = await dial(dialler, host);
  if (refused !== null) throw new Error(`pair.dial: ${refused}`);
  const [one, other] = await Promise.all([stageOf(listener, 'compare'), stageOf(dialler, 'compare')]);
  return [one.digits ?? '', other.digits ?? ''];
}

/** The code of the error that `--json` wrote. */
export function codeOf({ stderr }: Ran): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return (JSON.parse(line) as { error: { code: string } }).error.code;
}
