/** What this program speaks: minor versions of `tandem/1`. */
export const PROTO_MIN = 0;
export const PROTO_MAX = 0;

/** Minor versions, both ends included. */
export interface MinorRange {
  readonly min: number;
  readonly max: number;
}

export type Agreement =
  | { readonly ok: true; readonly minor: number }
  /** Which of the two must be updated. `theirs` and `ours` are the highest version of each, as people read it. */
  | {
      readonly ok: false;
      readonly code: 'peerIsOld' | 'selfIsOld';
      readonly params: { readonly theirs: string; readonly ours: string };
    };

export const versionName = (minor: number): string => `1.${minor}`;

/**
 * The highest minor version that both speak. One below the ratchet, the highest ever agreed with this
 * peer, is refused: somebody between the two may have lowered it (research/link.md, section 5).
 */
export function agree(ours: MinorRange, theirs: MinorRange, ratchet: number): Agreement {
  const minor = Math.min(ours.max, theirs.max);
  const floor = Math.max(ours.min, theirs.min, ratchet);
  if (minor >= floor) return { ok: true, minor };
  const code = theirs.max < floor && theirs.max <= ours.max ? 'peerIsOld' : 'selfIsOld';
  return { ok: false, code, params: { theirs: versionName(theirs.max), ours: versionName(ours.max) } };
}

/** What a refusal by the other Mac means here: it calls old what is new to us, and the other way round. */
export const seenFromHere = (code: 'peerIsOld' | 'selfIsOld'): 'peerIsOld' | 'selfIsOld' =>
  code === 'peerIsOld' ? 'selfIsOld' : 'peerIsOld';
