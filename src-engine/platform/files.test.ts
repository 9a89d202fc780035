import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { writePrivately, writeWhole } from './files.ts';

let folder: string;
beforeEach(() => void (folder = temporaryFolder('files')));
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('our state is 0600 in a 0700 folder, also where both were open before', async () => {
  const made = join(folder, 'state/deep/file.json');
  await writePrivately(made, 'one');
  expect(await modeOf(made)).toBe(0o600);
  expect(await modeOf(join(folder, 'state/deep'))).toBe(0o700);
  await chmod(made, 0o644);
  await chmod(join(folder, 'state/deep'), 0o755);
  await writePrivately(made, 'two');
  expect(await modeOf(made)).toBe(0o600);
  expect(await modeOf(join(folder, 'state/deep'))).toBe(0o700);
});

test('a file is replaced whole: who reads meanwhile sees the old text or the new, and nothing stays beside it', async () => {
  const file = join(folder, 'file');
  const texts = ['a'.repeat(100_000), 'b'.repeat(100_000)];
  await writePrivately(file, texts[0] ?? '');
  for (let round = 0; round < 10; round += 1) {
    const writing = writePrivately(file, texts[round % 2] ?? '');
    for (let look = 0; look < 5; look += 1) expect(texts).toContain(await readFile(file, 'utf8'));
    await writing;
  }
  expect(await readdir(folder)).toEqual(['file']);
});

test("somebody else's folder stays as it is, and is not made", async () => {
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'bundle'), 'old', { mode: 0o644 });
  await writeWhole(join(folder, 'bundle'), 'new');
  expect(await modeOf(folder)).toBe(0o755);
  expect(await modeOf(join(folder, 'bundle'))).toBe(0o600);
  await expect(writeWhole(join(folder, 'none/bundle'), 'new')).rejects.toThrow('ENOENT');
});
