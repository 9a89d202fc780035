import { open } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;

/** Lines of a file from its end, newest first; reads no more of it than is asked for. */
export async function* linesFromEnd(path: string, chunkBytes = CHUNK_BYTES): AsyncGenerator<string> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return;
  try {
    let position = (await file.stat()).size;
    let head: Buffer = Buffer.alloc(0);
    while (position > 0) {
      const size = Math.min(chunkBytes, position);
      position -= size;
      const chunk = Buffer.alloc(size);
      await file.read(chunk, 0, size, position);
      const bytes = Buffer.concat([chunk, head]);
      const first = position === 0 ? -1 : bytes.indexOf(0x0a);
      if (position > 0 && first < 0) {
        head = bytes;
        continue;
      }
      head = bytes.subarray(0, Math.max(0, first));
      const lines = bytes
        .subarray(first + 1)
        .toString('utf8')
        .split('\n');
      for (const line of lines.reverse()) if (line !== '') yield line;
    }
  } finally {
    await file.close();
  }
}
