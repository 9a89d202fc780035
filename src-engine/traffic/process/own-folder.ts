import { chmod, lstat } from 'node:fs/promises';

/**
 * Control sockets stand in the system's temporary folder, where anybody may have made one of that name first: it is
 * believed only when it is a folder, this user's own, and for nobody else (what is too open is closed).
 *
 * @returns what is wrong with it; null when it is as it should be, or not there at all
 */
export async function wrongWithFolder(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    if (!found.isDirectory()) return `${path} is not a folder`;
    if (found.uid !== process.getuid?.()) return `${path} belongs to another user`;
    if ((found.mode & 0o777) !== 0o700) await chmod(path, 0o700);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOENT' ? null : `${path}: ${code}`;
  }
}
