import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { isDiskFull, writePrivately } from '../platform/files.ts';
import type { PairFacts } from './room-ports.ts';

/** Certificate and key in one file, as HAProxy wants them; 0600 beside the key that it repeats. */
export const ownPemFile = (identityFolder: string): string => join(identityFolder, 'front-own.pem');
/** The other Mac's certificate: the only authority that a front believes. */
export const peerPemFile = (identityFolder: string): string => join(identityFolder, 'front-peer.pem');

/** This Mac's PEM file, written where it does not say that already. `diskFull`, `identityUnreadable {path, detail}`. */
export function writeOwnPem(
  identityFolder: string,
  { certificatePem, keyPem }: Pick<PairFacts, 'certificatePem' | 'keyPem'>,
): Promise<Result<string>> {
  return written(ownPemFile(identityFolder), `${certificatePem.trimEnd()}\n${keyPem.trimEnd()}\n`);
}

export function writePeerPem(identityFolder: string, certificatePem: string): Promise<Result<string>> {
  return written(peerPemFile(identityFolder), `${certificatePem.trimEnd()}\n`);
}

async function written(path: string, text: string): Promise<Result<string>> {
  try {
    if ((await readFile(path, 'utf8').catch(() => null)) !== text) await writePrivately(path, text);
    return ok(path);
  } catch (error) {
    const detail = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return isDiskFull(error) ? fail('diskFull', { path }) : fail('identityUnreadable', { path, detail });
  }
}
