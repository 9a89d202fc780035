import type { Side } from '../../../src-shared/world/traffic.ts';
import { headText, without } from '../passage/heads.ts';
import { BACKEND_HEADER, UNSENT_HEADER } from '../ports.ts';

/** A head longer than this is none (Node's own limit for requests). */
export const LONGEST_HEAD_BYTES = 16 * 1024;

const WAY = 'x-forwarded-for';

/** The head of a request to upgrade, as bytes: `Connection` and `Upgrade` stay, they are what it is about. */
export function upgradeRequest(
  request: { readonly method: string; readonly path: string; readonly raw: readonly string[] },
  from: string,
): Buffer {
  const { method, path, raw } = request;
  const way = raw.filter((_value, at) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === WAY);
  const lines = [...without(raw, ['keep-alive', 'proxy-connection', WAY]), WAY, [...way, from].join(', ')];
  return Buffer.from(headText(`${method} ${path} HTTP/1.1`, lines), 'latin1');
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
