import type { Role } from '../../src-shared/world/role.ts';
import type { BeatEvents } from './beat/beat-ports.ts';
import { gatewayAlive } from './classify/looks.ts';
import type { LinkParts } from './link-parts.ts';
import { systemNetworkSource } from './network/own-network.ts';
import type { Frame, Session, SessionEnd, SessionEvents } from './ports.ts';

/** What the session hears reaches the parts that care. */
export function sessionEvents(parts: LinkParts): SessionEvents {
  const { ports, state } = parts;
  return {
    onSession: (session) => sessionBegan(parts, session),
    onEnd(how) {
      parts.beat.clearSession();
      parts.teller.setSession(null);
      if (seemsDead(how)) parts.beat.hint();
      parts.discovery.browse(wantsToFind(parts));
    },
    onFrame: (frame) => heard(parts, frame),
    onRefused(error) {
      ports.log.warn({ error }, 'refused on the link');
      // A stranger at the door is no problem of this Mac's; a pairing that no longer fits is.
      if (error.code === 'peerKeyUnknown') return;
      state.peerProblem = error;
      parts.publish();
    },
  };
}

/** FIN or RST without a good-bye: its program may have died. */
function seemsDead(how: SessionEnd): boolean {
  return how === 'closed' || how === 'protocol';
}

export function wantsToFind({ state, sessions, ports }: LinkParts): boolean {
  return ports.settings().discovery && state.listening !== null && sessions.current() === null;
}

function sessionBegan(parts: LinkParts, session: Session): void {
  const { state, ports, beat } = parts;
  const { paired } = state;
  if (paired === null) return;
  if (session.peer.role === ports.role()) return refuseEqual(parts, session.peer.role);
  state.peerProblem = null;
  const isMoved = paired.address !== session.remoteAddress && beat.now().phase !== 'never';
  if (isMoved) noteMove(parts, 'peer', paired.address, session.remoteAddress);
  void parts.peers.update({ address: session.remoteAddress, port: session.remotePort });
  state.bye = null;
  // What was doubted is answered. Should this one die silently too, the room doubts it again.
  parts.sessions.setDoubt(false);
  parts.breaks.onHello(session.peer);
  const port = state.listening?.port ?? ports.settings().port;
  beat.setSession(
    session,
    { address: session.localAddress, port },
    { address: session.remoteAddress, port: session.remotePort },
  );
  parts.teller.setSession(session);
  parts.discovery.browse(false);
  void learn(parts, session.remoteAddress);
  parts.publish();
  parts.courier.changed('session');
}

/** A person changed the setting after pairing: two of a kind cannot agree who keeps the traffic. */
function refuseEqual(parts: LinkParts, role: Role): void {
  const { state, sessions, beat, breaks, teller } = parts;
  state.peerProblem = { code: 'rolesEqual', params: { role } };
  sessions.setPeer(null);
  teller.setSession(null);
  // Else their heartbeats would go on by the keys of before, and show a link that is up.
  beat.forget();
  breaks.forget();
  parts.courier.changed('phase');
  parts.publish();
}

function noteMove(parts: LinkParts, who: 'self' | 'peer', from: string, to: string): void {
  parts.state.moved = { who, from, to, atMs: parts.ports.clock.monotonicMs() };
  parts.ports.history.add({
    kind: 'link.roamed',
    what: who === 'peer' ? `the other Mac moved to ${to}` : `this Mac moved to ${to}`,
    evidence: { name: parts.state.told?.status.name ?? parts.state.paired?.name ?? null, who, from, to },
  });
}

/**
 * While all is well: the hardware address, for which another one may answer later (a sleep proxy), and whether this
 * router answers at all, since the silence of one that never does says nothing.
 */
async function learn(parts: LinkParts, address: string): Promise<void> {
  const { ports, state } = parts;
  state.gatewayAnswers = gatewayAlive(await parts.probes().done);
  const known = await systemNetworkSource(ports.os, ports.tools).neighbours(address);
  state.peerMac = known.find((entry) => entry.address === address)?.mac ?? state.peerMac;
}

