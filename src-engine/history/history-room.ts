import { randomBytes } from 'node:crypto';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { parseDuration } from '../../src-shared/units.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { appendRecord, recordsFromEnd } from './history-file.ts';
import { newestSince } from './newest-since.ts';

/** What other rooms may tell the history; `at` and `id` are added here. */
export interface HistoryEntry {
  /** Topic and event, such as `stage.entered` or `cluster.stop`. */
  readonly kind: string;
  /** What happened, in English. */
  readonly what: string;
  readonly why?: string | null;
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly corrects?: string;
}

export interface HistoryRoom {
  /** Appends, in the order of the calls; returns the record's id at once. A full disk is logged, never thrown. */
  add(entry: HistoryEntry): string;
  /** Resolves when all that was added is on disk. */
  settled(): Promise<void>;
  readonly handlers: Pick<Handlers<Caller>, 'history.list' | 'history.follow' | 'history.report'>;
}

/** A record as a page of Markdown; null where it has none. */
export type MarkdownOf = (record: HistoryRecord) => string | null;

export function openHistory(
  file: string,
  clock: Clock,
  log: Logger,
  markdownOf: MarkdownOf = () => null,
): HistoryRoom {
  const followers = new Set<Caller>();
  let tail: Promise<void> = Promise.resolve();
  function add(entry: HistoryEntry): string {
    const at = clock.wall();
    const record: HistoryRecord = {
      id: `${at.getTime().toString(36)}-${randomBytes(4).toString('hex')}`,
      at: at.toISOString(),
      kind: entry.kind,
      what: entry.what,
      why: entry.why ?? null,
      evidence: { ...entry.evidence },
      ...(entry.corrects === undefined ? {} : { corrects: entry.corrects }),
    };
    tail = tail
      .then(() => appendRecord(file, record, at))
      .catch((error: unknown) => log.error({ error: String(error), record }, 'history not written'));
    for (const caller of followers) caller.send('history.added', record);
    return record.id;
  }
  return {
    add,
    settled: () => tail,
    handlers: {
      // What was just told is on its way to the disk: it is waited for.
      'history.list': ({ since, limit }) => tail.then(() => list(file, clock, since, limit)),
      'history.follow': async (_input, caller) => {
        if (!followers.has(caller)) caller.onClose(() => followers.delete(caller));
        followers.add(caller);
        return ok({});
      },
      'history.report': ({ id }) => tail.then(() => report(file, id, markdownOf)),
    },
  };
}

async function list(
  file: string,
  clock: Clock,
  since: string | undefined,
  limit: number,
): Promise<Result<{ records: HistoryRecord[] }>> {
  const span = since === undefined ? Infinity : parseDuration(since);
  if (span === null) return fail('badArguments', { detail: `${since} is no duration such as 30m, 1h or 7d` });
  const newest = await newestSince(recordsFromEnd(file), clock.wall().getTime() - span, limit);
  return ok({ records: newest.reverse() });
}

async function report(
  file: string,
  id: string,
  markdownOf: MarkdownOf,
): Promise<Result<{ record: HistoryRecord; corrections: HistoryRecord[]; markdown: string | null }>> {
  const corrections: HistoryRecord[] = [];
  for await (const record of recordsFromEnd(file)) {
    if (record.corrects === id) corrections.unshift(record);
    if (record.id === id) return ok({ record, corrections, markdown: markdownOf(record) });
  }
  return fail('notFound', { id });
}
