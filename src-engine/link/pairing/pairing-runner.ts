import { randomBytes } from 'node:crypto';
import { TandemFailure, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import type { Pairing } from '../../../src-shared/world/peer.ts';
import type { Disposable } from '../../platform/clock.ts';
import type { PairWire } from '../ports.ts';
import type { HostPort } from './host-port.ts';
import type { LockKeeper } from './lock-keeper.ts';
import { pairedPeerOf } from './paired-peer.ts';
import { cleanName } from './pairing-frames.ts';
import { noPairing, step } from './pairing-machine.ts';
import type { PairingPorts } from './pairing-ports.ts';
import {
  isBusy,
  takesWires,
  type Known,
  type PairingContext,
  type PairingEffect,
  type PairingEvent,
  type PairingState,
} from './pairing-state.ts';
import { pairingOf } from './pairing-view.ts';
import { NONCE_BYTES, SAS_EXPORTER, SAS_EXPORTER_BYTES } from './sas.ts';
import { createEventQueue } from './event-queue.ts';

type Begin = Extract<PairingEvent, { type: 'open' | 'dial' }>;

/** Holds a pairing's state, its connection and its timer, and does what the machine says. Decides nothing. */
export class PairingRunner {
  state: PairingState = noPairing;
  private own: PairingContext['own'];
  private wire: PairWire | null = null;
  /** Of the connection; kept beyond its end for who is stored. */
  private remoteAddress = '';
  private target: HostPort | null = null;
  private timer: Disposable | null = null;
  private accepting = false;
  private disposed = false;
  private readonly inTurn = createEventQueue();
  private readonly ports: PairingPorts;
  private readonly lock: LockKeeper;

  constructor(ports: PairingPorts, lock: LockKeeper) {
    this.ports = ports;
    this.lock = lock;
    this.own = this.ownNow();
  }

  /** False when another pairing came first. */
  begin(event: Begin): boolean {
    this.dispatch({ type: 'time' });
    if (isBusy(this.state) || this.disposed) return false;
    // Frozen until the pairing's end: both sides hash what they said of themselves.
    this.own = this.ownNow();
    this.target = event.type === 'dial' ? { host: event.host, port: event.port } : null;
    this.dispatch(event);
    if (this.target) void this.connect(this.target);
    return true;
  }

  dispatch(event: PairingEvent): void {
    this.inTurn(() => this.advance(event, null));
  }

  shown(): Pairing | null {
    const { clock } = this.ports;
    return pairingOf(this.state, clock.monotonicMs(), clock.wall());
  }

  dispose(): void {
    this.dispatch({ type: 'cancel' });
    this.disposed = true;
    this.target = null;
    this.timer?.dispose();
    this.letGo();
    this.ports.sessions.setPairing(null);
  }

  private ownNow(): PairingContext['own'] {
    const { name, ...rest } = this.ports.own();
    const { identity, minors } = this.ports;
    return { ...rest, name: cleanName(name), pin: identity.pin, minors };
  }

  private advance(event: PairingEvent, newcomer: PairWire | null): void {
    if (this.disposed) return newcomer?.close();
    const context = { own: this.own, paired: this.ports.paired() };
    const next = step(this.state, event, context, this.ports.clock.monotonicMs());
    const changed = next.state !== this.state;
    this.state = next.state;
    if (newcomer && !next.effects.some(({ type }) => type === 'refuse')) this.adopt(newcomer);
    for (const effect of next.effects) this.perform(effect, newcomer);
    if (changed) this.show();
  }

  private perform(effect: PairingEffect, newcomer: PairWire | null): void {
    switch (effect.type) {
      case 'send':
        return this.wire?.send(effect.frame);
      case 'close':
        return this.letGo();
      case 'refuse':
        newcomer?.send({ type: 'ABORT', code: effect.code });
        return newcomer?.close();
      case 'store':
        return void this.keep(effect.known);
      case 'countFailure':
        return this.lock.failure();
      case 'clearFailures':
        return this.lock.success();
    }
  }

  /** A timer may fire a fraction of a millisecond early: then nothing is due yet, and it is set again. */
  private arm(): void {
    const { clock, scheduler } = this.ports;
    const { state } = this;
    this.timer?.dispose();
    this.timer = null;
    if (!('untilMs' in state)) return;
    const timer = scheduler.after(Math.max(0, state.untilMs - clock.monotonicMs()), () => {
      this.dispatch({ type: 'time' });
      if (this.timer === timer) this.arm();
    });
    this.timer = timer;
  }

  private show(): void {
    const { sessions, publish } = this.ports;
    const { state } = this;
    this.arm();
    if (takesWires(state) !== this.accepting) {
      this.accepting = !this.accepting;
      sessions.setPairing(this.accepting ? (wire) => this.meet(wire, true) : null);
    }
    publish(this.shown());
  }

  private adopt(newcomer: PairWire): void {
    this.wire = newcomer;
    this.remoteAddress = newcomer.remoteAddress;
    const ifCurrent = (event: PairingEvent) =>
      this.inTurn(() => void (this.wire === newcomer && this.advance(event, null)));
    newcomer.onFrame((frame) => ifCurrent({ type: 'frame', frame }));
    newcomer.onClose(() => ifCurrent({ type: 'closed' }));
  }

  private letGo(): void {
    const old = this.wire;
    this.wire = null;
    old?.close();
  }

  private meet(newcomer: PairWire, incoming: boolean): void {
    this.inTurn(() => {
      // What is due is about the connection before this one.
      this.advance({ type: 'time' }, null);
      const wire = {
        remoteAddress: newcomer.remoteAddress,
        remotePin: newcomer.remotePin,
        exporter: newcomer.exportKey(SAS_EXPORTER, SAS_EXPORTER_BYTES),
        ownNonce: randomBytes(NONCE_BYTES).toString('hex'),
      };
      this.advance({ type: 'wire', incoming, wire }, newcomer);
    });
  }

  private async connect(aim: HostPort): Promise<void> {
    const dialled = await attempt(() => this.ports.sessions.dialForPairing(aim.host, aim.port));
    // A cancelled dial may come through while the next is under way.
    if (this.target !== aim) return dialled.ok ? dialled.value.close() : undefined;
    if (dialled.ok) this.meet(dialled.value, false);
    else this.dispatch({ type: 'dialFailed', error: dialled.error });
  }

  private async keep(known: Known): Promise<void> {
    const stored = await attempt(async () => {
      const peer = pairedPeerOf(known, {
        before: this.ports.paired(),
        address: this.remoteAddress,
        dialledPort: this.target?.port ?? null,
        router: this.ports.homeRouter(),
        wall: this.ports.clock.wall(),
      });
      await this.ports.store(peer, known.ownRole);
      return { ok: true, value: null } as const;
    });
    this.dispatch({ type: 'stored', error: stored.ok ? null : stored.error });
  }
}

async function attempt<T>(task: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await task();
  } catch (error) {
    const known: TandemError = { code: 'internal', params: {} };
    return { ok: false, error: error instanceof TandemFailure ? error.error : known };
  }
}
