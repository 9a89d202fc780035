import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { MinorRange } from '../session/version.ts';
import type { RoleClaim } from './roles.ts';

/** RFC 5705 label and length of what the digits are bound to: this TLS connection and no other. */
export const SAS_EXPORTER = 'EXPORTER-tandem-sas';
export const SAS_EXPORTER_BYTES = 32;
export const NONCE_BYTES = 32;

const COMMIT_LABEL = 'tandem-pair/1 commit';
const SAS_LABEL = 'tandem-pair/1 sas';
const DIGITS = 6;

/** What one side put into the digits. */
export interface SasSide extends RoleClaim {
  readonly pin: string;
  /** Hex. */
  readonly nonce: string;
  readonly minors: MinorRange;
}

/**
 * The dialler's promise, hex: it chose its nonce before it saw the listener's. Without it, who stands between
 * could try nonces until both screens show the same digits (research/link.md 3: seconds for a million).
 */
export function commitOf(dialler: SasSide): string {
  return hashOf([COMMIT_LABEL, ...partsOf(dialler)]).toString('hex');
}

export function commitHolds(commit: string, dialler: SasSide): boolean {
  const promised = Buffer.from(commit, 'hex');
  const shown = Buffer.from(commitOf(dialler), 'hex');
  return promised.length === shown.length && timingSafeEqual(promised, shown);
}

/**
 * Six digits that are the same on both screens only when both sides speak over the same TLS connection
 * and heard the same keys, nonces, versions and roles. 64 bits are cut to 10^6: uneven by less than 1e-13.
 *
 * @param exporter keying material of `SAS_EXPORTER`, `SAS_EXPORTER_BYTES`
 */
export function digitsOf(exporter: Buffer, dialler: SasSide, listener: SasSide): string {
  const salt = hashOf([SAS_LABEL, ...partsOf(dialler), ...partsOf(listener)]);
  const drawn = Buffer.from(hkdfSync('sha256', exporter, salt, SAS_LABEL, 8)).readBigUInt64BE();
  return (drawn % 10n ** BigInt(DIGITS)).toString().padStart(DIGITS, '0');
}

function partsOf(side: SasSide): string[] {
  const { pin, nonce, minors, role, hasBattery } = side;
  return [pin, nonce, String(minors.min), String(minors.max), role, String(hasBattery)];
}

/** Each part with its length before it: no two lists of parts are the same bytes. */
function hashOf(parts: readonly string[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest();
}
