import { mayRepeat, type ClientRecord, type ServerRecord } from '../../src-demo/load/ledger.ts';

/** When an edge died and when it was mended, milliseconds of the machine's monotonic clock. */
export interface Death {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What a sudden death cost one front's clients, by both sides' records. */
export interface Cost {
  /** Requests that the edge answered in the last second of its life: 0, and there was nothing to lose. */
  readonly onEdge: number;
  /** After the death: the last failure that a client saw; 0: none. */
  readonly lastFailureMs: number;
  /** After the death: when the last request was sent that the dead edge held up or cost; 0: none. */
  readonly lastHeldUpMs: number;
  readonly idempotentLost: number;
  /** Lost while the edge executed them: which front could know? */
  readonly postsExecuting: number;
  /** Lost, and nobody had begun to execute them. */
  readonly postsLost: number;
  /** Executions begun after their client was told that the request had failed. */
  readonly zombies: number;
  readonly duplicates: number;
  /** Lost of what was sent after the edge was mended. */
  readonly lostOnReturn: number;
  /** Such as `get closed: 3, post status 502: 1`. */
  readonly why: string;
}

const SECOND_MS = 1000;
/** A failed connect to the edge costs 300 ms with ours, 500 ms and more with others. */
const HELD_UP_MS = 250;
/** While requests go to a dead edge, there is one that it holds up in every second, and many. */
const ROW_MS = 1000;

/** @param expectedMs what a request takes at the workload by itself */
export function costOf(
  client: readonly ClientRecord[],
  servers: readonly ServerRecord[],
  { fromMs, untilMs }: Death,
  expectedMs: (record: ClientRecord) => number,
): Cost {
  const begins = new Map<string, ServerRecord[]>();
  for (const run of servers) begins.set(run.id, [...(begins.get(run.id) ?? []), run]);
  const runsOf = ({ id }: ClientRecord): readonly ServerRecord[] => begins.get(id) ?? [];
  const before = client.filter(({ sentMs }) => sentMs < untilMs);
  const lost = before.filter(({ lost }) => lost !== null);
  const posts = lost.filter(({ kind }) => !mayRepeat(kind));
  const executing = posts.filter((post) => runsOf(post).some(({ beganMs }) => beganMs <= post.endedMs));
  const isHeldUp = (record: ClientRecord): boolean =>
    record.endedMs > fromMs &&
    (record.lost !== null || record.endedMs - record.sentMs > expectedMs(record) + HELD_UP_MS);
  const after = (times: readonly number[]): number => Math.max(0, ...times.map((atMs) => atMs - fromMs));
  return {
    onEdge: client.filter(
      ({ backend, endedMs }) => backend === 'edge' && endedMs <= fromMs && endedMs > fromMs - SECOND_MS,
    ).length,
    lastFailureMs: after(lost.map(({ endedMs }) => endedMs)),
    lastHeldUpMs:
      endOfRow(
        before.filter(isHeldUp).map(({ sentMs }) => sentMs),
        fromMs,
      ) - fromMs,
    idempotentLost: lost.length - posts.length,
    postsExecuting: executing.length,
    postsLost: posts.length - executing.length,
    zombies: lost.reduce(
      (sum, record) => sum + runsOf(record).filter(({ beganMs }) => beganMs > record.endedMs).length,
      0,
    ),
    duplicates: client.filter((record) => !mayRepeat(record.kind) && runsOf(record).length > 1).length,
    lostOnReturn: client.filter(({ sentMs, lost }) => sentMs >= untilMs && lost !== null).length,
    why: whyLost(client),
  };
}

/** The last of those that follow each other from the beginning: one alone much later met a busy machine. */
function endOfRow(times: readonly number[], fromMs: number): number {
  return times
    .toSorted((a, b) => a - b)
    .reduce((last, atMs) => (atMs <= last + ROW_MS ? Math.max(last, atMs) : last), fromMs);
}

/** What was lost and how, counted. */
export function whyLost(client: readonly ClientRecord[]): string {
  const counts = new Map<string, number>();
  for (const { kind, lost } of client)
    if (lost !== null) counts.set(`${kind} ${lost}`, (counts.get(`${kind} ${lost}`) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${word}: ${count}`).join(', ');
}
