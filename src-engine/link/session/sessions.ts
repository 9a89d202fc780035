import { ok, type Result } from '../../../src-shared/errors/result.ts';
import { pause, type Clock, type Disposable, type Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type {
  HelloData,
  Identity,
  PairedPeer,
  PairWire,
  Session,
  SessionEvents,
  Sessions,
} from '../ports.ts';
import { dial, type DialRequest } from './dial.ts';
import { Dialler } from './dialler.ts';
import { answer, greet, type Introduction, type Welcomed } from './handshake.ts';
import { listen, type Listener, type ListenerPorts, type Visitor } from './listener.ts';
import { dialForPairing, pairWireOf } from './pair-dial.ts';
import { Register } from './register.ts';
import { createStrangers, type Strangers } from './strangers.ts';
import { ALPN_PAIRED, ALPN_PAIRING } from './tls-options.ts';
import type { Wire } from './wire.ts';

/** TCP to one address; a LAN that needs more has lost the packet and the next round comes soon. */
const CONNECT_MS = 2000;
/** TCP and TLS; then as long again for WELCOME. */
const HANDSHAKE_MS = 4000;
/** A link is up again after 3 s of clean beats (design/limits.md); a session of a doubt has thrice that. */
const DOUBT_MS = 10_000;
/** For the last frames at the engine's end. */
const FAREWELL_MS = 300;

export interface Candidate {
  readonly host: string;
  readonly port: number;
}

export interface SessionsPorts {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  /** What this Mac says of itself, now. */
  hello(): HelloData;
  /** Addresses to try, best first; asked before each round of dialling. */
  candidates(): readonly Candidate[];
  readonly events: SessionEvents;
  /** A higher minor version was agreed than ever before with this peer. */
  rememberMinor(minor: number): void;
}

export interface LinkSessions extends Sessions {
  /**
   * While true it dials with back-off although a session stands: the detector hears nothing, and TCP would
   * notice minutes later. A new session supersedes the old one.
   */
  setDoubt(doubt: boolean): void;
}

/** Both ends of TLS: listens, dials with back-off, keeps one current session. Nothing runs before `listen` or `setPeer`. */
export function createSessions(ports: SessionsPorts): LinkSessions {
  return new BothEnds(ports);
}

class BothEnds implements LinkSessions {
  private readonly ports: SessionsPorts;
  private readonly strangers: Strangers;
  private readonly register: Register;
  private readonly dialler: Dialler;
  private peer: PairedPeer | null = null;
  private listener: Listener | null = null;
  private pairing: ((wire: PairWire) => void) | null = null;
  /** Since when the detector hears nothing, monotonic milliseconds. */
  private doubtSince: number | null = null;
  private doubtAgain: Disposable | null = null;
  private listens = 0;
  private disposed = false;

  constructor(ports: SessionsPorts) {
    this.ports = ports;
    const { clock, scheduler, log } = ports;
    // Whoever disposes of this hears no more of it.
    const events: SessionEvents = {
      onSession: (session) => void (this.disposed || ports.events.onSession(session)),
      onEnd: (how) => void (this.disposed || ports.events.onEnd(how)),
      onFrame: (frame) => void (this.disposed || ports.events.onFrame(frame)),
      onRefused: (error) => void (this.disposed || ports.events.onRefused(error)),
    };
    this.strangers = createStrangers(clock, log, events.onRefused);
    this.register = new Register({
      clock,
      scheduler,
      log,
      events,
      decides: () => this.peer?.role === 'edge',
      onLast: (stoodMs) => this.dialler.sessionEnded(stoodMs),
    });
    this.dialler = new Dialler({
      clock,
      scheduler,
      random: Math.random,
      wanted: () => this.peer !== null && !this.stands(),
      attempt: (signal) => this.round(signal),
    });
  }

  async listen(address: string, port: number): Promise<Result<{ address: string; port: number }>> {
    await this.stopListening();
    this.listens += 1;
    const mine = this.listens;
    const { identity, clock, scheduler } = this.ports;
    const door: ListenerPorts = {
      identity,
      clock,
      scheduler,
      peerPin: () => this.peer?.pin ?? null,
      pairingIsOpen: () => this.pairing !== null,
      isKnown: (from) => from === this.peer?.address || from === this.current()?.remoteAddress,
      onVisitor: (visitor) => this.meet(visitor),
      onRefused: this.strangers.cameIn,
    };
    const opened = await listen(door, address, port);
    if (!opened.ok) return opened;
    const { address: boundTo, port: boundPort } = opened.value;
    // Somebody changed his mind while the kernel was asked.
    if (this.listens === mine) this.listener = opened.value;
    else opened.value.close();
    return ok({ address: boundTo, port: boundPort });
  }

  stopListening(): Promise<void> {
    this.listens += 1;
    this.listener?.close();
    this.listener = null;
    // The kernel frees the port at the end of this turn.
    return new Promise((resolve) => setImmediate(resolve));
  }

  setPeer(next: PairedPeer | null): void {
    const before = this.peer;
    this.peer = next;
    if (next !== null && next.pin === before?.pin) return this.dialler.reconsider();
    this.strangers.anew();
    this.dialler.stop();
    if (before !== null) void this.register.closeAll();
    if (next !== null) this.dialler.dialNow();
  }

  setDoubt(doubt: boolean): void {
    this.doubtAgain?.dispose();
    this.doubtAgain = null;
    // Said again, it is the same doubt.
    this.doubtSince = doubt ? (this.doubtSince ?? this.ports.clock.monotonicMs()) : null;
    this.dialler.reconsider();
    const again = (): void => this.dialler.reconsider();
    if (doubt) this.doubtAgain = this.ports.scheduler.every(DOUBT_MS, again);
  }

  dialNow(): void {
    if (this.peer !== null) this.dialler.dialNow();
  }

  current(): Session | null {
    return this.register.current()?.session ?? null;
  }

  setPairing(accept: ((wire: PairWire) => void) | null): void {
    this.pairing = accept;
  }

  dialForPairing(host: string, port: number): Promise<Result<PairWire>> {
    const from = this.listener?.address ?? null;
    const isOwnPort = (localPort: number): boolean => this.listener?.sawPort(localPort) ?? false;
    return dialForPairing(this.ports, { host, port, from, isOwnPort });
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.doubtAgain?.dispose();
    this.dialler.stop();
    this.peer = null;
    this.pairing = null;
    const gone = this.register.closeAll();
    await this.stopListening();
    await Promise.race([gone, pause(this.ports.scheduler, FAREWELL_MS)]);
  }

  /** One made in the doubt is given time to be heard on: another one would only change the keys again. */
  private stands(): boolean {
    const current = this.register.current();
    if (current === null || this.doubtSince === null) return current !== null;
    return current.since >= this.doubtSince && this.ports.clock.monotonicMs() - current.since < DOUBT_MS;
  }

  private introduction(known: PairedPeer): Introduction {
    return { hello: this.ports.hello(), ownPort: this.listener?.port ?? null, ratchet: known.minor };
  }

  /** True when the session counts: nobody was paired anew meanwhile. */
  private enter(welcomed: Welcomed, invited: PairedPeer, remotePort: number): boolean {
    if (this.peer?.pin !== invited.pin) {
      welcomed.wire.destroy();
      return false;
    }
    if (welcomed.minor > this.peer.minor) this.ports.rememberMinor(welcomed.minor);
    this.strangers.anew();
    this.register.add(welcomed, remotePort);
    return true;
  }

  /** One dial to each address, until a session stands that did not stand before. */
  private async round(signal: AbortSignal): Promise<boolean> {
    const before = this.register.current();
    for (const candidate of this.ports.candidates()) {
      if (signal.aborted || this.register.current() !== before) break;
      if (await this.reach(candidate, signal)) return true;
    }
    return this.register.current() !== before;
  }

  private async reach(to: Candidate, signal: AbortSignal): Promise<boolean> {
    const wanted = this.peer;
    if (wanted === null) return false;
    const limits = { connectMs: CONNECT_MS, limitMs: HANDSHAKE_MS };
    const request: DialRequest = {
      host: to.host,
      port: to.port,
      alpn: ALPN_PAIRED,
      pin: wanted.pin,
      ...limits,
      signal,
      ...this.dialsFrom(),
    };
    const dialled = await dial(this.ports, request);
    if (this.peer?.pin === wanted.pin)
      this.strangers.answered(to, { host: wanted.address, port: wanted.port }, dialled);
    if (dialled.kind === 'wire') return this.introduce(dialled.wire, wanted, to, signal);
    return false;
  }

  /** The other Mac dials and beats to where a dial came from: with two interfaces in a subnet nothing may listen there. */
  private dialsFrom(): { localAddress?: string } {
    return this.listener === null ? {} : { localAddress: this.listener.address };
  }

  private introduce(wire: Wire, wanted: PairedPeer, to: Candidate, signal: AbortSignal): Promise<boolean> {
    const abort = (): void => wire.destroy();
    signal.addEventListener('abort', abort);
    return new Promise((resolve) => {
      greet(wire, this.introduction(wanted), this.ports.scheduler, HANDSHAKE_MS, (greeted) => {
        signal.removeEventListener('abort', abort);
        if (greeted.kind === 'welcomed') return resolve(this.enter(greeted.welcomed, wanted, to.port));
        this.strangers.greeted(to.host, greeted);
        resolve(false);
      });
    });
  }

  private meet(visitor: Visitor): void {
    const { wire } = visitor;
    if (visitor.alpn === ALPN_PAIRING) {
      visitor.stay();
      return this.pairing === null ? wire.destroy() : this.pairing(pairWireOf(wire));
    }
    const wanted = this.peer;
    if (wanted === null) return wire.destroy();
    answer(wire, this.introduction(wanted), (greeted) => {
      if (greeted.kind !== 'welcomed') return this.strangers.greeted(wire.remoteAddress, greeted);
      visitor.welcome();
      this.enter(greeted.welcomed, wanted, greeted.welcomed.remotePort ?? wanted.port);
    });
  }
}
