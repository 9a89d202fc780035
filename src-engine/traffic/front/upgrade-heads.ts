import type { Side } from '../../../src-shared/world/traffic.ts';
import { BACKEND_HEADER, UNSENT_HEADER } from '../ports.ts';

/** A head longer than this is none (Node's own limit for requests). */
export const LONGEST_HEAD_BYTES = 16 * 1024;

const LEFT_OUT = new Set(['keep-alive', 'proxy-connection']);

/** The head of a request to upgrade, as bytes: `Connection` and `Upgrade` stay, they are what it is about. */
export function upgradeRequest(
  request: { readonly method: string; readonly path: string; readonly raw: readonly string[] },
  from: string,
): Buffer {
  const lines = [`${request.method} ${request.path} HTTP/1.1`];
  let way = '';
  for (let index = 0; index + 1 < request.raw.length; index += 2) {
    const key = request.raw[index] ?? '';
    const value = request.raw[index + 1] ?? '';
    if (key.toLowerCase() === 'x-forwarded-for') way += `${value}, `;
    else if (!LEFT_OUT.has(key.toLowerCase())) lines.push(`${key}: ${value}`);
  }
  return Buffer.from([...lines, `x-forwarded-for: ${way}${from}`, '', ''].join('\r\n'), 'latin1');
}

/** The head of the answer to it. */
export interface UpgradeAnswer {
  /** What the client gets: with the side that answered, and `close` when the connection was not upgraded. */
  readonly forClient: Buffer;
  readonly status: number;
  /** The gate says that the workload was not asked. */
  readonly unsent: boolean;
  /** Behind the head; belongs to the client. */
  readonly rest: Buffer;
}

/** Null: not whole yet. `invalid`: not HTTP, or too long. */
export function readUpgradeAnswer(bytes: Buffer, side: Side): UpgradeAnswer | 'invalid' | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return bytes.length > LONGEST_HEAD_BYTES ? 'invalid' : null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0);
  if (status === 0) return 'invalid';
  const nameOf = (line: string): string => line.slice(0, line.indexOf(':')).trim().toLowerCase();
  const upgraded = status === 101;
  const kept = lines.filter((line) => {
    const name = nameOf(line);
    return name !== BACKEND_HEADER && name !== UNSENT_HEADER && (upgraded || name !== 'connection');
  });
  const added = upgraded ? [] : ['Connection: close'];
  return {
    forClient: Buffer.from(
      [first, `${BACKEND_HEADER}: ${side}`, ...kept, ...added, '', ''].join('\r\n'),
      'latin1',
    ),
    status,
    unsent: lines.some((line) => nameOf(line) === UNSENT_HEADER),
    rest: bytes.subarray(end + 4),
  };
}
