import { randomUUID } from 'node:crypto';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { Peer } from '../../src-shared/world/peer.ts';
import { createBeat } from './beat/beat.ts';
import { createBreakKeeper, type BreakKeeper } from './break-keeper.ts';
import { createCourier } from './courier.ts';
import { candidates } from './discovery/candidates.ts';
import { createDiscovery } from './discovery/discovery.ts';
import { sayBye } from './host-events.ts';
import { beatEvents, networkChanged, sessionEvents, wantsToFind } from './link-events.ts';
import { linkFacts } from './link-facts.ts';
import { createLinkNotices } from './link-notices.ts';
import type { LinkParts } from './link-parts.ts';
import type { LinkPorts } from './link-ports.ts';
import { newLinkState, ownLinkSlice } from './link-state.ts';
import { routerKey } from './network/home-network.ts';
import { ownAddresses, systemNetworkSource } from './network/own-network.ts';
import { watchNetwork } from './network/network-watch.ts';
import { pairingHappening } from './pairing/pairing-notice.ts';
import { createPairing, type PairingRoom } from './pairing/pairing-room.ts';
import { createPeerCommands } from './peer-commands.ts';
import { createPeerKeeper } from './peer-keeper.ts';
import { peerProbes } from './peer-probes.ts';
import { peerSlice } from './peer-slice.ts';
import type { HelloData, Identity, PairedPeer } from './ports.ts';
import { createPresence, type Presence } from './presence.ts';
import { createSessions, type Candidate } from './session/sessions.ts';
import { PROTO_MAX, PROTO_MIN } from './session/version.ts';
import { createStatusTeller } from './status-teller.ts';

/** Builds the parts and lets them know each other. None calls another before all stand. */
export function buildParts(ports: LinkPorts, identity: Identity, paired: PairedPeer | null): LinkParts {
  const { clock, scheduler, log } = ports;
  const state = newLinkState(identity, paired);
  const appStartId = randomUUID();
  // They name each other in callbacks: the record is filled below, before any of them runs.
  const parts = { ports, state, trace: null } as unknown as LinkParts;
  return Object.assign(parts, {
    publish() {
      const peer = peerOf(parts);
      ports.publish(ownLinkSlice(state), peer);
      return peer;
    },
    sessions: createSessions({
      identity,
      clock,
      scheduler,
      log,
      hello: () => helloOf(parts, appStartId),
      candidates: () => candidatesOf(parts),
      events: sessionEvents(parts),
      rememberMinor: (minor) => void parts.peers.update({ minor }),
    }),
    beat: createBeat({
      clock,
      scheduler,
      facts: ports.facts,
      limits: ports.settings,
      onBattery: () => ports.facts().onAC === false,
      record: (input, phase) => parts.trace?.record(input, phase),
      events: beatEvents(parts),
    }),
    probes: peerProbes(parts),
    breaks: breaksOf(parts),
    peers: createPeerKeeper(parts),
    presence: presenceOf(parts),
    pairing: pairingOf(parts),
    discovery: createDiscovery({ scheduler, tools: ports.tools, os: ports.os, log }),
    teller: createStatusTeller({ clock, scheduler, own: ports.own }),
    commands: createPeerCommands({ scheduler, session: () => parts.sessions.current(), act: ports.act }),
    courier: createCourier(parts),
    watch: watchNetwork({
      clock,
      scheduler,
      source: systemNetworkSource(ports.os, ports.tools),
      wish: () => ({ setting: ports.settings().address, peerAddress: state.paired?.address ?? null }),
      onChange: ({ before, now }) => networkChanged(parts, before?.address ?? null, now?.address ?? null),
    }),
  });
}

function peerOf({ ports, state, beat, breaks }: LinkParts): Peer | null {
  if (state.paired === null) return null;
  return peerSlice(state.paired, ports.role(), breaks.verdict(), beat.now(), state.told);
}

function helloOf({ ports, beat }: LinkParts, appStartId: string): HelloData {
  const { pauses, gaps, lastSeqSeen } = beat.now();
  const { name, role } = ports.own();
  return {
    protoMin: PROTO_MIN,
    protoMax: PROTO_MAX,
    app: ports.version,
    name,
    role,
    bootId: ports.bootId,
    appStartId,
    uptimeSeconds: Math.round(uptime()),
    pauses,
    gaps,
    lastSeqSeen,
    features: [],
  };
}

