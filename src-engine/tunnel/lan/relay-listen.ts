import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { RelayWish } from '../relay/relay-config.ts';

/** Beside the link's 47321 and the gate's 47381. */
export const RELAY_PORT = 47_382;

/**
 * Where the relay listens for the other Mac. Which port it is, the other Mac is told over the link: when somebody holds
 * ours, any other does as well. One that a person has set is theirs, and is not changed.
 *
 * @param setting `tunnel.relayListen`
 * @param linkHost where the link listens; null: nowhere
 * @param anyPort ours is somebody else's
 * @returns `addressInvalid {address}`
 */
export function listenWish(
  setting: string,
  linkHost: string | null,
  anyPort: boolean,
): Result<RelayWish['listen']> {
  if (setting === '') {
    return ok(linkHost === null ? null : { host: linkHost, port: anyPort ? 0 : RELAY_PORT });
  }
  const match = /^(?:\[([^\]]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(setting.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  // The other Mac is told this address: one that means "every address" leads it to itself.
  const isOne = host !== undefined && !['0.0.0.0', '::'].includes(host);
  if (!isOne || port < 1 || port > 65_535) return fail('addressInvalid', { address: setting });
  return ok({ host, port });
}
