import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Result } from '../../../src-shared/errors/result.ts';
import type { Scheduler, Clock } from '../../platform/clock.ts';
import type { Home } from '../../platform/home.ts';
import type { Logger } from '../../platform/log.ts';
import type { ProcessRef } from '../../platform/processes.ts';

/**
 * Detached traffic processes: what an adapter (HAProxy, the embedded front, the gate) says of its program, and
 * what the supervision does with it. Types only.
 */

/** A home has at most one of each: `run/NAME.json` is its record, `logs/NAME.log` what it writes. */
export type ProcessName = 'front' | 'passage' | 'gate' | 'relay';
export type ProcessKind = 'haproxy' | 'embedded' | 'gate' | 'relay';

export interface ProcessPorts {
  readonly home: Home;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
}

/** What is run: never through a shell. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  /** Beside PATH, HOME, TMPDIR, TANDEM_LOG and ELECTRON_RUN_AS_NODE, which every child gets; nothing else does. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a process that this engine started ended. */
export interface ProcessEnd {
  /** Both null: it could not be started, or it lives and never answered; `output` says which. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote since its start, at most 4 KiB. */
  readonly output: string;
}

export interface DetachedSpec {
  readonly name: ProcessName;
  readonly kind: ProcessKind;
  /** Where its control socket goes: in `shortFolder(home.root)`, which is made. */
  readonly socket: string;
  /** `HOST:PORT`, for the record. */
  listen(): string;
  /**
   * Called before each start, the restart after a death included: writes the configuration anew with the weights
   * or the readiness of now (0600), then says what to run. `replaces` is the living process that the new one takes
   * over from (HAProxy: `-sf PID`); null when there is none.
   */
  prepare(replaces: ProcessRef | null): Promise<Launch>;
  /** The pid of who answers on that control socket, within 1 s; null when nobody does. It is adoption's proof and the sign of being ready. */
  answers(socket: string): Promise<number | null>;
  /** Asked to end by itself, before SIGTERM; not waited for longer than 200 ms. */
  askToEnd?(socket: string): Promise<unknown>;
  /** Names why it ended or could not begin. */
  explain(end: ProcessEnd): Promise<Problem>;
}

export interface ProcessState {
  readonly up: boolean;
  readonly problem: Problem | null;
}

/** One detached process that is kept alive as long as this engine lives, and outlives it. */
export interface Supervised {
  /**
   * Adopts the process of the record (alive, of this kind, and its control answers), or ends what the record names
   * otherwise and starts one. A start that fails is tried again with growing delays until `dispose`.
   */
  begin(): Promise<Result<'adopted' | 'started'>>;
  /** Starts another beside the living one, which `prepare` is told; the old one is expected to end by itself. */
  replace(): Promise<Result<void>>;
  /** Ends it and starts it anew, at once. */
  restart(): Promise<Result<void>>;
  /** Of the living process: an adopted one may have been told another path than this engine would tell. */
  socket(): string;
  pid(): number | null;
  /** On each change, and not for the first time before `begin` has looked. */
  onState(listener: (state: ProcessState) => void): void;
  /** `keep`: it goes on alone. `stop`: asked, SIGTERM, 1 s, SIGKILL; its record goes with it. */
  dispose(how: 'keep' | 'stop'): Promise<void>;
}
