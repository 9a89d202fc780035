import { hkdfSync, randomBytes } from 'node:crypto';
import type { PairWire } from '../../src-engine/link/ports.ts';

/** One end of a TLS connection in memory: JSON both ways, frames wait for their listener, a close lets them through. */
function end(remotePin: string, remoteAddress: string, exporter: Buffer) {
  const heard: unknown[] = [];
  let onFrame: ((frame: unknown) => void) | null = null;
  let onClose: (() => void) | null = null;
  let open = true;
  const side = {
    other: null as null | { hear(text: string): void; end(): void },
    sent: [] as unknown[],
    hear(text: string): void {
      heard.push(JSON.parse(text));
      side.flush();
    },
    flush(): void {
      if (onFrame !== null) for (const frame of heard.splice(0)) onFrame(frame);
    },
    end(): void {
      if (!open) return;
      open = false;
      onClose?.();
    },
  };
  const wire: PairWire = {
    remoteAddress,
    remotePin,
    exportKey: (label, bytes) => Buffer.from(hkdfSync('sha256', exporter, '', label, bytes)),
    send(frame) {
      if (!open) return;
      side.sent.push(frame);
      const text = JSON.stringify(frame);
      queueMicrotask(() => side.other?.hear(text));
    },
    onFrame(listener) {
      onFrame = listener;
      side.flush();
    },
    onClose(listener) {
      onClose = listener;
      if (!open) listener();
    },
    close() {
      if (!open) return;
      open = false;
      queueMicrotask(() => side.other?.end());
    },
  };
  return { wire, side };
}

export interface PairWires {
  readonly dialler: PairWire;
  readonly listener: PairWire;
  /** What each sent, in order. */
  readonly sent: { readonly dialler: readonly unknown[]; readonly listener: readonly unknown[] };
  /** Nothing more arrives on either side. */
  cut(): void;
}

/** Two ends of one connection; another call is another connection, with another exporter. */
export function pairWires(pins: { readonly dialler: string; readonly listener: string }): PairWires {
  const exporter = randomBytes(32);
  const dialler = end(pins.listener, '127.0.0.1', exporter);
  const listener = end(pins.dialler, '127.0.0.2', exporter);
  dialler.side.other = listener.side;
  listener.side.other = dialler.side;
  return {
    dialler: dialler.wire,
    listener: listener.wire,
    sent: { dialler: dialler.side.sent, listener: listener.side.sent },
    cut() {
      dialler.side.other = null;
      listener.side.other = null;
      dialler.side.end();
      listener.side.end();
    },
  };
}
