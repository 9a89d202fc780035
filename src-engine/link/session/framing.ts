/**
 * Frames on a byte stream: u32 big-endian length, then that many bytes of JSON.
 * Whoever is not yet welcomed may send 4 KiB, the paired Mac 64 KiB (design/limits.md, STATUS frame).
 */
export const CAP_BEFORE_WELCOME_BYTES = 4 * 1024;
export const CAP_AFTER_WELCOME_BYTES = 64 * 1024;

const LENGTH_BYTES = 4;
const FIRST_ROOM_BYTES = 1024;

export type BrokenStream = 'tooLong' | 'empty' | 'notJson';

/** The frame as bytes; null when it is over the cap or cannot be said in JSON. */
export function encodeFrame(value: unknown, capBytes = CAP_AFTER_WELCOME_BYTES): Buffer | null {
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) return null;
  const lengthBytes = Buffer.byteLength(json);
  if (lengthBytes > capBytes) return null;
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + lengthBytes);
  bytes.writeUInt32BE(lengthBytes, 0);
  bytes.write(json, LENGTH_BYTES);
  return bytes;
}

/** The body of one frame, as far as it came. */
class Body {
  private bytes = Buffer.alloc(0);
  private filled = 0;

  /** Takes of `chunk` what belongs to a body of `claimed` bytes; returns how much that was. */
  take(chunk: Buffer, claimed: number): number {
    const piece = chunk.subarray(0, claimed - this.filled);
    const wanted = this.filled + piece.length;
    if (wanted > this.bytes.length) {
      const room = Math.max(FIRST_ROOM_BYTES, wanted, this.bytes.length * 2);
      const roomier = Buffer.allocUnsafe(Math.min(claimed, room));
      this.bytes.copy(roomier, 0, 0, this.filled);
      this.bytes = roomier;
    }
    piece.copy(this.bytes, this.filled);
    this.filled = wanted;
    return piece.length;
  }

  /** The text, once `claimed` bytes are there. */
  whole(claimed: number): string | null {
    return this.filled === claimed ? this.bytes.toString('utf8', 0, claimed) : null;
  }

  clear(): void {
    this.bytes = Buffer.alloc(0);
    this.filled = 0;
  }
}

/**
 * Cuts a stream into frames, wherever its chunks split. Memory grows with the bytes that came, never
 * with what a length claims. After `onBroken`, which is called once, everything is ignored.
 */
export class FrameReader {
  private readonly head = Buffer.alloc(LENGTH_BYTES);
  private readonly body = new Body();
  private headBytes = 0;
  private stopped = false;
  private readonly onFrame: (frame: unknown) => void;
  private readonly onBroken: (why: BrokenStream) => void;
  private capBytes: number;

  constructor(
    onFrame: (frame: unknown) => void,
    onBroken: (why: BrokenStream) => void,
    capBytes = CAP_BEFORE_WELCOME_BYTES,
  ) {
    this.onFrame = onFrame;
    this.onBroken = onBroken;
    this.capBytes = capBytes;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.stopped) {
      const taken = chunk.copy(this.head, this.headBytes, at, at + LENGTH_BYTES - this.headBytes);
      this.headBytes += taken;
      at += taken;
      const claimed = this.claimedBytes();
      if (claimed !== null) at += this.fill(chunk.subarray(at), claimed);
    }
  }

  /** From the next frame on. */
  setCap(capBytes: number): void {
    this.capBytes = capBytes;
  }

  /** Nothing is read any more; what was collected is let go. */
  stop(): void {
    this.stopped = true;
    this.body.clear();
  }

  /** The length that the four bytes say, when they are all there and it may be. */
  private claimedBytes(): number | null {
    if (this.headBytes < LENGTH_BYTES) return null;
    const claimed = this.head.readUInt32BE(0);
    if (claimed > 0 && claimed <= this.capBytes) return claimed;
    this.fail(claimed === 0 ? 'empty' : 'tooLong');
    return null;
  }

  private fill(chunk: Buffer, claimed: number): number {
    const taken = this.body.take(chunk, claimed);
    const text = this.body.whole(claimed);
    if (text === null) return taken;
    this.headBytes = 0;
    this.body.clear();
    const frame = parse(text);
    if (frame === NOT_JSON) this.fail('notJson');
    else this.onFrame(frame);
    return taken;
  }

  private fail(why: BrokenStream): void {
    this.stop();
    this.onBroken(why);
  }
}

const NOT_JSON = Symbol('not JSON');

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return NOT_JSON;
  }
}
