import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { PeerCommand } from '../../src-shared/commands/peer.ts';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import type { Result } from '../../src-shared/errors/result.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { OwnLink, Peer } from '../../src-shared/world/peer.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Clock, Scheduler } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Tools } from '../platform/tools.ts';
import type { BeatFacts, PeerStatus } from './ports.ts';

/** What the link tells a person; the notices room decides how. */
export type LinkHappening =
  | {
      readonly type: 'peer';
      readonly kind: 'peerLost' | 'peerWeak' | 'peerLeft' | 'peerBack' | 'peerUnpaired' | 'networkAsked';
      readonly params: Readonly<Record<string, string | number>>;
    }
  /** What notices of the category told is over. */
  | { readonly type: 'settled'; readonly category: 'link' | 'pairing' };

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
