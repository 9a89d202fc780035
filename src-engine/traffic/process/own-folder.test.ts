import { chmodSync, chownSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { wrongWithFolder } from './own-folder.ts';

const place = (): string => join(temporaryFolder('own-folder'), 'short');

test('a folder of our own is right, or not there yet; one that is too open is closed', async () => {
  const path = place();
  expect(await wrongWithFolder(path)).toBeNull();
  mkdirSync(path, { mode: 0o700 });
  expect(await wrongWithFolder(path)).toBeNull();
  chmodSync(path, 0o777);
  expect(await wrongWithFolder(path)).toBeNull();
  expect(lstatSync(path).mode & 0o777).toBe(0o700);
});

test('a link to a folder and a file are none', async () => {
  const link = place();
  symlinkSync(temporaryFolder('elsewhere'), link);
  expect(await wrongWithFolder(link)).toContain('is not a folder');
  const file = place();
  writeFileSync(file, '');
  expect(await wrongWithFolder(file)).toContain('is not a folder');
});

// Only root can give a folder away.
test.skipIf(process.getuid?.() !== 0)("another user's folder is not believed, nor touched", async () => {
  const path = place();
  mkdirSync(path, { mode: 0o777 });
  chmodSync(path, 0o777);
  chownSync(path, 65_534, 65_534);
  expect(await wrongWithFolder(path)).toContain('another user');
  expect(lstatSync(path).mode & 0o777).toBe(0o777);
});
