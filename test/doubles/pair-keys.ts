import { certificateOf, keyPemOf, makeKey } from '../../src-engine/link/identity/certificate.ts';
import { pinOfKey } from '../../src-engine/link/identity/pin.ts';

/** An identity as pairing makes one. */
export interface KeyPair {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly pin: string;
}

export function oneKey(): KeyPair {
  const key = makeKey();
  return { keyPem: keyPemOf(key), certificatePem: certificateOf(key), pin: pinOfKey(key) };
}

/** Two Macs that are paired with each other. */
export function pairOfKeys(): { readonly core: KeyPair; readonly edge: KeyPair } {
  return { core: oneKey(), edge: oneKey() };
}
