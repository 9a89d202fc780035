import type { Clock, Disposable, Scheduler } from '../../platform/clock.ts';
import { backOffMs, failuresAfter } from './back-off.ts';

export interface DiallerPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** 0..1, for the jitter. */
  random(): number;
  /** True while a session is missing and there is somebody to dial. */
  wanted(): boolean;
  /** One round over the addresses; true when it made a session. Never rejects. */
  attempt(signal: AbortSignal): Promise<boolean>;
}

/** A round older than this began before the reason to dial anew, and may wait for an address that is gone. */
const OLD_ROUND_MS = 1000;

interface Round {
  readonly began: number;
  readonly controller: AbortController;
}

/** Decides when to dial; one round at a time. */
export class Dialler {
  private readonly ports: DiallerPorts;
  private failures = 0;
  private timer: Disposable | null = null;
  private round: Round | null = null;
  private again = false;

  constructor(ports: DiallerPorts) {
    this.ports = ports;
  }

  /** At once, whatever stands: the network changed, or this Mac woke. */
  dialNow(): void {
    this.failures = 0;
    if (this.round === null) return void this.run();
    this.again = true;
    if (this.ports.clock.monotonicMs() - this.round.began > OLD_ROUND_MS) this.round.controller.abort();
  }

  /** The last session ended after `stoodMs`. */
  sessionEnded(stoodMs: number): void {
    this.failures = failuresAfter(stoodMs, this.failures);
    this.schedule();
  }

  /** Looks again whether dialling is wanted. */
  reconsider(): void {
    if (this.timer === null) this.schedule();
    else if (!this.ports.wanted()) this.clear();
  }

  /** Ends what runs. It can be used again. */
  stop(): void {
    this.clear();
    this.again = false;
    this.failures = 0;
    this.round?.controller.abort();
    this.round = null;
  }

  private clear(): void {
    this.timer?.dispose();
    this.timer = null;
  }

  private schedule(): void {
    this.clear();
    if (this.round !== null || !this.ports.wanted()) return;
    const delayMs = backOffMs(this.failures, this.ports.random());
    this.timer = this.ports.scheduler.after(delayMs, () => void this.run());
  }

  private async run(): Promise<void> {
    this.clear();
    const mine: Round = { began: this.ports.clock.monotonicMs(), controller: new AbortController() };
    this.round = mine;
    const made = await this.ports.attempt(mine.controller.signal);
    if (this.round !== mine) return;
    this.round = null;
    const anew = this.again && !made;
    this.again = false;
    if (anew) return void this.run();
    this.schedule();
    if (!made) this.failures += 1;
  }
}
