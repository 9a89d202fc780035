/** Where the relay listens for this Mac's cluster, and who may come. IPv4. */
export interface HostPlace {
  readonly listenHost: string;
  /** Under which the cluster reaches it. */
  readonly seenAs: string;
  /** `ADDRESS/BITS`. */
  readonly allow: readonly string[];
}

export interface OwnInterface {
  readonly address: string;
  readonly prefixLength: number;
}

const LOOPBACK = '127.0.0.1';
const loopbackOnly = ['127.0.0.0/8'];

/** The built-in cluster's pods are processes of this Mac. */
export const loopbackPlace: HostPlace = { listenHost: LOOPBACK, seenAs: LOOPBACK, allow: loopbackOnly };

/**
 * A runtime on this very machine (Linux) has its network's gateway here: the relay listens there, for that network
 * alone. One in a virtual machine (macOS) has a name for this Mac instead, and hands what comes there to loopback; when
 * it leads to an interface of this Mac, that one is listened on.
 *
 * @param seen what a node of the cluster sees; null: it could not be asked
 * @param own interfaces of this Mac
 * @param linkHost where the link listens: on that network are others
 * @returns null when the cluster has no way to this Mac
 */
export function hostPlace(
  seen: {
    readonly gateway: string;
    readonly prefixLength: number;
    readonly hostAddress: string | null;
  } | null,
  own: readonly OwnInterface[],
  linkHost: string | null,
): HostPlace | null {
  if (seen === null) return null;
  const { gateway, prefixLength, hostAddress } = seen;
  if (own.some(({ address }) => address === gateway))
    return { listenHost: gateway, seenAs: gateway, allow: [`${gateway}/${prefixLength}`] };
  if (hostAddress === null) return null;
  const met = own.find(({ address }) => address === hostAddress);
  if (met === undefined) return { listenHost: LOOPBACK, seenAs: hostAddress, allow: loopbackOnly };
  // A virtual machine comes from this Mac's own address there; nobody else of that network may.
  const bits = hostAddress === linkHost ? 32 : met.prefixLength;
  return { listenHost: hostAddress, seenAs: hostAddress, allow: [`${hostAddress}/${bits}`] };
}
