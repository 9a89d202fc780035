import type { RequestKind } from './plan.ts';

/** What the client saw of one request. Times are milliseconds of the machine's monotonic clock. */
export interface ClientRecord {
  readonly id: string;
  readonly kind: RequestKind;
  readonly sentMs: number;
  readonly endedMs: number;
  /** Null when there was no whole answer. */
  readonly status: number | null;
  /** Of the header; null without one. */
  readonly backend: string | null;
  /** Why it is lost; null when it is not. */
  readonly lost: string | null;
}

/** What a server saw: an execution began. The same clock as the client's. */
export interface ServerRecord {
  readonly id: string;
  readonly kind: RequestKind;
  readonly backend: string;
  readonly beganMs: number;
}

/** What both sides' records say together; never the word of the app under test. */
export interface Verdict {
  readonly total: number;
  /** Any non-2xx, reset, time-out, or an answer with another's id. */
  readonly lost: readonly ClientRecord[];
  /** Executed twice, for kinds that must not be repeated (POST). */
  readonly duplicates: readonly string[];
  /** Executed more than once, for kinds that may be: sent again by the front. */
  readonly retried: number;
  /** Streams that ended before their client let go. */
  readonly cut: readonly ClientRecord[];
  /** Answered well, and no server ever began it: somebody else answered. */
  readonly unexplained: readonly string[];
  readonly byBackend: Readonly<Record<string, number>>;
  /** Of quick GETs that were answered, milliseconds. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** Idempotent, so that a front may send it again (RFC 9110, 9.2.2). */
export const mayRepeat = (kind: RequestKind): boolean => kind !== 'post';

/** @param servers empty: no server keeps a ledger, and duplicates cannot be told */
export function judge(client: readonly ClientRecord[], servers: readonly ServerRecord[]): Verdict {
  const runs = new Map<string, number>();
  for (const { id } of servers) runs.set(id, (runs.get(id) ?? 0) + 1);
  const kinds = new Map(client.map(({ id, kind }) => [id, kind]));
  const repeated = [...runs].filter(([, times]) => times > 1);
  const isPost = (id: string): boolean => !mayRepeat(kinds.get(id) ?? 'get');
  const requests = client.filter(({ kind }) => kind !== 'stream');
  const well = requests.filter(({ lost }) => lost === null);
  const quick = well.filter(({ kind }) => kind === 'get').map(({ sentMs, endedMs }) => endedMs - sentMs);
  return {
    total: requests.length,
    lost: requests.filter(({ lost }) => lost !== null),
    duplicates: repeated.map(([id]) => id).filter(isPost),
    retried: repeated.filter(([id]) => !isPost(id)).length,
    cut: client.filter(({ kind, lost }) => kind === 'stream' && lost !== null),
    unexplained: servers.length === 0 ? [] : well.map(({ id }) => id).filter((id) => !runs.has(id)),
    byBackend: countBy(well.map(({ backend }) => backend ?? 'none')),
    p50Ms: quantile(quick, 0.5),
    p99Ms: quantile(quick, 0.99),
  };
}

/** Nearest rank; null of nothing. */
export function quantile(values: readonly number[], q: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
