import type { Result } from '../../../src-shared/errors/result.ts';
import type { Pairing } from '../../../src-shared/world/peer.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import type { Clock, Scheduler } from '../../platform/clock.ts';
import type { Identity, PairedPeer, Sessions } from '../ports.ts';
import type { MinorRange } from '../session/version.ts';
import type { SettledRole } from './roles.ts';

/** What pairing needs of the link and of the engine. */
export interface PairingPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly identity: Identity;
  readonly sessions: Pick<Sessions, 'setPairing' | 'dialForPairing'>;
  /** The minor protocol versions that this program speaks. */
  readonly minors: MinorRange;
  /** `identity/pairing-lock.json`. */
  readonly lockFile: string;
  /** Listens if it does not yet. Who stops it again looks at what `publish` tells. */
  ensureListening(): Promise<Result<{ address: string; port: number }>>;
  /** `port`: where this Mac listens for the link. */
  own(): { name: string; role: Role; hasBattery: boolean; port: number };
  paired(): PairedPeer | null;
  /** Keeps the other Mac and this one's role; may reject with a TandemFailure. */
  store(peer: PairedPeer, ownRole: SettledRole): Promise<void>;
  /** Key of the router of this network; null when there is none. */
  homeRouter(): string | null;
  /** Called on every change; null when there is nothing to show. */
  publish(pairing: Pairing | null): void;
}
