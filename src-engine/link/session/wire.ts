import type { TLSSocket } from 'node:tls';
import type { Scheduler } from '../../platform/clock.ts';
import { CAP_BEFORE_WELCOME_BYTES, encodeFrame, FrameReader, type BrokenStream } from './framing.ts';

/** What may wait to be sent; more means that nobody reads at the other end. */
export const MOST_WAITING_BYTES = 1024 * 1024;
/** For the last frame to leave, before the connection is torn. */
const LINGER_MS = 1000;

/** Frames over one TLS connection. Whose it is was judged before. */
export interface Wire {
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly remotePin: string;
  exportKey(label: string, bytes: number): Buffer;
  /** False when the connection is gone, its buffer is full or the frame is over the cap. */
  send(frame: unknown): boolean;
  /** Both directions, from the next frame on. */
  setCap(capBytes: number): void;
  /** One listener; frames that came before it wait for it. */
  onFrame(listener: (frame: unknown) => void): void;
  /** Called once, also when it is closed already. `broken` when its stream was no frames. */
  onClose(listener: (broken: BrokenStream | null) => void): void;
  /** Sends what waits, then ends; torn after a second. */
  close(): void;
  destroy(): void;
  isOpen(): boolean;
}

export function wireOf(socket: TLSSocket, remotePin: string, scheduler: Scheduler): Wire {
  return new TlsWire(socket, remotePin, scheduler);
}

class TlsWire implements Wire {
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly remotePin: string;
  private readonly socket: TLSSocket;
  private readonly scheduler: Scheduler;
  private readonly reader: FrameReader;
  private capBytes = CAP_BEFORE_WELCOME_BYTES;
  private broken: BrokenStream | null = null;
  private open = true;
  private hears: ((frame: unknown) => void) | null = null;
  private readonly ends: ((broken: BrokenStream | null) => void)[] = [];

  constructor(socket: TLSSocket, remotePin: string, scheduler: Scheduler) {
    this.socket = socket;
    this.scheduler = scheduler;
    this.remotePin = remotePin;
    this.localAddress = plain(socket.localAddress ?? '');
    this.remoteAddress = plain(socket.remoteAddress ?? '');
    this.reader = new FrameReader(
      (frame) => this.hears?.(frame),
      (why) => {
        this.broken = why;
        socket.destroy();
      },
    );
    socket.setNoDelay(true);
    // Its 'close' follows and tells all that is told.
    socket.on('error', () => undefined);
    socket.on('end', () => this.close());
    socket.on('close', () => this.gone());
  }

  private gone(): void {
    this.open = false;
    this.reader.stop();
    for (const end of this.ends.splice(0)) end(this.broken);
  }

  exportKey(label: string, bytes: number): Buffer {
    // TLS 1.3 does not tell an empty context from none (RFC 8446, 7.5): the label alone names its use.
    return this.socket.exportKeyingMaterial(bytes, label, Buffer.alloc(0));
  }

  send(frame: unknown): boolean {
    if (!this.isOpen() || this.socket.writableLength > MOST_WAITING_BYTES) return false;
    const bytes = encodeFrame(frame, this.capBytes);
    if (bytes === null) return false;
    this.socket.write(bytes);
    return true;
  }

  setCap(capBytes: number): void {
    this.capBytes = capBytes;
    this.reader.setCap(capBytes);
  }

  onFrame(listener: (frame: unknown) => void): void {
    const first = this.hears === null;
    this.hears = listener;
    if (first) this.socket.on('data', (chunk: Buffer) => this.reader.push(chunk));
  }

  onClose(listener: (broken: BrokenStream | null) => void): void {
    if (this.socket.closed) listener(this.broken);
    else this.ends.push(listener);
  }

  close(): void {
    if (this.socket.destroyed || !this.open) return;
    this.open = false;
    this.socket.end();
    const torn = this.scheduler.after(LINGER_MS, () => this.socket.destroy());
    this.socket.once('close', () => torn.dispose());
  }

  destroy(): void {
    this.socket.destroy();
  }

  isOpen(): boolean {
    return this.open && !this.socket.destroyed;
  }
}

/** IPv4 as people write it, also when it came in over an IPv6 socket. */
export function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
