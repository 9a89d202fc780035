import type { Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Tunnel, TunnelOperation } from '../../../src-shared/world/tunnel.ts';
import type { MeshLine } from './preflight.ts';

export type CiliumLook = Pick<Tunnel, 'state' | 'problem' | 'cilium' | 'exports' | 'imports'>;

export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** Cilium Cluster Mesh between the pair's clusters, as the tunnel's room knows it. */
export interface Cilium {
  /** `joined`: this cluster is told to connect to the other Mac's. Null: as far as was seen last, it is not. */
  claim(): 'joined' | null;
  /** Cilium is in both clusters, and its tool on this Mac: it could connect them. */
  couldJoin(): boolean;
  operation(): TunnelOperation | null;
  leftover(): Problem | null;
  /** One look, of each round: what `claim` and `couldJoin` say is as old as it. */
  notice(): Promise<void>;
  /** What of it is shown; the Services that stand for the other Mac's are put right. */
  settle(): Promise<CiliumLook>;
  /** What is half done is undone or finished, and what has no use any more goes; each round asks. */
  mend(): Promise<void>;
  join(): Promise<Result<void>>;
  leave(): Promise<Result<void>>;
  cancel(): Result<void>;
  add(service: Place): Promise<Result<void>>;
  remove(service: Place): Promise<Result<void>>;
  /** Looks at every line of pre-flight anew. */
  examine(): Promise<readonly MeshLine[]>;
  /** Of a TUNNEL frame; false: it is not of Cilium. */
  heard(payload: unknown): boolean;
  /** Of a SECRET frame; false: it is not of Cilium. */
  heardSecret(name: string, value: string): boolean;
  sessionBegan(): void;
  dispose(): Promise<void>;
}
