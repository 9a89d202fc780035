import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { oneKey } from '../../test/doubles/pair-keys.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { peerPemFile, writeOwnPem, writePeerPem } from './pair-files.ts';

test('certificate and key in one file for this user alone; another key replaces it', async () => {
  const folder = join(temporaryFolder('pair-files'), 'identity');
  const [first, second] = [oneKey(), oneKey()];
  const path = await writeOwnPem(folder, first);
  if (!path.ok) throw new Error(path.error.code);
  const text = await readFile(path.value, 'utf8');
  expect(text).toContain(first.certificatePem.trim());
  expect(text).toContain(first.keyPem.trim());
  expect((await stat(path.value)).mode & 0o777).toBe(0o600);
  await writeOwnPem(folder, second);
  expect(await readFile(path.value, 'utf8')).toContain(second.keyPem.trim());
});

test('what stands already is not written again', async () => {
  const folder = join(temporaryFolder('pair-files'), 'identity');
  const { certificatePem } = oneKey();
  await writePeerPem(folder, certificatePem);
  const before = await stat(peerPemFile(folder));
  await writePeerPem(folder, certificatePem);
  expect((await stat(peerPemFile(folder))).ino).toBe(before.ino);
});

test('a folder that cannot be made is an error with its reason', async () => {
  const file = join(temporaryFolder('pair-files'), 'a-file');
  await writeFile(file, '');
  expect(await writePeerPem(join(file, 'identity'), 'pem')).toMatchObject({
    ok: false,
    error: { code: 'identityUnreadable', params: { detail: 'ENOTDIR' } },
  });
});
