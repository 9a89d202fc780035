/**
 * What a tunnel by IPsec needs of the kernel of the container runtime's machine: keys over netlink, ESP itself, and sets
 * of addresses for its rules (research/cluster-tools.md, section 2, Kernel). VXLAN carries between nodes of one cluster.
 */
const wanted = ['XFRM_USER', 'INET_ESP', 'IP_SET', 'VXLAN'] as const;

/**
 * Options that are neither built in nor modules.
 *
 * @param config lines such as `CONFIG_XFRM_USER=m`; null: it cannot be read
 * @returns null when nothing can be told, also of a text that is no configuration
 */
export function kernelLacks(config: string | null): readonly string[] | null {
  if (config === null || !/^CONFIG_NET=y$/m.test(config)) return null;
  return wanted.filter((option) => !new RegExp(`^CONFIG_${option}=[ym]$`, 'm').test(config));
}
