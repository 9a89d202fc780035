import type { FrontSide } from '../ports.ts';

/** One server's line of `show stat`. Numbers are cumulative but for `scur` and `qcur`. */
export interface ServerStats {
  /** Requests given to it, repeated attempts included. */
  readonly stot: number;
  /** Times that the balancing chose it. */
  readonly lbtot: number;
  /** Requests under way, streams and WebSockets included. */
  readonly scur: number;
  readonly qcur: number;
  /** Could not be connected to, in the end. */
  readonly econ: number;
  /** Broke off before or in its answer. */
  readonly eresp: number;
  /** Requests that it lost to another server; those it was asked again for are not among them. */
  readonly wredis: number;
  readonly hrsp5xx: number;
  /** `UP`, `DOWN`, `MAINT`, `MAINT (via ce/edge)`, `DRAIN`, `no check`, … */
  readonly status: string;
  /** Of its last check: `L7OK`, `INI` before the first. */
  readonly checkStatus: string;
}

/** By `BACKEND/SERVER`. */
export type Stats = ReadonlyMap<string, ServerStats>;

/** Reads `show stat`: columns by the names of its first line, whose order differs between versions. Null: it is none. */
export function parseStats(text: string): Stats | null {
  const [head, ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  if (head === undefined || !head.startsWith('# ')) return null;
  const columns = cells(head.slice(2));
  if (!['pxname', 'svname', 'scur', 'stot', 'status'].every((name) => columns.includes(name))) return null;
  return new Map(lines.map((line) => serverOf(columns, cells(line))));
}

function serverOf(columns: readonly string[], values: readonly string[]): [string, ServerStats] {
  const text = (name: string): string => values[columns.indexOf(name)] ?? '';
  const count = (name: string): number => Number(text(name)) || 0;
  return [
    `${text('pxname')}/${text('svname')}`,
    {
      stot: count('stot'),
      lbtot: count('lbtot'),
      scur: count('scur'),
      qcur: count('qcur'),
      econ: count('econ'),
      eresp: count('eresp'),
      wredis: count('wredis'),
      hrsp5xx: count('hrsp_5xx'),
      status: text('status'),
      // An asterisk: another check is under way.
      checkStatus: text('check_status').replace(/^\* /, ''),
    },
  ];
}

/** One CSV line; a quoted cell may hold commas, and doubled quotes. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

/** One side over every server of the front that serves for it; `check` is the server that is checked for them. */
export function sideOf(stats: Stats, servers: readonly string[], check: string): FrontSide {
  const rows = servers.flatMap((name) => stats.get(name) ?? []);
  const sum = (of: (row: ServerStats) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    requests: sum((row) => row.stot),
    failures: sum((row) => row.econ + row.eresp + row.hrsp5xx),
    retried: sum((row) => row.wredis),
    inFlight: sum((row) => row.scur + row.qcur),
    up: upIn(stats.get(check)),
  };
}

/** What the checks say; null before the first, and where there is none. */
function upIn(row: ServerStats | undefined): boolean | null {
  if (row === undefined || row.checkStatus === '' || row.checkStatus === 'INI') return null;
  if (row.status.startsWith('UP')) return true;
  return row.status.startsWith('DOWN') ? false : null;
}

/** Takes nothing new: out for maintenance, or draining; a server at weight 0 says DRAIN, too. */
export function isHeldOut(row: ServerStats | undefined): boolean {
  return isOut(row) || (row?.status.startsWith('DRAIN') ?? false);
}

/** Out for maintenance: it has no connection in the pool either. */
export function isOut(row: ServerStats | undefined): boolean {
  return row?.status.startsWith('MAINT') ?? false;
}
