import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from '../../../src-shared/errors/result.ts';
import { makePrivateFolder } from '../../platform/files.ts';
import type { Identity } from '../ports.ts';
import { certificateOf, CURVE, keyPemOf, makeKey } from './certificate.ts';
import { peerFile } from './peer-file.ts';
import { pinOfKey } from './pin.ts';
import { codeOf, readPrivateFile, unreadable, writePrivateFile } from './private-file.ts';

export const keyFile = (folder: string): string => join(folder, 'key.pem');
export const certificateFile = (folder: string): string => join(folder, 'certificate.pem');

/**
 * This Mac's identity of `folder` (`TANDEM_HOME/identity`), made at the first start.
 *
 * The key comes first and alone says who this Mac is: a certificate that is missing (a crash between the
 * two files) is made again from it. New keys are made only where nothing is left of old ones; a paired
 * peer or a certificate without its key is a loss that a person must hear of.
 *
 * @returns `identityUnreadable {path, detail}`: damaged, of another owner, not to be read, no pair;
 *   `diskFull {path}`
 */
export async function openIdentity(folder: string): Promise<Result<Identity>> {
  try {
    await makePrivateFolder(folder);
  } catch (error) {
    return unreadable(folder, codeOf(error));
  }
  const keyText = await readPrivateFile(keyFile(folder));
  if (!keyText.ok) return keyText;
  const certificateText = await readPrivateFile(certificateFile(folder));
  if (!certificateText.ok) return certificateText;
  const key =
    keyText.value === null ? await newKey(folder, certificateText.value) : keyOf(folder, keyText.value);
  if (!key.ok) return key;
  const certificatePem = await certificateFor(folder, key.value, certificateText.value);
  if (!certificatePem.ok) return certificatePem;
  return ok({
    keyPem: keyPemOf(key.value),
    certificatePem: certificatePem.value,
    pin: pinOfKey(key.value),
  });
}

async function newKey(folder: string, certificateText: string | null): Promise<Result<KeyObject>> {
  if (certificateText !== null) return unreadable(keyFile(folder), 'missing');
  const peer = await readPrivateFile(peerFile(folder));
  if (!peer.ok) return peer;
  if (peer.value !== null) return unreadable(keyFile(folder), 'missing');
  const key = makeKey();
  const written = await writePrivateFile(keyFile(folder), keyPemOf(key));
  return written.ok ? ok(key) : written;
}

function keyOf(folder: string, pem: string): Result<KeyObject> {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === CURVE
      ? ok(key)
      : unreadable(keyFile(folder), 'not a P-256 key');
  } catch {
    // The library's own words could quote what it read.
    return unreadable(keyFile(folder), 'not a key');
  }
}

async function certificateFor(folder: string, key: KeyObject, pem: string | null): Promise<Result<string>> {
  const path = certificateFile(folder);
  if (pem === null) {
    const made = certificateOf(key);
    const written = await writePrivateFile(path, made);
    return written.ok ? ok(made) : written;
  }
  try {
    const certificate = new X509Certificate(pem);
    if (pinOfKey(certificate.publicKey) !== pinOfKey(key)) return unreadable(path, 'of another key');
    return ok(certificate.toString());
  } catch {
    return unreadable(path, 'not a certificate');
  }
}
