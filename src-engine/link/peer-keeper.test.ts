import { chmod, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { aSession, linkParts, pairedPeer } from '../../test/doubles/link-parts.ts';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { readPeer, peerFile } from './identity/peer-file.ts';
import { createPeerKeeper } from './peer-keeper.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-keeper-'));
  await chmod(folder, 0o700);
});

test('pairing: the role, the disk, then the parts; all of the former Mac is forgotten', async () => {
  const { parts, state, calls, added } = linkParts({}, folder);
  Object.assign(state, { paired: null, bye: 'quit', peerMac: '02:00:00:00:00:08' });
  await createPeerKeeper(parts).store(pairedPeer(), 'core');
  expect(await readPeer(folder)).toEqual(ok(pairedPeer()));
  expect(state).toMatchObject({ paired: { name: 'Edge' }, bye: null, peerMac: null });
  expect(calls).toEqual(['sessions.setPeer', 'beat.forget', 'breaks.forget', 'presence.refresh']);
  expect(added).toMatchObject([{ kind: 'peer.paired' }]);
});

test('a role that cannot be set pairs nobody, on the disk neither', async () => {
  const { parts, state } = linkParts({}, folder);
  state.paired = null;
  const ports = { ...parts.ports, setRole: async () => fail('settingsUnreadable', { detail: 'x' }) };
  const keeper = createPeerKeeper({ ...parts, ports });
  await expect(keeper.store(pairedPeer(), 'core')).rejects.toMatchObject({
    error: { code: 'settingsUnreadable' },
  });
  expect(state.paired).toBeNull();
  expect(await readPeer(folder)).toEqual(ok(null));
});

test('a disk that takes nothing: the error is told, and nobody is paired', async () => {
  await mkdir(peerFile(folder));
  const { parts, state } = linkParts({}, folder);
  state.paired = null;
  await expect(createPeerKeeper(parts).store(pairedPeer(), 'core')).rejects.toMatchObject({
    error: { code: 'identityUnreadable' },
  });
  expect(state.paired).toBeNull();
});

test('updates at once lose none of each other, on the disk too', async () => {
  const { parts, state } = linkParts({}, folder);
  const keeper = createPeerKeeper(parts);
  await Promise.all([
    keeper.update({ minor: 3 }),
    keeper.update({ address: '192.0.2.9' }),
    keeper.update({ port: 5000 }),
  ]);
  const changed = pairedPeer({ minor: 3, address: '192.0.2.9', port: 5000 });
  expect(state.paired).toEqual(changed);
  expect(await readPeer(folder)).toEqual(ok(changed));
});

test('an update that comes after the unpairing brings nobody back', async () => {
  const { parts, state } = linkParts({}, folder);
  const keeper = createPeerKeeper(parts);
  await keeper.update({ minor: 1 });
  await Promise.all([keeper.unpair('here'), keeper.update({ minor: 2 })]);
  expect(state.paired).toBeNull();
  await expect(readFile(peerFile(folder))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('unpaired here: the other Mac is told before the session ends, a person is not', async () => {
  const { parts, own, calls, happened, added } = linkParts({}, folder);
  const { session, sent } = aSession();
  own.current = session;
  expect(await createPeerKeeper(parts).unpair('here')).toEqual(ok(null));
  expect(sent).toEqual([{ type: 'UNPAIR' }]);
  expect(calls.slice(0, 3)).toEqual(['sessions.current', 'teller.setSession', 'sessions.setPeer']);
  expect(happened).toEqual([]);
  expect(added).toMatchObject([{ kind: 'peer.unpaired', why: null }]);
});

test('unpaired from the other side: a person hears of it once, and no UNPAIR goes back', async () => {
  const { parts, own, happened } = linkParts({}, folder);
  const { session, sent } = aSession();
  own.current = session;
  const keeper = createPeerKeeper(parts);
  await Promise.all([keeper.unpair('there'), keeper.unpair('there')]);
  expect(sent).toEqual([]);
  expect(happened).toEqual([{ type: 'peer', kind: 'peerUnpaired', params: { name: 'Edge' } }]);
});

test('what cannot be removed from the disk stays paired, and says so', async () => {
  await mkdir(join(peerFile(folder), 'in-the-way'), { recursive: true });
  const { parts, state, happened } = linkParts({}, folder);
  expect(await createPeerKeeper(parts).unpair('there')).toMatchObject({
    ok: false,
    error: { code: 'identityUnreadable' },
  });
  expect(state.paired).not.toBeNull();
  expect(happened).toEqual([]);
});
