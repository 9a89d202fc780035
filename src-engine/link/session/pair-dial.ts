import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { PairWire } from '../ports.ts';
import { dial, type Dialled, type DialPorts, type DialRequest } from './dial.ts';
import { ALPN_PAIRING } from './tls-options.ts';
import type { Wire } from './wire.ts';

/** A person waits (design brief of the link: 3 s). */
const PAIR_DIAL_MS = 3000;

/** Of it, for a connection from where this Mac listens: on a LAN it stands at once, and a lost SYN comes again in 1 s. */
const BOUND_CONNECT_MS = 1500;

export interface PairDial {
  readonly host: string;
  readonly port: number;
  /** Where this Mac listens; null: nowhere. */
  readonly from: string | null;
  /** Tells whether a connection from that local port came in at our own listener. */
  isOwnPort(localPort: number): boolean;
}

type AnyWay = Omit<DialRequest, 'connectMs' | 'localAddress'>;

/**
 * The other Mac remembers where the dial came from, and beats and dials to there: so it comes from where this Mac
 * listens, of two interfaces in one subnet too. Where nobody is reached from there the kernel chooses: whom a person
 * names may be behind another interface, and once they are paired this Mac listens on that one.
 */
export async function dialForPairing(
  ports: DialPorts,
  { host, port, from, isOwnPort }: PairDial,
  dialBy = dial,
): Promise<Result<PairWire>> {
  const result = (dialled: Dialled) => resultOf(dialled, { host, port }, isOwnPort);
  const anywhere: AnyWay = { host, port, alpn: ALPN_PAIRING, pin: null, limitMs: PAIR_DIAL_MS };
  if (from === null) return result(await dialBy(ports, { ...anywhere, connectMs: PAIR_DIAL_MS }));
  const bound = await dialBy(ports, { ...anywhere, localAddress: from, connectMs: BOUND_CONNECT_MS });
  if (!cameNowhere(bound)) return result(bound);
  return result(await dialBy(ports, { ...anywhere, connectMs: PAIR_DIAL_MS - BOUND_CONNECT_MS }));
}

/** No packet of an answer: another way may lead there. */
function cameNowhere(dialled: Dialled): boolean {
  return dialled.kind === 'failed' && (dialled.why === 'timeout' || dialled.why === 'unreachable');
}

function resultOf(
  dialled: Dialled,
  params: { readonly host: string; readonly port: number },
  isOwnPort: (localPort: number) => boolean,
): Result<PairWire> {
  if (dialled.kind === 'wire') return ok(pairWireOf(dialled.wire));
  if (dialled.kind === 'judged')
    return fail(dialled.verdict === 'ownKey' ? 'ownAddress' : 'peerNotTandem', params);
  // Our own door refuses before it shows its key: it is known by the connection that came in there.
  if (dialled.localPort !== null && isOwnPort(dialled.localPort)) return fail('ownAddress', params);
  switch (dialled.why) {
    case 'alpnRefused':
      return fail('pairingNotOpen', params);
    case 'notTls':
    case 'closed':
      return fail('peerNotTandem', params);
    case 'refused':
    case 'timeout':
    case 'unreachable':
    case 'denied':
    case 'hung':
      return fail('peerUnreachable', params);
  }
}

export function pairWireOf(wire: Wire): PairWire {
  return {
    remoteAddress: wire.remoteAddress,
    remotePin: wire.remotePin,
    exportKey: (label, bytes) => wire.exportKey(label, bytes),
    send: (frame) => void wire.send(frame),
    onFrame: (listener) => wire.onFrame(listener),
    onClose: (listener) => wire.onClose(() => listener()),
    close: () => wire.close(),
  };
}
