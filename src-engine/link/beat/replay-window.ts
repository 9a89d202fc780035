/** Which sequence numbers of a session were taken: the highest, and one bit for each of the 64 up to it. */
export interface ReplayWindow {
  /** 0: none yet. */
  readonly highestSeq: number;
  readonly seenBits: bigint;
}

const SIZE = 64;

export const emptyWindow: ReplayWindow = { highestSeq: 0, seenBits: 0n };

/** The window with `seq` taken; null when it was taken before or is too old to tell. Only for what was authenticated. */
export function takeSeq(window: ReplayWindow, seq: number): ReplayWindow | null {
  if (!Number.isSafeInteger(seq) || seq < 1) return null;
  const ahead = seq - window.highestSeq;
  if (ahead > 0) {
    const kept = ahead >= SIZE ? 0n : BigInt.asUintN(SIZE, window.seenBits << BigInt(ahead));
    return { highestSeq: seq, seenBits: kept | 1n };
  }
  if (-ahead >= SIZE) return null;
  const bit = 1n << BigInt(-ahead);
  return (window.seenBits & bit) === 0n ? { ...window, seenBits: window.seenBits | bit } : null;
}
