import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { isDiskFull, writePrivately } from '../../platform/files.ts';

/** Keys, certificates and pins are far smaller; what is larger is not ours. */
const MOST_BYTES = 64 * 1024;

/**
 * A file for this user alone; null when there is none. A file that others may read or write is closed to
 * them and taken (its folder is 0700; copies and restored backups lose modes); one of another owner is
 * refused, since its content is that person's word.
 */
export async function readPrivateFile(path: string): Promise<Result<string | null>> {
  let file: FileHandle | null = null;
  try {
    // Without NONBLOCK a FIFO in its place would hold the engine's start for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await file.stat();
    const { uid, mode, size } = facts;
    if (!facts.isFile()) return unreadable(path, 'not a file');
    if (uid !== process.getuid?.()) return unreadable(path, `belongs to user ${uid}`);
    if (size > MOST_BYTES) return unreadable(path, `${size} bytes`);
    if ((mode & 0o177) !== 0) await file.chmod(0o600);
    return ok(await file.readFile('utf8'));
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? ok(null) : unreadable(path, codeOf(error));
  } finally {
    await file?.close();
  }
}

/** Whole or not at all, 0600, in a folder of 0700. */
export async function writePrivateFile(path: string, text: string): Promise<Result<null>> {
  try {
    await writePrivately(path, text);
    return ok(null);
  } catch (error) {
    return isDiskFull(error) ? fail('diskFull', { path }) : unreadable(path, codeOf(error));
  }
}

export function unreadable(path: string, detail: string): Result<never> {
  return fail('identityUnreadable', { path, detail });
}

export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : 'unknown';
}
