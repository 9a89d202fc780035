import { beatKeys, UDP_EXPORTER_BYTES, UDP_EXPORTER_LABEL } from './keys.ts';
import { openDatagram, readHeader, sealDatagram, type Message } from './datagram.ts';
import { emptyWindow, takeSeq } from './replay-window.ts';
import type { Session } from '../ports.ts';

/** The datagrams of one session: its keys, its one sequence for all types, what was taken and what was echoed. */
export interface Channel {
  readonly sessionId: bigint;
  /** True on the side that was dialled. */
  readonly incoming: boolean;
  /** Sealed with the next sequence number; none is ever used twice. */
  seal(message: Message, nowMs: number): { readonly datagram: Buffer; readonly seq: number };
  /** Null: not of this session, not authentic, or taken before. */
  open(datagram: Buffer, nowMs: number): Opened | null;
  /** Newest of the other side's; seq 0 when none came. */
  newest(): { readonly seq: number; readonly atMs: number };
  /** When the datagram `seq` left; takes the echo into account once. Null: no progress. */
  echoed(seq: number): { readonly sentAtMs: number | null } | null;
}

export interface Opened {
  readonly message: Message;
  readonly seq: number;
}

/** Send times kept for the round trip: a few seconds of beats and probes. */
const SENT_KEPT = 128;

export function openChannel(session: Session): Channel {
  const keys = beatKeys(
    session.exportKey(UDP_EXPORTER_LABEL, UDP_EXPORTER_BYTES),
    session.id,
    session.incoming,
  );
  const sentAtMs = new Map<number, number>();
  let lastSeq = 0;
  let window = emptyWindow;
  let newest = { seq: 0, atMs: 0 };
  let echoedSeq = 0;
  return {
    sessionId: session.id,
    incoming: session.incoming,
    seal(message, nowMs) {
      lastSeq += 1;
      sentAtMs.set(lastSeq, nowMs);
      sentAtMs.delete(lastSeq - SENT_KEPT);
      const header = { sessionId: session.id, seq: lastSeq };
      return { datagram: sealDatagram(message, header, keys.send), seq: lastSeq };
    },
    open(datagram, nowMs) {
      const header = readHeader(datagram);
      if (header?.sessionId !== session.id) return null;
      // A look before the work of deciphering; taken only once it is authentic.
      const taken = takeSeq(window, header.seq);
      const message = taken === null ? null : openDatagram(datagram, keys.receive);
      if (taken === null || message === null) return null;
      window = taken;
      if (header.seq > newest.seq) newest = { seq: header.seq, atMs: nowMs };
      return { message, seq: header.seq };
    },
    newest: () => newest,
    echoed(seq) {
      // An echo of what was never sent is no echo.
      if (seq <= echoedSeq || seq > lastSeq) return null;
      echoedSeq = seq;
      return { sentAtMs: sentAtMs.get(seq) ?? null };
    },
  };
}
