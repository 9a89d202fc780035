import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { PeerCommand } from '../../src-shared/commands/peer.ts';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import type { Result } from '../../src-shared/errors/result.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { BreakClass, ByeReason, LinkState, OwnLink, Peer } from '../../src-shared/world/peer.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Clock, Scheduler } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Tools } from '../platform/tools.ts';
import type { BeatFacts, PeerStatus } from './ports.ts';

/** What the link tells a person; the notices room decides how. */
export type LinkHappening =
  | {
      readonly type: 'peer';
      readonly kind:
        'peerLost' | 'peerWeak' | 'peerLeft' | 'peerBack' | 'peerUnpaired' | 'networkAsked' | 'pairingAsked';
      readonly params: Readonly<Record<string, string | number>>;
    }
  /** What notices of the category told is over. */
  | { readonly type: 'settled'; readonly category: 'link' | 'pairing' | 'digits' };

export interface LinkHistory {
  /** Appends; the record's id at once. */
  add(entry: {
    readonly kind: string;
    readonly what: string;
    readonly why?: string | null;
    readonly evidence?: Readonly<Record<string, unknown>>;
    readonly corrects?: string;
  }): string;
  /** What was added is on disk. */
  settled(): Promise<void>;
  /** Newest first. */
  records(): AsyncIterable<HistoryRecord>;
}

/** Everything that the link needs of the engine. */
export interface LinkPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly tools: Tools;
  readonly os: NodeJS.Platform;
  readonly log: Logger;
  /** `identity/` of the home: key, certificate, pin. */
  readonly identityFolder: string;
  readonly logsFolder: string;
  readonly bootId: string;
  readonly version: string;
  settings(): Settings['link'];
  role(): Role;
  hasBattery(): boolean;
  /** What this Mac tells the other of itself. */
  own(): PeerStatus;
  facts(): BeatFacts;
  publish(link: OwnLink, peer: Peer | null): void;
  /** The longest gap between two signs of life since the last call. */
  noteGap(gapMs: number): void;
  readonly history: LinkHistory;
  tell(happening: LinkHappening): void;
  setRole(role: Exclude<Role, 'single'>): Promise<Result<unknown>>;
  /** The other Mac asks for something on the allow-list. */
  act(command: PeerCommand, name: string | null): Promise<Result<unknown>>;
  /** What a good-bye for this reason says: a departure knows better why, and whether its drain is over. */
  farewell(reason: ByeReason): { readonly reason: ByeReason; readonly drainDone: boolean };
}

/** What the link says to those who have no heartbeat of their own. */
export interface LinkFact {
  readonly state: LinkState;
  readonly class: BreakClass | null;
  /** Only with `left`. */
  readonly byeReason: ByeReason | null;
  /** Since the last sign of life, milliseconds. */
  readonly silenceMs: number | null;
}

export interface LinkListener {
  /** The state or the class is another one. */
  onFact(fact: LinkFact): void;
  /** A session is current: the first, or a newer one. What was sent into the one before may be lost. */
  onSession(fact: LinkFact): void;
  /** Of a HANDOFF frame: authenticated, and junk until parsed. */
  onPayload(payload: unknown): void;
  /** Of a TUNNEL frame: authenticated, and junk until parsed. */
  onTunnel?(payload: unknown): void;
  /** Of a SECRET frame: authenticated. It is used once, and never logged. */
  onSecret?(name: string, value: string): void;
  /** Of a LEAVE_NOW datagram, at most 24 bytes; once for each. */
  onLeaveNow(payload: Buffer): void;
}

/** The link as the hand-off uses it. */
export interface LinkCourier {
  /** A HANDOFF frame over the session; false when there is none, or its buffer is full. */
  send(payload: unknown): boolean;
  /** The same as a TUNNEL frame; a Tandem that does not know them passes it over. */
  sendTunnel(payload: unknown): boolean;
  /** A SECRET frame: used once, never logged; at most 48 KiB. */
  sendSecret(name: string, value: string): boolean;
  /** By datagram, repeated for 1 s until acknowledged; false at once when it is longer than 24 bytes. */
  leaveNow(payload: Buffer): Promise<boolean>;
  fact(): LinkFact;
  /** Asks the other Mac's engine to act: `peerAway`, or its own refusal as it said it. */
  ask(command: PeerCommand, name: string | null): Promise<Result<void>>;
  /** Returns a function that ends it. */
  subscribe(listener: LinkListener): () => void;
}

export type LinkHostEvent = 'suspend' | 'resume' | 'shutdown' | 'onAc' | 'onBattery' | 'thermal';

type LinkMethod =
  | 'pair.open'
  | 'pair.dial'
  | 'pair.answer'
  | 'pair.cancel'
  | 'pair.nearby'
  | 'peer.unpair'
  | 'peer.get'
  | 'peer.breaks'
  | 'peer.record'
  | 'peer.ask'
  | 'peer.network';
export type LinkHandlers = Pick<Handlers<Caller>, LinkMethod>;

export interface LinkRoom {
  readonly handlers: LinkHandlers;
  readonly courier: LinkCourier;
  hostEvent(event: LinkHostEvent): void;
  /** Somebody looks: round trip and silence are published each second. */
  setLive(live: boolean): void;
  /** Publishes the ages of this moment. */
  refreshAges(): void;
  /** What `own` or `facts` tell changed. */
  ownChanged(): void;
  settingsChanged(): void;
  dispose(): Promise<void>;
}
