import { systemClock, systemScheduler } from '../../platform/clock.ts';
import type { Identity } from '../ports.ts';
import { dial, type Dialled } from './dial.ts';
import { ALPN_PAIRED } from './tls-options.ts';

export interface HandshakeSeen {
  readonly outcome: 'ok' | 'hung' | 'refused' | 'timeout' | 'unreachable' | 'denied' | 'closed';
  /** Until the outcome was known, milliseconds. */
  readonly ms: number;
  /** The errno, or the code of a broken handshake; null for `ok` and when nothing came. */
  readonly detail: string | null;
}

/**
 * Does the program at the peer's port still answer, not only its kernel? A TLS handshake as the paired
 * Mac, ended at once. `hung`: the connection stands, the handshake does not come. Evidence for a class,
 * never trust: any TLS server gives `ok`.
 *
 * @param limitMs for both, 1..1000 while the link is suspect (issue 4: a probe takes at most 1 s)
 */
export async function probeHandshake(
  host: string,
  port: number,
  identity: Identity,
  limitMs: number,
): Promise<HandshakeSeen> {
  const began = systemClock.monotonicMs();
  const ports = { identity, clock: systemClock, scheduler: systemScheduler };
  const wanted = { host, port, alpn: ALPN_PAIRED, pin: null, connectMs: limitMs, limitMs } as const;
  const dialled = await dial(ports, wanted);
  if (dialled.kind === 'wire') dialled.wire.destroy();
  const outcome = outcomeOf(dialled);
  const detail = dialled.kind === 'failed' && outcome !== 'ok' ? dialled.detail : null;
  return { outcome, ms: systemClock.monotonicMs() - began, detail };
}

function outcomeOf(dialled: Dialled): HandshakeSeen['outcome'] {
  if (dialled.kind !== 'failed') return 'ok';
  switch (dialled.why) {
    case 'alpnRefused':
      // It spoke TLS to us: a Tandem that knows no peer.
      return 'ok';
    case 'notTls':
      return 'closed';
    case 'refused':
    case 'timeout':
    case 'unreachable':
    case 'denied':
    case 'hung':
    case 'closed':
      return dialled.why;
  }
}
