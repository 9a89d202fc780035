import type { Clock, Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { KeeperState } from './keeper-types.ts';
import type { KeeperRecord, RecordStore } from './record.ts';

/** Keeps `handoff.json` as the keeper is: what it means to do is on the disk before it is done. */
export interface Journal {
  /** The state changed; written soon, the newest only. */
  changed(): void;
  /** Resolves when all that was so far is written, or cannot be. */
  written(): Promise<void>;
  /** The same, but no longer than this: a loss does not wait for a disk. */
  writtenWithin(limitMs: number): Promise<void>;
}

export interface JournalPorts {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  state(): KeeperState;
}

export function openJournal(ports: JournalPorts): Journal {
  let isDirty = false;
  let writing: Promise<void> | null = null;
  async function writeAll(): Promise<void> {
    while (isDirty) {
      isDirty = false;
      const { live, ...record } = ports.state();
      const now = { ms: ports.clock.monotonicMs(), wallMs: ports.clock.wall().getTime() };
      try {
        await ports.store.write(record, now, live.running?.act.do ?? null);
      } catch (error) {
        // A full disk must not keep a weight from falling: the next change tries again.
        ports.log.error({ error }, 'handoff.json was not written');
      }
    }
    writing = null;
  }
  const written = (): Promise<void> => writing ?? Promise.resolve();
  return {
    changed() {
      isDirty = true;
      writing ??= Promise.resolve().then(writeAll);
    },
    written,
    writtenWithin: (limitMs) =>
      new Promise((resolve) => {
        const timer = ports.scheduler.after(limitMs, resolve);
        void written().then(() => {
          timer.dispose();
          resolve();
        });
      }),
  };
}

/** Figures that are read again anyway are no reason to write: only what a restart must know. */
export function isWorthWriting(before: KeeperState, after: KeeperState): boolean {
  const fields = Object.keys(after) as (keyof KeeperState)[];
  return fields.some((field) => !isFigure(field) && before[field] !== after[field]);
}

function isFigure(field: keyof KeeperRecord | 'live'): boolean {
  return field === 'live' || field === 'counters' || field === 'probes';
}
