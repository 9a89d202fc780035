import { isIP } from 'node:net';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Address } from './ports.ts';

/** Letters, digits, dots and hyphens: an address is written into configurations, where a blank begins a new word. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const LAST_PORT = 65_535;

/**
 * `HOST:PORT` or `[IPv6]:PORT` in two.
 *
 * @returns `backendInvalid {address}` for anything else: a URL, a port alone, a port of 0 or over 65535
 */
export function addressOf(text: string): Result<Address> {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2] ?? '';
  const good = match?.[1] === undefined ? NAME.test(host) : isIP(host) === 6;
  return good && port >= 1 && port <= LAST_PORT
    ? ok({ host, port })
    : fail('backendInvalid', { address: text });
}

/** The same in one word again; IPv6 in brackets. */
export function textOf({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

const EVERYWHERE = ['0.0.0.0', '::', '*'];
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** True when who calls `backend` would reach what listens at `listen`: a front that serves itself goes round for ever. */
export function reaches(backend: Address, listen: Address): boolean {
  if (backend.port !== listen.port) return false;
  if (backend.host === listen.host) return true;
  const isLoopback = LOOPBACK.includes(backend.host);
  return isLoopback && (EVERYWHERE.includes(listen.host) || LOOPBACK.includes(listen.host));
}
