import { isIPv4, isIPv6 } from 'node:net';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';

/** Where a Mac listens unless told otherwise (design/limits.md, Link). */
export const DEFAULT_PORT = 47_321;

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `HOST`, `HOST:PORT`, `[V6]:PORT` or a bare IPv6 address, as a person types it. `addressInvalid {address}` else. */
export function parseHostPort(text: string, defaultPort: number = DEFAULT_PORT): Result<HostPort> {
  const typed = text.trim();
  const refused = fail('addressInvalid', { address: typed.slice(0, 255) });
  if (isIPv6(typed)) return reachable(typed) ? ok({ host: typed, port: defaultPort }) : refused;
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(typed);
  const plain = /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(typed);
  const [, host = '', portText] = bracketed ?? plain ?? [];
  const port = portText === undefined ? defaultPort : Number(portText);
  const hostFits = bracketed ? isIPv6(host) : isIPv4(host) || isName(host);
  return hostFits && reachable(host) && port >= 1 && port <= 65_535 ? ok({ host, port }) : refused;
}

export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A host name (RFC 1123, with the underscore that some routers give). One that ends in a number is a mistyped address. */
function isName(host: string): boolean {
  if (host.length > 253) return false;
  const labels = host.replace(/\.$/, '').split('.');
  const fit = labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
  return fit && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** Nobody answers on "any", on a group or on everybody's address. */
function reachable(host: string): boolean {
  if (isIPv6(host)) return !/^(::|ff..:.*|0(:0){7})(%.*)?$/i.test(host);
  if (!isIPv4(host)) return true;
  const first = Number(host.split('.')[0]);
  return first !== 0 && first < 224;
}
