import { stat } from 'node:fs/promises';
import type { Result } from '../../src-shared/errors/result.ts';

/**
 * Reads anew only where one of the files it depends on is another than at the last good reading: by its inode, size
 * and times. What failed is always read anew.
 *
 * @param files all that `read` depends on, or writes; a missing one counts as such
 */
export function readUnlessChanged<T>(
  files: readonly string[],
  read: () => Promise<Result<T>>,
): () => Promise<Result<T>> {
  let kept: { readonly stamp: string; readonly result: Result<T> } | null = null;
  return async () => {
    // Before the reading: what changes meanwhile differs from it the next time.
    const stamp = (await Promise.all(files.map(stampOf))).join(' ');
    if (kept?.stamp === stamp) return kept.result;
    const result = await read();
    kept = result.ok ? { stamp, result } : null;
    return result;
  };
}

async function stampOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join('.');
  } catch {
    return '-';
  }
}
