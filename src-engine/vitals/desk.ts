import type { StageLimits } from '../../src-shared/settings.ts';
import type { Vitals } from '../../src-shared/world/vitals.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import { emptyBoard, noteRead, situationOf, slowed, type Board, type ReadingOf } from './board.ts';
import type { Kind, Situation } from './cadence.ts';
import { judge, type Judgement } from './judge.ts';
import { memoryLevel } from './stages/memory-stage.ts';
import { freshStages, type StagesState } from './stages/stages.ts';

export interface DeskPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Divides dwell times, latches and sampling periods; 1 or more. */
  readonly timeScale: number;
  limits(): StageLimits;
  role(): Role;
  /** Usual duration of a drain in milliseconds; null when never measured. */
  usualDrainMs(): number | null;
  /** This Mac has no fan; null is unknown. */
  fanless(): boolean | null;
  /** Called with the whole slice after each change; never after `dispose`. */
  publish(vitals: Vitals): void;
}

/** Holds the board and has it judged: once per burst of changes, and when time alone changes something. */
export interface Desk extends Disposable {
  situation(): Situation;
  change(how: (board: Board) => Board): void;
  look(how: Partial<Pick<Situation, 'live' | 'clusterRunning'>>): void;
  take<K extends Kind>(kind: K, source: string, value: ReadingOf[K]): void;
}

/** Readings that come together are judged, and published, together. */
const BURST_MS = 10;

/** @param judged called after each judgement has been published */
export function createDesk(ports: DeskPorts, mode: Situation['mode'], judged: () => void): Desk {
  const { clock, scheduler, timeScale } = ports;
  let board = emptyBoard;
  let stages = freshStages;
  let fixed = { mode, live: false, clusterRunning: false, timeScale };
  let pending: Disposable | null = null;
  let due: Disposable | null = null;
  let disposed = false;

  const situation = (): Situation =>
    situationOf(board, fixed, (reading) => memoryLevel(reading, ports.limits()), clock.monotonicMs());

  function judgeNow(): void {
    pending = null;
    due?.dispose();
    const { vitals, dueMs, ...judgement } = judgementOf(board, stages, situation(), ports);
    stages = judgement.stages;
    // Rounded up: a timer that fires a fraction too early would find the dwell not over yet.
    due = dueMs === null ? null : scheduler.after(Math.ceil(dueMs - clock.monotonicMs()), judgeSoon);
    ports.publish(vitals);
    judged();
  }

  function judgeSoon(): void {
    if (!disposed) pending ??= scheduler.after(BURST_MS, judgeNow);
  }

  function change(how: (board: Board) => Board): void {
    board = how(board);
    judgeSoon();
  }

  return {
    situation,
    change,
    look(how) {
      fixed = { ...fixed, ...how };
      board = slowed(board, situation());
      judgeSoon();
    },
    take(kind, source, value) {
      const read = { source, value, atMs: clock.monotonicMs(), sampledAt: clock.wall().toISOString() };
      change((old) => noteRead(old, kind, read, situation()));
    },
    dispose() {
      disposed = true;
      pending?.dispose();
      due?.dispose();
    },
  };
}

function judgementOf(board: Board, stages: StagesState, situation: Situation, ports: DeskPorts): Judgement {
  return judge(board, stages, {
    now: { ms: ports.clock.monotonicMs(), iso: ports.clock.wall().toISOString() },
    limits: ports.limits(),
    role: ports.role(),
    usualDrainMs: ports.usualDrainMs(),
    fanless: ports.fanless() === true,
    situation,
  });
}
