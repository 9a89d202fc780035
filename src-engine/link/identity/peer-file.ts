import { join } from 'node:path';
import { z } from 'zod';
import { ok, type Result } from '../../../src-shared/errors/result.ts';
import { removeFile } from '../../platform/files.ts';
import type { PairedPeer } from '../ports.ts';
import { PIN } from './pin.ts';
import { codeOf, readPrivateFile, unreadable, writePrivateFile } from './private-file.ts';

export const peerFile = (folder: string): string => join(folder, 'peer.json');

const routerKey = z.string().min(1).max(64);

const pairedPeerSchema: z.ZodType<PairedPeer> = z.object({
  pin: z.string().regex(PIN),
  name: z.string().min(1).max(63),
  role: z.enum(['core', 'edge']),
  pairedAt: z.iso.datetime(),
  address: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65_535),
  minor: z.number().int().min(0).max(65_535),
  homeRouters: z.array(routerKey.nullable()).max(64),
  refusedRouters: z.array(routerKey).max(64),
});

/** The other Mac, as pairing left it in `folder`; null when there is none. `identityUnreadable` when damaged. */
export async function readPeer(folder: string): Promise<Result<PairedPeer | null>> {
  const path = peerFile(folder);
  const text = await readPrivateFile(path);
  if (!text.ok || text.value === null) return text as Result<null>;
  let content: unknown;
  try {
    content = JSON.parse(text.value);
  } catch {
    return unreadable(path, 'not JSON');
  }
  const peer = pairedPeerSchema.safeParse(content);
  return peer.success
    ? ok(peer.data)
    : unreadable(path, peer.error.issues[0]?.path.join('.') || 'not an object');
}

/** Whole or not at all, 0600. A value that could not be read again is not written. */
export async function writePeer(folder: string, peer: PairedPeer): Promise<Result<null>> {
  const path = peerFile(folder);
  const checked = pairedPeerSchema.safeParse(peer);
  if (!checked.success) return unreadable(path, checked.error.issues[0]?.path.join('.') ?? 'not a peer');
  return writePrivateFile(path, `${JSON.stringify(checked.data, null, 2)}\n`);
}

/** Forgets the other Mac; no peer is no error. */
export async function removePeer(folder: string): Promise<Result<null>> {
  try {
    await removeFile(peerFile(folder));
    return ok(null);
  } catch (error) {
    return unreadable(peerFile(folder), codeOf(error));
  }
}
