import type { Role } from '../../src-shared/world/role.ts';
import type { TunnelPlan } from './provider.ts';

export interface LanAddress {
  readonly address: string;
  /** `ADDRESS/BITS`. */
  readonly cidr: string;
}

/**
 * Networks of a cluster that a tunnel shall join, by the Mac's role: the two of a pair share nothing, and neither meets
 * what kind and minikube take by themselves (research/cluster-tools.md, section 2). Two sets for each, since one of them
 * may be the LAN's.
 */
const choices = {
  core: [
    { podSubnet: '10.10.0.0/16', serviceSubnet: '10.110.0.0/16', nodeSubnet: '172.30.1.0/24' },
    { podSubnet: '10.11.0.0/16', serviceSubnet: '10.111.0.0/16', nodeSubnet: '172.30.11.0/24' },
  ],
  edge: [
    { podSubnet: '10.20.0.0/16', serviceSubnet: '10.120.0.0/16', nodeSubnet: '172.30.2.0/24' },
    { podSubnet: '10.21.0.0/16', serviceSubnet: '10.121.0.0/16', nodeSubnet: '172.30.12.0/24' },
  ],
} as const;

/**
 * @param role a Mac that is not paired yet is the core to be: the one that is always on is set up first
 * @param linkAddress `link.address`; empty: the first address of `lan`
 */
export function tunnelPlan(role: Role, linkAddress: string, lan: readonly LanAddress[]): TunnelPlan {
  const side = role === 'edge' ? 'edge' : 'core';
  const [first, second] = choices[side];
  const meets = Object.values(first).some((subnet) => lan.some(({ cidr }) => sharesFirstWords(subnet, cidr)));
  const called = linkAddress === '' ? lan.slice(0, 1).map(({ address }) => address) : [linkAddress];
  return { side, ...(meets ? second : first), lanNames: side === 'core' ? called : [] };
}

/** Exact for networks of whole bytes, and on the safe side for others: the shorter of both prefixes, in whole bytes. */
function sharesFirstWords(one: string, other: string): boolean {
  const bytes = Math.floor(Math.min(bitsOf(one), bitsOf(other)) / 8);
  return headOf(one, bytes) === headOf(other, bytes);
}

const bitsOf = (cidr: string): number => Number(cidr.split('/')[1]);

const headOf = (cidr: string, bytes: number): string =>
  (cidr.split('/')[0] ?? '').split('.').slice(0, bytes).join('.');
