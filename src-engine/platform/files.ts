import { chmod, mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** Reading of small text files; sensors and state. */
export interface TextFiles {
  /** The file's text, or null when it cannot be read, for whatever reason. */
  read(path: string): Promise<string | null>;
  /** Names in a folder, sorted; empty when it cannot be read. */
  list(path: string): Promise<string[]>;
}

export const systemFiles: TextFiles = {
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch {
      return null;
    }
  },
  async list(path) {
    try {
      return (await readdir(path)).sort();
    } catch {
      return [];
    }
  },
};

/** Makes a folder for this user alone. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

/** Our own state: written as `writeWhole` does, in a folder that is made for this user alone. */
export async function writePrivately(path: string, text: string): Promise<void> {
  await makePrivateFolder(dirname(path));
  await writeWhole(path, text);
}

/** Writes whole or not at all: temporary file, fsync, rename; mode 0600. The folder is somebody else's and stays as it is. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFileAtomic(path, text, { mode: 0o600, fsync: true });
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Free and total bytes of the volume that holds `path`; null when it cannot be told. */
export async function volumeOf(path: string): Promise<{ freeBytes: number; totalBytes: number } | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}

/** True when an error says that no space is left. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
