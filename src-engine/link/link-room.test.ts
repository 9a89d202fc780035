import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linkParts } from '../../test/doubles/link-parts.ts';
import type { OwnLink, Peer } from '../../src-shared/world/peer.ts';
import { keyFile, openIdentity } from './identity/identity-files.ts';
import { peerFile } from './identity/peer-file.ts';
import { openLink } from './link-room.ts';

const caller = { send: () => undefined, onClose: () => undefined };

async function shut(damage: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-shut-'));
  await chmod(folder, 0o700);
  await openIdentity(folder);
  await damage(folder);
  const { parts, time } = linkParts({}, folder);
  const published: { link: OwnLink; peer: Peer | null }[] = [];
  const publish = (link: OwnLink, peer: Peer | null): void => void published.push({ link, peer });
  const room = await openLink({ ...parts.ports, publish });
  return { folder, room, time, published };
}

test('link 21: damaged keys: no crash, no new keys, every act says why, looking works, nothing runs', async () => {
  const { folder, room, time, published } = await shut((at) =>
    writeFile(keyFile(at), 'damaged', { mode: 0o600 }),
  );
  const problem = { code: 'identityUnreadable' };
  expect(published).toMatchObject([{ link: { pin: null, problem }, peer: null }]);
  const { handlers } = room;
  const acts = [
    handlers['pair.open']({}, caller),
    handlers['pair.dial']({ host: '192.0.2.8' }, caller),
    handlers['pair.answer']({ same: true }, caller),
    handlers['pair.cancel']({}, caller),
    handlers['pair.nearby']({}, caller),
    handlers['peer.unpair']({ yes: true }, caller),
    handlers['peer.record']({ on: true }, caller),
    handlers['peer.ask']({ command: 'leave' }, caller),
    handlers['peer.network']({ trust: true }, caller),
  ];
  for (const answer of await Promise.all(acts)) expect(answer).toMatchObject({ ok: false, error: problem });
  expect(await handlers['peer.get']({}, caller)).toMatchObject({
    ok: true,
    value: { link: { problem }, peer: null },
  });
  expect(await handlers['peer.breaks']({ limit: 5 }, caller)).toEqual({ ok: true, value: { breaks: [] } });
  room.hostEvent('suspend');
  room.setLive(true);
  room.ownChanged();
  room.settingsChanged();
  await room.dispose();
  expect(time.pending()).toBe(0);
  expect(await readFile(keyFile(folder), 'utf8')).toBe('damaged');
});

test('link 21: a damaged memory of the other Mac shuts the link too, and is not written over', async () => {
  const { folder, published } = await shut((at) => writeFile(peerFile(at), '{"pin":1}', { mode: 0o600 }));
  expect(published).toMatchObject([{ link: { problem: { code: 'identityUnreadable' } } }]);
  expect(await readFile(peerFile(folder), 'utf8')).toBe('{"pin":1}');
});