function candidatesOf({ state, discovery }: LinkParts): readonly Candidate[] {
  const { paired } = state;
  if (paired === null) return [];
  const { address = '', port = 0 } = state.listening ?? {};
  return candidates({
    lastGood: { host: paired.address, port: paired.port },
    typed: null,
    found: discovery.found(),
    pin: paired.pin,
    own: ownAddresses().map((own) => ({ host: own.address, port: own.address === address ? port : 0 })),
  });
}

function breaksOf(parts: LinkParts): BreakKeeper {
  const { ports, state } = parts;
  const { clock, scheduler, history } = ports;
  const peerName = (): string => state.told?.status.name ?? state.paired?.name ?? '?';
  const notices = createLinkNotices({
    clock,
    scheduler,
    peerName,
    waitMs: () => ports.settings().noticeSeconds * 1000,
    tell: ports.tell,
  });
  return createBreakKeeper({
    clock,
    scheduler,
    history,
    notices,
    peerName,
    startProbes: () => parts.probes(),
    facts: () =>
      linkFacts({
        os: ports.os,
        limits: ports.settings(),
        nowMs: clock.monotonicMs(),
        beat: parts.beat.now(),
        sessionUp: parts.sessions.current() !== null,
        bye: state.bye,
        sendError: state.sendError,
        moved: state.moved,
        gatewayUsuallyAnswers: state.gatewayAnswers,
      }),
    pauses: () => parts.beat.now().pauses,
    crashed: () => parts.beat.crashed(),
    changed: () => {
      // First who acts upon it: what screens show can wait for a millisecond.
      parts.courier.changed('phase');
      parts.publish();
    },
  });
}

/** Until a router's MAC address is read anew. */
const AGAIN_MS = 1500;

function presenceOf(parts: LinkParts): Presence {
  const { ports, state } = parts;
  const { scheduler } = ports;
  return createPresence({
    state,
    sessions: {
      listen: (address, port) => parts.sessions.listen(address, port),
      stopListening: () => parts.sessions.stopListening(),
      setPeer: (peer) => parts.sessions.setPeer(peer),
      dialNow: () => parts.sessions.dialNow(),
    },
    port: () => ports.settings().port,
    network: () => parts.watch.check(),
    ask: () =>
      ports.tell({
        type: 'peer',
        kind: 'networkAsked',
        params: { router: state.network?.gateway ?? state.network?.interfaceName ?? '?' },
      }),
    answered: () => ports.tell({ type: 'settled', category: 'pairing' }),
    sayBye: () => sayBye(parts, 'otherNetwork'),
    lookAway() {
      parts.beat.forget();
      parts.breaks.forget();
      parts.courier.changed('phase');
    },
    isHeard: () => parts.beat.now().phase === 'up',
    again: () => void scheduler.after(AGAIN_MS, () => void parts.presence.refresh()),
    announce: () => announce(parts),
    changed: () => parts.publish(),
  });
}

function announce(parts: LinkParts): void {
  const { ports, state, discovery } = parts;
  const { listening, pairing } = state;
  const isPairing = pairing?.stage === 'listening';
  const shows = listening !== null && ports.settings().discovery;
  const { name } = ports.own();
  discovery.announce(shows ? { ...listening, name, pin: state.identity.pin, pairing: isPairing } : null);
  discovery.browse(wantsToFind(parts));
}

function pairingOf(parts: LinkParts): PairingRoom {
  const { ports, state } = parts;
  const { clock, scheduler } = ports;
  return createPairing({
    clock,
    scheduler,
    identity: state.identity,
    sessions: {
      setPairing: (accept) => parts.sessions.setPairing(accept),
      dialForPairing: (host, port) => parts.sessions.dialForPairing(host, port),
    },
    minors: { min: PROTO_MIN, max: PROTO_MAX },
    lockFile: join(ports.identityFolder, 'pairing-lock.json'),
    ensureListening: () => parts.presence.ensureListening(),
    own: () => ({
      name: ports.own().name,
      role: ports.role(),
      hasBattery: ports.hasBattery(),
      port: state.listening?.port ?? ports.settings().port,
    }),
    paired: () => state.paired,
    store: (peer, ownRole) => parts.peers.store(peer, ownRole),
    homeRouter: () => (state.network === null ? null : routerKey(state.network)),
    publish(pairing) {
      const stages = [state.pairing?.stage, pairing?.stage];
      const happening = pairingHappening(state.pairing, pairing);
      state.pairing = pairing;
      parts.publish();
      if (happening !== null) ports.tell(happening);
      // Its beginning and end decide where this Mac listens, and what it announces.
      if (stages[0] !== stages[1]) void parts.presence.refresh();
    },
  });
}
