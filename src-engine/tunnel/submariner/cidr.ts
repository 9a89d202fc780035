/** An IPv4 network as the numbers of its first and last address; null for what is none (IPv6 too: no tunnel here carries it). */
export function rangeOf(cidr: string): { readonly first: number; readonly last: number } | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr.trim());
  if (match === null) return null;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || bits > 32) return null;
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

/** False also when one of them cannot be read: nothing is known of it. */
export function overlaps(one: string, other: string): boolean {
  const a = rangeOf(one);
  const b = rangeOf(other);
  return a !== null && b !== null && a.first <= b.last && b.first <= a.last;
}

/** A network, and whose it is; `what` is an id of language/ (`network.WHAT`). */
export interface NamedNetwork {
  readonly what: 'ownPods' | 'ownServices' | 'ownNodes' | 'lan' | 'peerPods' | 'peerServices' | 'peerNodes';
  readonly cidr: string;
}

/**
 * The first two of them that share an address. Submariner routes between disjoint networks only: own and other pods,
 * services and node networks, and the LAN itself (research/cluster-tools.md, section 2, d).
 */
export function firstOverlap(
  networks: readonly NamedNetwork[],
): readonly [NamedNetwork, NamedNetwork] | null {
  for (const [index, one] of networks.entries())
    for (const other of networks.slice(index + 1)) if (overlaps(one.cidr, other.cidr)) return [one, other];
  return null;
}
