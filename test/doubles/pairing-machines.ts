import type { PairFrame } from '../../src-engine/link/pairing/pairing-frames.ts';
import { noPairing, step } from '../../src-engine/link/pairing/pairing-machine.ts';
import type {
  PairingContext,
  PairingEffect,
  PairingEvent,
} from '../../src-engine/link/pairing/pairing-state.ts';

export const PINS = { listener: '11'.repeat(32), dialler: '22'.repeat(32), stranger: '33'.repeat(32) };
export const context = (pin: string, own: Partial<PairingContext['own']> = {}): PairingContext => ({
  own: {
    pin,
    name: 'Mac',
    role: 'single',
    hasBattery: false,
    port: 47_321,
    minors: { min: 0, max: 3 },
    ...own,
  },
  paired: null,
});
export const wireTo = (
  remotePin: string,
  incoming: boolean,
  ownNonce = 'aa'.repeat(32),
  exporter = Buffer.alloc(32, 1),
): PairingEvent => ({
  type: 'wire',
  incoming,
  wire: { remotePin, remoteAddress: '192.0.2.7', exporter, ownNonce },
});
export const open: PairingEvent = { type: 'open', listening: '192.0.2.1:47321' };
export const dial: PairingEvent = { type: 'dial', host: '192.0.2.7', port: 47_321 };
export const frame = (content: unknown): PairingEvent => ({ type: 'frame', frame: content });

/** One side, with all its effects. */
export function machine(own: PairingContext) {
  let now = 0;
  const effects: PairingEffect[] = [];
  const side = {
    state: noPairing,
    effects,
    context: own,
    do(...events: PairingEvent[]) {
      for (const event of events) {
        const next = step(side.state, event, side.context, now);
        side.state = next.state;
        effects.push(...next.effects);
      }
      return side;
    },
    later(ms: number) {
      now += ms;
      return side.do({ type: 'time' });
    },
    sent: () => effects.flatMap((effect) => (effect.type === 'send' ? [effect.frame] : [])),
    took: (type: PairingEffect['type']) => effects.filter((effect) => effect.type === type).length,
    error: () => (side.state.stage === 'failed' ? side.state.error : null),
    digits: () => ('known' in side.state ? (side.state.known?.digits ?? null) : null),
  };
  return side;
}
export type Machine = ReturnType<typeof machine>;

export const last = (side: Machine): PairFrame => side.sent().at(-1) as PairFrame;

export function comparing(
  ofListener: Partial<PairingContext['own']> = {},
  ofDialler: Partial<PairingContext['own']> = {},
) {
  const listener = machine(context(PINS.listener, { name: 'Core', ...ofListener })).do(open);
  const dialler = machine(context(PINS.dialler, { name: 'Edge', ...ofDialler })).do(dial);
  listener.do(wireTo(PINS.dialler, true, 'bb'.repeat(32)));
  dialler.do(wireTo(PINS.listener, false));
  listener.do(frame(last(dialler)));
  if (last(listener)?.type !== 'NONCE') {
    dialler.do(frame(last(listener)));
    return { listener, dialler };
  }
  dialler.do(frame(last(listener)));
  listener.do(frame(last(dialler)));
  return { listener, dialler };
}
