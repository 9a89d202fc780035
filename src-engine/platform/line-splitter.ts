/** Cuts a byte stream into lines; says when a line grows past the limit instead of keeping it. */
export function lineSplitter(maxBytes: number, onLine: (line: string) => void, onTooLong: () => void) {
  let parts: Buffer[] = [];
  let size = 0;
  let closed = false;
  return (chunk: Buffer): void => {
    let rest = chunk;
    while (!closed) {
      const end = rest.indexOf(0x0a);
      const piece = end < 0 ? rest : rest.subarray(0, end);
      size += piece.length;
      if (size > maxBytes) {
        closed = true;
        parts = [];
        onTooLong();
        return;
      }
      parts.push(piece);
      if (end < 0) return;
      const line = Buffer.concat(parts).toString('utf8').trim();
      parts = [];
      size = 0;
      if (line !== '') onLine(line);
      rest = rest.subarray(end + 1);
    }
  };
}