/** A router that did not answer when the session began may have been away itself. */
export function relearnRouter(parts: LinkParts): void {
  const session = parts.sessions.current();
  if (session !== null && parts.state.gatewayAnswers !== true) void learn(parts, session.remoteAddress);
}

function heard(parts: LinkParts, frame: Frame): void {
  const { state, ports, commands, beat } = parts;
  switch (frame.type) {
    case 'STATUS':
      if (frame.status.role === ports.role()) return refuseEqual(parts, frame.status.role);
      state.told = { status: frame.status, at: ports.clock.wall().toISOString() };
      parts.breaks.look();
      parts.publish();
      return;
    case 'BYE':
      // What TCP held back through a break is of before it: a Mac that leaves now says so by datagrams too.
      if (beat.now().phase === 'down') return;
      return beat.heardBye(frame);
    case 'UNPAIR':
      return void parts.peers.unpair('there').then((gone) => {
        if (!gone.ok) ports.log.error({ error: gone.error }, 'the other Mac unpaired; this one could not');
      });
    case 'CMD':
      return commands.onAsked(frame);
    case 'CMD_RESULT':
      return commands.onResult(frame);
    case 'EVENT':
      return ports.log.info({ class: frame.class, sinceMs: frame.sinceMs }, 'the other Mac sees');
    case 'HANDOFF':
      return parts.courier.heard(frame.payload);
    case 'TUNNEL':
      return parts.courier.heardTunnel(frame.payload);
    case 'SECRET':
      return parts.courier.heardSecret(frame.name, frame.value);
  }
}

/** What the heartbeat notices reaches the parts that care. */
export function beatEvents(parts: LinkParts): BeatEvents {
  const { state, ports } = parts;
  return {
    onPhase(detection) {
      if (detection.phase === 'up') Object.assign(state, { bye: null, sendError: null });
      if (detection.phase === 'left') state.bye = detection.byeReason;
      // A connection through a break may never notice it; a new one brings what the other Mac saw.
      parts.sessions.setDoubt(detection.phase === 'down');
      parts.breaks.onPhase(detection);
    },
    onBye: (bye) => ports.log.info({ reason: bye.reason }, 'the other Mac says good-bye'),
    onLeaveNow(payload) {
      ports.log.info('the other Mac must leave now');
      parts.courier.heardLeave(payload);
    },
    onFacts: () => parts.breaks.look(),
    onOwnPause: (pause) => ports.log.info(pause, 'this process stood still'),
    onUnbound(code) {
      const isTaken = code === 'EADDRINUSE';
      const { address = '', port = 0 } = state.listening ?? {};
      state.socketProblem = isTaken ? { code: 'linkPortTaken', params: { address, port } } : null;
      parts.publish();
    },
    onSendError(code) {
      // A port that somebody else holds says nothing of this Mac's network.
      if (code === 'EADDRINUSE') return;
      // Each beat may fail: the network is read anew for the first alone, and by its watch.
      if (state.sendError?.code !== code) void parts.watch.check();
      state.sendError = { code, atMs: ports.clock.monotonicMs() };
    },
  };
}

/** The network of this Mac is another one. */
export function networkChanged(parts: LinkParts, before: string | null, now: string | null): void {
  const { state, beat } = parts;
  const isMoved = before !== null && before !== now;
  if (isMoved && now !== null && state.paired !== null) noteMove(parts, 'self', before, now);
  if (isMoved) parts.pairing.interrupt({ code: 'noNetwork', params: {} });
  if (now !== null) state.sendError = null;
  // Nothing will be heard: that is looked at now, not after a silence.
  if (now === null) beat.hint();
  void parts.presence.refresh().then(() => parts.sessions.dialNow());
  parts.breaks.networkChanged();
}
