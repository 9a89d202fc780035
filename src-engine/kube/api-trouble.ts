import type { ErrorCode } from '../../src-shared/errors/codes.ts';

/**
 * Why a cluster's API gave no good answer. `away`: nobody is there. `silent`: it did not answer in time. `certExpired`,
 * `certEarly`: a certificate is not valid now, the API's or ours. `otherCluster`: whoever answers is not the cluster that
 * the kubeconfig is for. `denied`: it knows us and lets us not, or knows us not. `busy`: it is asked too much (429).
 * `failing`: it answers with errors. `noKubeconfig`: there is none, or it cannot be read.
 */
export type ApiTrouble =
  | 'away'
  | 'silent'
  | 'certExpired'
  | 'certEarly'
  | 'otherCluster'
  | 'denied'
  | 'busy'
  | 'failing'
  | 'noKubeconfig';

/** Of OpenSSL, by Node's names: signed by somebody else, or for somebody else. */
const foreignCertificates: readonly string[] = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];

/**
 * @param code HTTP status of a refusal, 0 when there was none
 * @param name Node's name of what broke (`ECONNREFUSED`), null when nothing is known
 */
export function troubleOf(code: number, name: string | null): ApiTrouble {
  if (code === 401 || code === 403) return 'denied';
  if (code === 429) return 'busy';
  if (code !== 0) return 'failing';
  if (name === 'CERT_HAS_EXPIRED') return 'certExpired';
  if (name === 'CERT_NOT_YET_VALID') return 'certEarly';
  return name !== null && foreignCertificates.includes(name) ? 'otherCluster' : 'away';
}

const codes: Readonly<Record<ApiTrouble, ErrorCode>> = {
  away: 'apiUnreachable',
  silent: 'apiSlow',
  certExpired: 'apiCertExpired',
  certEarly: 'apiCertEarly',
  otherCluster: 'kubeconfigOther',
  denied: 'apiDenied',
  busy: 'apiBusy',
  failing: 'apiFailing',
  noKubeconfig: 'kubeconfigMissing',
};

/** The error that a person is told. */
export function codeOfTrouble(trouble: ApiTrouble | null): ErrorCode {
  return codes[trouble ?? 'away'];
}

/** What a screen says of the cluster; an id of language/ (`why.ID`). */
export function whyOfTrouble(trouble: ApiTrouble | null): string | null {
  switch (trouble) {
    case null:
    case 'certExpired':
    case 'certEarly':
    case 'otherCluster':
    case 'noKubeconfig':
      return trouble;
    case 'away':
      return 'apiDown';
    case 'silent':
      return 'apiSilent';
    case 'denied':
      return 'apiDenied';
    case 'busy':
      return 'apiBusy';
    case 'failing':
      return 'apiFailing';
  }
}
