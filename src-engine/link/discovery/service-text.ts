import { isAddress } from '../network/addresses.ts';

/** What a Mac says of itself by Bonjour, without the dot: `_tandem._tcp`. */
export const SERVICE = { type: 'tandem', protocol: 'tcp' } as const;

export interface Announcement {
  readonly port: number;
  readonly name: string;
  /** SHA-256 of the public key, hex; its first 8 digits are announced. */
  readonly pin: string;
  /** True while a pairing window is open. */
  readonly pairing: boolean;
  /** Announce on the network of this address alone; without it: the system's default. */
  readonly address?: string;
}

/** Somebody who says that it is a Tandem: an address to try, not to be trusted. */
export interface Found {
  readonly name: string;
  /** IPv4. */
  readonly host: string;
  readonly port: number;
  readonly pin8: string;
  readonly pairing: boolean;
}

/** Unique by key, plain ASCII without a dot, so that no two Macs collide and nothing need be escaped. */
export function instanceName({ pin }: Pick<Announcement, 'pin'>): string {
  return `tandem-${pin.slice(0, 8)}`;
}

/** The TXT record. A string of it holds at most 255 bytes (RFC 6763, section 6.1). */
export function textOf({ name, pin, pairing }: Announcement): Readonly<Record<string, string>> {
  return {
    v: '1',
    name: shortened(name, 200),
    pin: pin.slice(0, 8),
    ...(pairing ? { pairing: '1' } : {}),
  };
}

/** What was read of somebody, or null when it is no Tandem or makes no sense. */
export function foundOf(
  text: Readonly<Record<string, unknown>>,
  host: string | undefined,
  port: number | undefined,
): Found | null {
  const { v, pin, name, pairing } = text;
  if (typeof v !== 'string' || typeof pin !== 'string' || !/^[0-9a-f]{8}$/.test(pin)) return null;
  if (host === undefined || !isAddress(host)) return null;
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  return { name: nameOf(name, host), host, port, pin8: pin, pairing: pairing === '1' };
}

/** A stranger's word on our screen: no control or direction characters, and short. */
function nameOf(name: unknown, host: string): string {
  if (typeof name !== 'string') return host;
  const plain = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return plain === '' ? host : Array.from(plain).slice(0, 60).join('');
}

/** Cut at a character, not within one. */
function shortened(text: string, mostBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    kept += character;
  }
  return kept;
}
