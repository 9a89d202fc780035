import type { Clock, Disposable, Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Frame, SessionEnd, SessionEvents } from '../ports.ts';
import { commandMemory } from './command-memory.ts';
import type { Welcomed } from './handshake.ts';
import { openSession, type OpenSession, type SessionPorts } from './session.ts';
import { arrive, currentOf, mayBelieve } from './standing.ts';

/** So long an edge waits for the newer connection that superseded its only one: they come by different ways. */
const SUCCESSOR_MS = 1000;
/** Then an older connection that the core did not close is one that the core does not have. */
const OLDER_MS = 10_000;

export interface RegisterPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly events: Pick<SessionEvents, 'onSession' | 'onEnd' | 'onFrame'>;
  /** True on the core (standing.ts). */
  decides(): boolean;
  /** No session stands any more; the last stood for so long. */
  onLast(stoodMs: number): void;
}

/** The welcomed connections to the other Mac, and which of them is current. */
export class Register {
  private readonly ports: RegisterPorts;
  private readonly commands = commandMemory();
  /** Also those that are on their way out. */
  private readonly alive = new Set<OpenSession>();
  private open: readonly OpenSession[] = [];
  private ending: Disposable | null = null;
  private pruning: Disposable | null = null;
  private whenEmpty: (() => void) | null = null;

  constructor(ports: RegisterPorts) {
    this.ports = ports;
  }

  current(): OpenSession | null {
    return currentOf(this.open);
  }

  /** @param remotePort where the other Mac listens */
  add(welcomed: Welcomed, remotePort: number): void {
    this.clear();
    const { log, clock, events } = this.ports;
    const heard: SessionPorts = {
      log,
      commands: this.commands,
      onFrame: (from, frame) => this.onFrame(from, frame),
      onEnd: (which, how) => this.onEnd(which, how),
    };
    const newcomer = openSession(heard, welcomed, remotePort, clock.monotonicMs());
    this.alive.add(newcomer);
    const standing = arrive(this.open, newcomer, this.ports.decides());
    this.open = standing.open;
    for (const older of standing.superseded) older.supersede();
    const { incoming, remoteAddress, minor } = newcomer.session;
    log.info({ incoming, remoteAddress, minor }, 'a session stands');
    events.onSession(newcomer.session);
    // The engine that held these is dead: nobody there could close them.
    this.closeOlder((older) => startOf(older) !== startOf(newcomer));
    if (this.open.length < 2) return;
    this.pruning = this.ports.scheduler.after(OLDER_MS, () => this.closeOlder(() => true));
  }

  /** Ends all as `ours`, told at once; resolves when their connections are gone. */
  closeAll(): Promise<void> {
    // While the successor of the last one is awaited, its end is not told yet.
    const untold = this.open.length > 0 || this.ending !== null;
    this.clear();
    this.open = [];
    for (const one of this.alive) one.close();
    if (untold) this.ports.events.onEnd('ours');
    if (this.alive.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.whenEmpty = resolve));
  }

  private clear(): void {
    this.ending?.dispose();
    this.ending = null;
    this.pruning?.dispose();
    this.pruning = null;
  }

  private closeOlder(which: (older: OpenSession) => boolean): void {
    for (const older of this.open.slice(0, -1).filter(which)) older.close();
  }

  private onFrame(from: OpenSession, frame: Frame): void {
    const current = this.current();
    const standing = {
      current: current === null || current === from,
      sameStart: current === null || startOf(current) === startOf(from),
    };
    if (mayBelieve(frame.type, standing, this.ports.decides())) this.ports.events.onFrame(frame);
  }

  private onEnd(which: OpenSession, how: SessionEnd): void {
    this.alive.delete(which);
    if (this.alive.size === 0) this.whenEmpty?.();
    if (!this.open.includes(which)) return;
    const wasCurrent = this.current() === which;
    this.open = this.open.filter((one) => one !== which);
    if (!wasCurrent) return;
    const next = this.current();
    if (next !== null) return this.ports.events.onSession(next.session);
    const stoodMs = this.ports.clock.monotonicMs() - which.since;
    if (how === 'superseded')
      this.ending = this.ports.scheduler.after(SUCCESSOR_MS, () => this.last(how, stoodMs));
    else this.last(how, stoodMs);
  }

  private last(how: SessionEnd, stoodMs: number): void {
    this.ending = null;
    this.ports.log.info({ how, stoodMs: Math.round(stoodMs) }, 'no session stands');
    this.ports.events.onEnd(how);
    this.ports.onLast(stoodMs);
  }
}

const startOf = (one: OpenSession): string => one.session.peer.appStartId;
