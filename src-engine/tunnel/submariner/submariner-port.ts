import type { Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Tunnel, TunnelOperation } from '../../../src-shared/world/tunnel.ts';
import type { PreflightLine } from './preflight.ts';

export type SubmarinerLook = Pick<Tunnel, 'state' | 'problem' | 'submariner' | 'exports' | 'imports'>;

interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** What is wrong, line by line. */
export interface Examined {
  readonly lines: readonly PreflightLine[];
  /** Submariner's pods that are not ready. */
  readonly waiting: readonly { readonly name: string; readonly why: string }[];
}

/** Submariner between the pair's clusters, as the tunnel's room knows it. */
export interface Submariner {
  /** `joined`: this cluster is. `joining`: LAN mode has gone for it already. Null: LAN mode may be. */
  claim(): 'joined' | 'joining' | null;
  operation(): TunnelOperation | null;
  /** What a crash, or an undo that failed, left half done; null: nothing. */
  leftover(): Problem | null;
  /** An ID under which this Mac has left, and that the broker may still know; null: none. */
  entriesLeft(): string | null;
  /** One look at the cluster's own word. */
  settle(): Promise<SubmarinerLook>;
  /** What is half done is undone or finished, when its cluster is there; each round asks. */
  mend(): Promise<void>;
  broker(): Promise<Result<void>>;
  join(clusterId: string | undefined): Promise<Result<void>>;
  leave(): Promise<Result<void>>;
  /** On the core: what the broker knows of a cluster that is gone for good. */
  forgetStale(clusterId: string): Promise<Result<void>>;
  cancel(): Result<void>;
  add(service: Place): Promise<Result<void>>;
  remove(service: Place): Promise<Result<void>>;
  /** Looks at every line of pre-flight anew. */
  examine(): Promise<Examined>;
  /** Of a TUNNEL frame; false: it is not of Submariner. */
  heard(payload: unknown): boolean;
  heardSecret(name: string, value: string): void;
  /** A session is current: what was said in the one before may be lost. */
  sessionBegan(): void;
  dispose(): Promise<void>;
}
