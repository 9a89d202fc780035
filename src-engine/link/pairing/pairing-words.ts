import type { ErrorCode } from '../../../src-shared/errors/codes.ts';
import type { TandemError } from '../../../src-shared/errors/result.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import { seenFromHere, versionName, type MinorRange } from '../session/version.ts';
import type { AbortCode, PairFrame } from './pairing-frames.ts';

type Abort = Extract<PairFrame, { type: 'ABORT' }>;

export const abort = (code: AbortCode): Abort => ({ type: 'ABORT', code });

/** What the other side is told of an error of ours. */
export function abortFor({ code, params }: TandemError): Abort {
  const said = abort(codeFor(code));
  return (code === 'peerIsOld' || code === 'selfIsOld') && typeof params['ours'] === 'string'
    ? { ...said, version: params['ours'] }
    : said;
}

function codeFor(code: ErrorCode): AbortCode {
  switch (code) {
    case 'rolesEqual':
    case 'peerIsOld':
    case 'selfIsOld':
      return code;
    case 'alreadyPaired':
    case 'peerKeyChanged':
      return 'alreadyPaired';
    default:
      return 'pairingBroken';
  }
}

/** What the other side's end of it means here. `name`: what it calls itself, null when it has not said. */
export function errorOf(
  { code, version }: Abort,
  name: string | null,
  own: { readonly role: Role; readonly minors: MinorRange },
): TandemError {
  const params = name === null ? {} : { name };
  switch (code) {
    case 'rolesEqual':
      return { code, params: { ...params, role: own.role } };
    case 'peerIsOld':
    case 'selfIsOld':
      return {
        code: seenFromHere(code),
        params: { ...params, theirs: version ?? '?', ours: versionName(own.minors.max) },
      };
    case 'alreadyPaired':
      return { code, params: { ...params, why: 'there' } };
    default:
      return { code, params };
  }
}
