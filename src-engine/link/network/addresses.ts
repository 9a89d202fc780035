/** IPv4 arithmetic; addresses are dotted quads. */

/** The address as a number, or null when it is none. */
export function addressNumber(address: string): number | null {
  const parts = address.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function isAddress(text: string): boolean {
  return addressNumber(text) !== null;
}

/** True when both lie in one subnet of `prefixLength` bits (0..32). */
export function sameSubnet(one: string, other: string, prefixLength: number): boolean {
  const a = addressNumber(one);
  const b = addressNumber(other);
  if (a === null || b === null || prefixLength < 0 || prefixLength > 32) return false;
  const size = 2 ** (32 - prefixLength);
  return Math.floor(a / size) === Math.floor(b / size);
}

/** RFC 1918, and RFC 3927 (two Macs on one cable); the RFC 5737 nets stand in for them in tests. */
export function isPrivate(address: string): boolean {
  return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '192.0.2.0/24'].some((net) => {
    const [base = '', bits] = net.split('/');
    return sameSubnet(address, base, Number(bits));
  });
}

export function isLoopback(address: string): boolean {
  return sameSubnet(address, '127.0.0.0', 8);
}

/** `aa:bb:cc:dd:ee:ff` from how the system writes it (macOS drops leading zeros); null for none. */
export function hardwareAddress(text: string): string | null {
  const parts = text.toLowerCase().split(':');
  if (parts.length !== 6 || parts.some((part) => !/^[0-9a-f]{1,2}$/.test(part))) return null;
  const whole = parts.map((part) => part.padStart(2, '0')).join(':');
  return whole === '00:00:00:00:00:00' || whole === 'ff:ff:ff:ff:ff:ff' ? null : whole;
}
