import type { ByeReason } from '../../src-shared/world/peer.ts';
import type { LinkParts } from './link-parts.ts';
import type { LinkHostEvent } from './link-ports.ts';

/** What happens to this host: a sleep or a shutdown is told to the other Mac at once (design decision 13). */
export function hear(parts: LinkParts, event: LinkHostEvent): void {
  switch (event) {
    case 'suspend':
      return sayBye(parts, 'sleep');
    case 'shutdown':
      return sayBye(parts, 'shutdown');
    case 'resume':
      parts.beat.resumed();
      void parts.watch.check().then(() => parts.presence.refresh());
      return parts.sessions.dialNow();
    case 'onAc':
    case 'onBattery':
    case 'thermal':
      return;
  }
}

/** Three datagrams and a frame; the datagrams have left when this returns. */
export function sayBye({ beat, sessions, state, ports }: LinkParts, reason: ByeReason): void {
  if (state.paired === null) return;
  const bye = { ...ports.farewell(reason), expectReturnSeconds: null };
  beat.bye(bye);
  sessions.current()?.send({ type: 'BYE', ...bye });
}

/** For the ten-minute picture: the longest gap since the last call, the silence that lasts included. */
export function noteGap({ beat, state, ports }: LinkParts): void {
  if (state.paired === null) return;
  const { gapSeries, silenceMs, phase } = beat.now();
  if (phase === 'never' || silenceMs === null) return;
  const recent = gapSeries.slice(-2).filter((gap) => gap !== null);
  ports.noteGap(Math.round(Math.max(silenceMs, ...recent)));
}
