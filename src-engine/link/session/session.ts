import type { Logger } from '../../platform/log.ts';
import type { Frame, Session, SessionEnd } from '../ports.ts';
import type { CommandMemory } from './command-memory.ts';
import { readFrame, trimFrame, type Heard } from './frames.ts';
import type { Welcomed } from './handshake.ts';
import type { Wire } from './wire.ts';

/** One welcomed connection, and what the keeper of all of them may do with it. */
export interface OpenSession {
  readonly session: Session;
  /** Monotonic milliseconds. */
  readonly since: number;
  /** A newer connection stands: says so and ends. */
  supersede(): void;
  /** Sends what waits, then ends as `ours`. */
  close(): void;
}

export interface SessionPorts {
  readonly log: Logger;
  readonly commands: CommandMemory;
  onFrame(from: OpenSession, frame: Frame): void;
  /** Once. */
  onEnd(which: OpenSession, how: SessionEnd): void;
}

/** So many frames of a known type with junk inside are passed over; then it is no Tandem that speaks. */
const MOST_MALFORMED = 100;

/** @param remotePort where the other Mac listens; @param since monotonic, milliseconds */
export function openSession(
  ports: SessionPorts,
  welcomed: Welcomed,
  remotePort: number,
  since: number,
): OpenSession {
  return new LiveSession(ports, welcomed, remotePort, since);
}

class LiveSession implements OpenSession {
  readonly session: Session;
  readonly since: number;
  private readonly ports: SessionPorts;
  private readonly wire: Wire;
  private said: SessionEnd = 'closed';
  private ended: SessionEnd | null = null;
  private malformed = 0;

  constructor(ports: SessionPorts, welcomed: Welcomed, remotePort: number, since: number) {
    const { wire, sessionId, incoming, peer, minor } = welcomed;
    this.ports = ports;
    this.wire = wire;
    this.since = since;
    this.session = {
      id: sessionId,
      incoming,
      localAddress: wire.localAddress,
      remoteAddress: wire.remoteAddress,
      remotePort,
      peer,
      minor,
      exportKey: (label, bytes) => wire.exportKey(label, bytes),
      send: (frame) => this.send(frame),
    };
    wire.onFrame((junk) => this.hear(readFrame(junk)));
    wire.onClose((broken) => ports.onEnd(this, this.ended ?? (broken === null ? this.said : 'protocol')));
  }

  supersede(): void {
    this.wire.send({ type: 'ERROR', code: 'superseded', fatal: true, params: {} });
    this.end('superseded');
  }

  close(): void {
    this.end('ours');
  }

  private send(frame: Frame): boolean {
    if (frame.type === 'CMD_RESULT') this.ports.commands.done(frame);
    return this.wire.send(trimFrame(frame));
  }

  private end(how: SessionEnd): void {
    this.ended ??= how;
    this.wire.close();
  }

  private hear(heard: Heard): void {
    // After our own end nobody is there to hear; a superseded one may still have brought a word.
    if (this.ended !== null && this.ended !== 'superseded') return;
    switch (heard.kind) {
      case 'frame':
        return this.take(heard.frame);
      case 'error':
        if (heard.error.code === 'superseded') return this.end('superseded');
        this.ports.log.warn({ code: heard.error.code }, 'the other Mac reports an error');
        return heard.error.fatal ? this.end('protocol') : undefined;
      case 'refusedCommand':
        this.ports.log.warn('a command that is not on the list was refused');
        this.send({
          type: 'CMD_RESULT',
          id: heard.id,
          ok: false,
          error: { code: 'peerRefused', params: {} },
        });
        return;
      case 'unknown':
        if (heard.critical) this.wire.send({ type: 'ERROR', code: 'unknownFrame', fatal: false, params: {} });
        return;
      case 'malformed':
        this.malformed += 1;
        if (this.malformed === 1)
          this.ports.log.warn({ type: heard.type }, 'a malformed frame was passed over');
        if (this.malformed > MOST_MALFORMED) this.end('protocol');
    }
  }

  private take(frame: Frame): void {
    if (frame.type === 'CMD') {
      const met = this.ports.commands.meet(frame.id);
      if (met !== 'new' && met !== 'running') this.wire.send(met);
      if (met !== 'new') return;
    }
    if (frame.type === 'BYE') this.said = 'bye';
    if (frame.type === 'UNPAIR') this.said = 'unpaired';
    this.ports.onFrame(this, frame);
  }
}
