import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Identity } from '../ports.ts';
import { certificateOf, keyPemOf, makeKey } from './certificate.ts';
import { certificateFile, keyFile, openIdentity } from './identity-files.ts';
import { peerFile } from './peer-file.ts';
import { pinOfCertificate } from './pin.ts';

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tandem-identity-'));
  folder = join(home, 'identity');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
async function opened(): Promise<Identity> {
  const identity = await openIdentity(folder);
  if (!identity.ok) throw new Error(JSON.stringify(identity.error));
  return identity.value;
}
/** Nothing may be changed by a refusal: what is there is what a person has to look at. */
async function refused(path: string, detail: RegExp | string): Promise<void> {
  const before = await contents();
  expect(await openIdentity(folder)).toEqual({
    ok: false,
    error: {
      code: 'identityUnreadable',
      params: { path, detail: typeof detail === 'string' ? detail : expect.stringMatching(detail) },
    },
  });
  expect(await contents()).toEqual(before);
}
async function contents(): Promise<Record<string, string>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.pem'));
  const read = async (name: string) =>
    (await stat(join(folder, name))).isFile() ? readFile(join(folder, name), 'utf8') : 'no file';
  return Object.fromEntries(await Promise.all(files.map(async (name) => [name, await read(name)] as const)));
}

test('link 21: the first start makes the identity, 0600 in 0700; every later one finds it', async () => {
  const made = await opened();
  expect(pinOfCertificate(made.certificatePem)).toBe(made.pin);
  expect(await modeOf(folder)).toBe(0o700);
  expect(await modeOf(keyFile(folder))).toBe(0o600);
  expect(await modeOf(certificateFile(folder))).toBe(0o600);
  expect(await opened()).toEqual(made);
  expect((await readdir(folder)).sort()).toEqual(['certificate.pem', 'key.pem']);
});

test('two homes are two Macs', async () => {
  const one = await opened();
  folder = join(home, 'other');
  expect((await opened()).pin).not.toBe(one.pin);
});

test('a crash between the two files: the certificate is made again and the pin stays', async () => {
  const made = await opened();
  await rm(certificateFile(folder));
  const again = await opened();
  expect(again.pin).toBe(made.pin);
  expect(pinOfCertificate(again.certificatePem)).toBe(made.pin);
});

test('link 21: no new key where an old one is lost', async () => {
  await opened();
  await rm(keyFile(folder));
  await refused(keyFile(folder), 'missing');
  await rm(certificateFile(folder));
  await writeFile(peerFile(folder), '{}', { mode: 0o600 });
  await refused(keyFile(folder), 'missing');
});

test('link 21: damage is told and left as it is', async () => {
  const made = await opened();
  const pem = await readFile(keyFile(folder), 'utf8');
  const damaged = [
    ['', 'not a key'],
    [pem.slice(0, 60), 'not a key'],
    ['junk', 'not a key'],
    [made.certificatePem, 'not a key'],
    ['x'.repeat(70_000), '70000 bytes'],
  ] as const;
  for (const [text, detail] of damaged) {
    await writeFile(keyFile(folder), text);
    await refused(keyFile(folder), detail);
  }
  await writeFile(keyFile(folder), pem);
  await writeFile(certificateFile(folder), made.certificatePem.slice(0, 200));
  await refused(certificateFile(folder), 'not a certificate');
});

test('a pair that is none, and a key of another kind', async () => {
  await opened();
  const good = await readFile(certificateFile(folder), 'utf8');
  await writeFile(certificateFile(folder), certificateOf(makeKey()));
  await refused(certificateFile(folder), 'of another key');
  await writeFile(certificateFile(folder), good);
  for (const key of [
    generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey,
    generateKeyPairSync('ed25519').privateKey,
  ]) {
    await writeFile(keyFile(folder), keyPemOf(key));
    await refused(keyFile(folder), 'not a P-256 key');
  }
});

test('a folder or a pipe in the place of the key is refused, and holds nothing up', async () => {
  await mkdir(keyFile(folder), { recursive: true });
  await refused(keyFile(folder), 'not a file');
  await rm(keyFile(folder), { recursive: true });
  await symlink('/dev/zero', keyFile(folder));
  await refused(keyFile(folder), 'not a file');
});

test('a file where the folder should be', async () => {
  await writeFile(folder, '');
  expect(await openIdentity(folder)).toMatchObject({
    ok: false,
    error: { code: 'identityUnreadable', params: { path: folder, detail: 'EEXIST' } },
  });
});

test('link 21: files that lost their modes are closed to others and taken', async () => {
  const made = await opened();
  await chmod(folder, 0o755);
  await chmod(keyFile(folder), 0o644);
  await chmod(certificateFile(folder), 0o666);
  expect(await opened()).toEqual(made);
  expect(await modeOf(folder)).toBe(0o700);
  expect(await modeOf(keyFile(folder))).toBe(0o600);
  expect(await modeOf(certificateFile(folder))).toBe(0o600);
});

test.runIf(process.getuid?.() === 0)('a key of another owner is refused', async () => {
  await opened();
  await chown(keyFile(folder), 12_345, 12_345);
  await refused(keyFile(folder), 'belongs to user 12345');
});

test.runIf(process.getuid?.() !== 0)('a key that may not be read is told', async () => {
  await opened();
  await chmod(keyFile(folder), 0);
  await refused(keyFile(folder), 'EACCES');
});
