import { X509Certificate } from 'node:crypto';
import type { ApiTrouble } from './api-trouble.ts';

/**
 * Whether the certificate that we show is valid now. An API refuses one that is not with 401, as it does strangers: only
 * this tells them apart.
 *
 * @param base64 PEM, as `client-certificate-data` has it; undefined: there is none
 */
export function ownCertificateTrouble(base64: string | undefined, now: Date): ApiTrouble | null {
  const certificate = base64 === undefined ? null : read(base64);
  if (certificate === null) return null;
  if (now < new Date(certificate.validFrom)) return 'certEarly';
  return now > new Date(certificate.validTo) ? 'certExpired' : null;
}

/** What cannot be read is the API's to refuse. */
function read(base64: string): X509Certificate | null {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return null;
  }
}
