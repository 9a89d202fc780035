import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PairedPeer } from '../ports.ts';
import { peerFile, readPeer, removePeer, writePeer } from './peer-file.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'tandem-peer-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const peer: PairedPeer = {
  pin: 'ab'.repeat(32),
  name: '부엌의 맥',
  role: 'core',
  pairedAt: '2026-01-01T00:00:00.000Z',
  address: '192.0.2.7',
  port: 47_321,
  minor: 1,
  homeRouters: ['aa:bb:cc:dd:ee:ff', null],
  refusedRouters: ['192.0.2.1'],
};

test('nobody, somebody, nobody again', async () => {
  expect(await readPeer(folder)).toEqual({ ok: true, value: null });
  expect(await writePeer(folder, peer)).toEqual({ ok: true, value: null });
  expect((await stat(peerFile(folder))).mode & 0o777).toBe(0o600);
  expect(await readPeer(folder)).toEqual({ ok: true, value: peer });
  expect(await removePeer(folder)).toEqual({ ok: true, value: null });
  expect(await readPeer(folder)).toEqual({ ok: true, value: null });
  expect(await removePeer(folder)).toEqual({ ok: true, value: null });
});

test('damage is told with the place of it, and the file stays', async () => {
  const damaged: [string, string][] = [
    ['', 'not JSON'],
    ['null', 'not an object'],
    [JSON.stringify(peer).slice(0, 80), 'not JSON'],
    [JSON.stringify({ ...peer, pin: 'AB'.repeat(32) }), 'pin'],
    [JSON.stringify({ ...peer, role: 'single' }), 'role'],
    [JSON.stringify({ ...peer, port: 0 }), 'port'],
    [JSON.stringify({ ...peer, homeRouters: [7] }), 'homeRouters.0'],
  ];
  for (const [text, detail] of damaged) {
    await writeFile(peerFile(folder), text);
    expect(await readPeer(folder)).toEqual({
      ok: false,
      error: { code: 'identityUnreadable', params: { path: peerFile(folder), detail } },
    });
    expect(await readFile(peerFile(folder), 'utf8')).toBe(text);
  }
});

test('what could not be read again is not written', async () => {
  await writePeer(folder, peer);
  expect(await writePeer(folder, { ...peer, port: 70_000 })).toMatchObject({ ok: false });
  expect(await readPeer(folder)).toEqual({ ok: true, value: peer });
});

test('a peer file that others could write is closed to them', async () => {
  await writePeer(folder, peer);
  await chmod(peerFile(folder), 0o666);
  expect(await readPeer(folder)).toEqual({ ok: true, value: peer });
  expect((await stat(peerFile(folder))).mode & 0o777).toBe(0o600);
});
