import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { samePin } from '../identity/pin.ts';
import { agree as agreeOnMinor } from '../session/version.ts';
import type { Claim } from './pairing-frames.ts';
import type { Known, PairingContext, Side, WireFacts } from './pairing-state.ts';
import { settleRoles } from './roles.ts';
import type { SasSide } from './sas.ts';

export type Agreement = Omit<Known, 'digits'>;

/** Of a pin, for people. */
const SHOWN_DIGITS = 8;
/** People who pair anew may go back to an older version: the ratchet begins anew too. */
const NO_RATCHET = 0;

/**
 * Can these two be a pair at all? Asked by each side, of what the other says of itself, before any digits.
 *
 * @returns `peerKeyChanged {name, address, pin}` when this Mac is paired with one of the same name and
 *   another key; `alreadyPaired {name}` when with another one; `peerIsOld`, `selfIsOld`
 *   `{name, theirs, ours}`; `rolesEqual {name, role}`
 */
export function agree(
  side: Side,
  context: PairingContext,
  { remotePin, remoteAddress }: WireFacts,
  claim: Claim,
): Result<Agreement> {
  const { own, paired } = context;
  const { name, port } = claim;
  if (paired && !samePin(paired.pin, remotePin))
    return paired.name === name
      ? fail('peerKeyChanged', { name, address: remoteAddress, pin: remotePin.slice(0, SHOWN_DIGITS) })
      : fail('alreadyPaired', { name: paired.name });
  const version = agreeOnMinor(own.minors, claim.minors, NO_RATCHET);
  if (!version.ok) return fail(version.code, { ...version.params, name });
  const settled = side === 'listener' ? settleRoles(own, claim) : settleRoles(claim, own);
  if (!settled.ok) return fail('rolesEqual', { ...settled.error.params, name });
  const { listener, dialler } = settled.value;
  const [ownRole, peerRole] = side === 'listener' ? [listener, dialler] : [dialler, listener];
  return ok({ name, pin: remotePin, ownRole, peerRole, port, minor: version.minor });
}

/** What this Mac says of itself in COMMIT or NONCE. */
export function claimOf({ own }: PairingContext): Claim {
  const { name, role, hasBattery, port, minors } = own;
  return { name, role, hasBattery, port, minors: { ...minors } };
}

export function ownSasSide({ own }: PairingContext, wire: WireFacts): SasSide {
  const { pin, role, hasBattery, minors } = own;
  return { pin, role, hasBattery, minors, nonce: wire.ownNonce };
}

export function theirSasSide(wire: WireFacts, claim: Claim, nonce: string): SasSide {
  const { role, hasBattery, minors } = claim;
  return { pin: wire.remotePin, role, hasBattery, minors, nonce };
}
