import { z } from 'zod';
import { roleSchema } from '../../../src-shared/world/role.ts';

/** Longest name of a Mac, UTF-16 units: that of a DNS label. */
export const MAX_NAME = 63;

/** Why a side ends the pairing, seen from where it stands; the other side may see it otherwise (`pairing-words.ts`). */
export const abortCodes = [
  'pairingBusy',
  'pairingNotOpen',
  'pairingExpired',
  'pairingDeclined',
  'pairingForged',
  'pairingBroken',
  'alreadyPaired',
  'rolesEqual',
  'ownAddress',
  'peerIsOld',
  'selfIsOld',
] as const;
export type AbortCode = (typeof abortCodes)[number];

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const minor = z.number().int().min(0).max(65_535);

/** What each side says of itself before anything is proven. */
const claim = {
  name: z.string().max(MAX_NAME).transform(cleanName),
  role: roleSchema,
  hasBattery: z.boolean(),
  /** Where it listens, TCP and UDP. */
  port: z.number().int().min(1).max(65_535),
  minors: z.object({ min: minor, max: minor }).refine(({ min, max }) => min <= max),
};
const claimSchema = z.object(claim);
export type Claim = z.infer<typeof claimSchema>;

/** Unknown fields are let pass and dropped: a newer minor may say more. */
export const pairFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('COMMIT'), ...claim, commit: hex32 }),
  z.object({ type: z.literal('NONCE'), ...claim, nonce: hex32 }),
  z.object({ type: z.literal('REVEAL'), nonce: hex32 }),
  z.object({ type: z.literal('CONFIRM') }),
  z.object({ type: z.literal('DECLINE') }),
  z.object({
    type: z.literal('ABORT'),
    code: z.enum(abortCodes).catch('pairingBroken'),
    /** With `peerIsOld` and `selfIsOld`: the sender's highest, as people read it. */
    version: z
      .string()
      .regex(/^[0-9.]{1,16}$/)
      .optional()
      .catch(undefined),
  }),
]);
export type PairFrame = z.infer<typeof pairFrameSchema>;

/** A frame from a stranger; null when it is none of ours. */
export function parsePairFrame(frame: unknown): PairFrame | null {
  const parsed = pairFrameSchema.safeParse(frame);
  return parsed.success ? parsed.data : null;
}

/**
 * A name as it may stand on a screen: without control and formatting characters (which could turn the text
 * round or hide in it), one line, at most 63 units. Never empty.
 */
export function cleanName(name: string): string {
  const visible = name.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, '').trim();
  let short = '';
  for (const character of visible) {
    if (short.length + character.length > MAX_NAME) break;
    short += character;
  }
  return short.trim() || 'Mac';
}
