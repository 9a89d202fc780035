import type { Result } from '../../src-shared/errors/result.ts';
import type { Peer } from '../../src-shared/world/peer.ts';
import type { Beat } from './beat/beat-ports.ts';
import type { Trace } from './beat/trace.ts';
import type { BreakKeeper, RunningProbes } from './break-keeper.ts';
import type { Discovery } from './discovery/discovery.ts';
import type { LinkCourier, LinkPorts } from './link-ports.ts';
import type { LinkState } from './link-state.ts';
import type { NetworkWatch } from './network/network-watch.ts';
import type { PairingRoom } from './pairing/pairing-room.ts';
import type { PairedPeer } from './ports.ts';
import type { SettledRole } from './pairing/roles.ts';
import type { PeerCommands } from './peer-commands.ts';
import type { Presence } from './presence.ts';
import type { LinkSessions } from './session/sessions.ts';
import type { StatusTeller } from './status-teller.ts';

/** Who the other Mac is: `identity/peer.json`, and what follows when it changes. */
export interface PeerKeeper {
  /** After both said yes. Throws a TandemFailure when it cannot be kept: then nobody is paired. */
  store(peer: PairedPeer, ownRole: SettledRole): Promise<void>;
  /** A new address, port, minor version or network of the same Mac. */
  update(part: Partial<PairedPeer>): Promise<void>;
  /** Forgets it. `told`: the other Mac said so, or this one tells it. */
  unpair(why: 'here' | 'there'): Promise<Result<null>>;
}

/** Carries the hand-off's messages and tells it what becomes of the link; understands neither. */
export interface CourierPart extends LinkCourier {
  /** A HANDOFF frame came. */
  heard(payload: unknown): void;
  /** A TUNNEL frame came. */
  heardTunnel(payload: unknown): void;
  /** A SECRET frame came. */
  heardSecret(name: string, value: string): void;
  /** A LEAVE_NOW datagram came; once for each. */
  heardLeave(payload: Buffer): void;
  /** A phase, a class or a session is another one. */
  changed(what: 'phase' | 'session'): void;
}

/** The parts of the link room, as they know each other. */
export interface LinkParts {
  readonly ports: LinkPorts;
  readonly state: LinkState;
  readonly watch: NetworkWatch;
  readonly sessions: LinkSessions;
  readonly beat: Beat;
  /** Starts a round of probes. */
  probes(): RunningProbes;
  readonly breaks: BreakKeeper;
  readonly peers: PeerKeeper;
  readonly presence: Presence;
  readonly pairing: PairingRoom;
  readonly discovery: Discovery;
  readonly teller: StatusTeller;
  readonly commands: PeerCommands;
  readonly courier: CourierPart;
  /** While a person has heartbeats recorded. */
  trace: Trace | null;
  /** Writes `link` and `peer` of the World, and tells the latter. */
  publish(): Peer | null;
}
