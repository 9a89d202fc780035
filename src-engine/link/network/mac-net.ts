import { hardwareAddress, isAddress } from './addresses.ts';
import type { DefaultRoute, Neighbour } from './proc-net.ts';

/** `/sbin/route -n get default` of macOS; null without a default route ("not in table", exit 0 or 1). */
export function parseRouteGet(text: string): DefaultRoute | null {
  const value = (key: string): string | null =>
    new RegExp(`^\\s*${key}: (\\S+)\\s*$`, 'm').exec(text)?.[1] ?? null;
  const interfaceName = value('interface');
  if (interfaceName === null) return null;
  const gateway = value('gateway');
  // A tunnel's is `link#23` or a name.
  return { interfaceName, gateway: gateway !== null && isAddress(gateway) ? gateway : null };
}

const ARP_LINE = /^\S+ \((?<address>[\d.]+)\) at (?<mac>\S+) on (?<interfaceName>\S+)/;

/** `/usr/sbin/arp -n ADDRESS` or `-an`; `(incomplete)` is no hardware address, "no entry" no line. */
export function parseMacArp(text: string): readonly Neighbour[] {
  return text.split('\n').flatMap((line) => {
    const { address, mac, interfaceName } = ARP_LINE.exec(line)?.groups ?? {};
    if (address === undefined || mac === undefined || interfaceName === undefined) return [];
    return [{ address, mac: hardwareAddress(mac), interfaceName }];
  });
}
