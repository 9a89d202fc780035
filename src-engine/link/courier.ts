import { assertNever } from '../../src-shared/assert-never.ts';
import { MAX_LEAVE_BYTES } from './beat/datagram.ts';
import type { CourierPart, LinkParts } from './link-parts.ts';
import type { LinkFact, LinkListener } from './link-ports.ts';

export function createCourier(parts: LinkParts): CourierPart {
  const listeners = new Set<LinkListener>();
  // One who fails must not keep the word from the others, nor end what the link was doing.
  const each = (tell: (listener: LinkListener) => void): void => {
    for (const listener of listeners)
      try {
        tell(listener);
      } catch (error) {
        parts.ports.log.error({ error: String(error) }, 'a listener of the link failed');
      }
  };
  return {
    send: (payload) => parts.sessions.current()?.send({ type: 'HANDOFF', payload }) ?? false,
    sendTunnel: (payload) => parts.sessions.current()?.send({ type: 'TUNNEL', payload }) ?? false,
    sendSecret: (name, value) => parts.sessions.current()?.send({ type: 'SECRET', name, value }) ?? false,
    leaveNow: async (payload) =>
      payload.length <= MAX_LEAVE_BYTES &&
      parts.state.paired !== null &&
      (await parts.beat.leaveNow(payload)),
    fact: () => factOf(parts),
    ask: (command, name) => parts.commands.request(command, name),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    heard: (payload) => each(({ onPayload }) => onPayload(payload)),
    heardTunnel: (payload) => each((listener) => listener.onTunnel?.(payload)),
    heardSecret: (name, value) => each((listener) => listener.onSecret?.(name, value)),
    heardLeave: (payload) => each(({ onLeaveNow }) => onLeaveNow(payload)),
    changed(what) {
      const fact = factOf(parts);
      each(({ onFact, onSession }) => {
        switch (what) {
          case 'phase':
            return onFact(fact);
          case 'session':
            return onSession(fact);
          default:
            return assertNever(what);
        }
      });
    },
  };
}

function factOf({ beat, breaks, state }: LinkParts): LinkFact {
  const { phase, silenceMs } = beat.now();
  const verdict = breaks.verdict();
  // The verdict follows the phase; what it says of another phase is of before.
  const isSame = verdict.link === phase;
  return {
    state: phase,
    class: isSame ? verdict.class : null,
    byeReason: phase === 'left' ? (state.bye ?? verdict.byeReason) : null,
    silenceMs,
  };
}
