/** What is kept of a body, so that it can be sent again: 64 KiB (issue 5). A longer one goes once. */
export const KEPT_BODY_BYTES = 64 * 1024;

/** The body of a request as far as it came. */
export interface KeptBody {
  chunks: Buffer[];
  bytes: number;
  /** Everything that came is still here. */
  whole: boolean;
  ended: boolean;
}

export const newBody = (): KeptBody => ({ chunks: [], bytes: 0, whole: true, ended: false });

export function keepChunk(body: KeptBody, chunk: Buffer): void {
  body.bytes += chunk.length;
  if (!body.whole) return;
  if (body.bytes <= KEPT_BODY_BYTES) body.chunks.push(chunk);
  else {
    body.whole = false;
    body.chunks = [];
  }
}
