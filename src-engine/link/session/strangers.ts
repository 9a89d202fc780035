import type { ErrorCode } from '../../../src-shared/errors/codes.ts';
import type { TandemError } from '../../../src-shared/errors/result.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Dialled } from './dial.ts';
import type { Greeted } from './handshake.ts';
import type { Refusal } from './listener.ts';
import { saidOnce } from './said-once.ts';
import { unpaired } from './unpaired.ts';

const SHOWN_DIGITS = 8;

interface Place {
  readonly host: string;
  readonly port: number;
}

/** Says who was refused: in the log, and to a person where it concerns one. Once a minute per address. */
export interface Strangers {
  cameIn(address: string, why: Refusal, pin: string | null): void;
  /** `last`: where the paired Mac was last reached. */
  answered(to: Place, last: Place, what: Dialled): void;
  /** HELLO and WELCOME came to nothing. */
  greeted(address: string, greeted: Exclude<Greeted, { kind: 'welcomed' }>): void;
  /** A session stood, or another Mac is paired. */
  anew(): void;
}

export function createStrangers(
  clock: Clock,
  log: Logger,
  onRefused: (error: TandemError) => void,
): Strangers {
  const first = saidOnce(clock);
  const forgotten = unpaired();
  const short = (pin: string | null): string => pin?.slice(0, SHOWN_DIGITS) ?? '';

  function tell(address: string, code: ErrorCode, params: TandemError['params']): void {
    if (first(`${code} ${address}`)) onRefused({ code, params });
  }

  return {
    cameIn(address, why, pin) {
      if (why === 'otherKey') tell(address, 'peerKeyUnknown', { address, pin: short(pin) });
      if (!first(`in ${address}`)) return;
      log.warn({ address, why, pin: short(pin) }, 'a connection was refused');
    },
    answered({ host, port }, last, what) {
      const refused = what.kind === 'failed' && what.why === 'alpnRefused';
      if (host === last.host && port === last.port && forgotten.met(refused))
        onRefused({ code: 'pairingForgotten', params: { host, port } });
      if (what.kind === 'wire') return;
      if (what.kind === 'failed') {
        const { why, detail } = what;
        return log.debug({ host, port, why, detail }, 'a dial failed');
      }
      if (host === last.host && what.verdict === 'otherKey')
        tell(host, 'peerKeyChanged', { address: host, pin: short(what.pin) });
      if (!first(`out ${host}`)) return;
      log.warn({ host, port, why: what.verdict, pin: short(what.pin) }, 'somebody else answered a dial');
    },
    greeted(address, greeted) {
      if (greeted.kind === 'refused') {
        tell(address, greeted.error.code, greeted.error.params);
        if (first(`version ${address}`)) log.warn({ address, ...greeted.error }, 'no common version');
        return;
      }
      // One that only looks whether we answer says nothing and goes.
      if (greeted.why === 'closed') return;
      if (first(`hello ${address}`)) log.warn({ address, why: greeted.why }, 'no HELLO came of a connection');
    },
    anew: () => forgotten.anew(),
  };
}
