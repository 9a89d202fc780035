import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { PairWire } from '../ports.ts';
import { dial, type Dialled, type DialPorts } from './dial.ts';
import { ALPN_PAIRING } from './tls-options.ts';
import type { Wire } from './wire.ts';

/** A person waits (design brief of the link: 3 s). */
const PAIR_DIAL_MS = 3000;

/** @param isOwnPort tells whether a connection from that local port came in at our own listener */
export async function dialForPairing(
  ports: DialPorts,
  host: string,
  port: number,
  isOwnPort: (localPort: number) => boolean,
): Promise<Result<PairWire>> {
  const limits = { connectMs: PAIR_DIAL_MS, limitMs: PAIR_DIAL_MS };
  const dialled = await dial(ports, { host, port, alpn: ALPN_PAIRING, pin: null, ...limits });
  return resultOf(dialled, { host, port }, isOwnPort);
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
