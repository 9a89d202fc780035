import type { Result } from '../../src-shared/errors/result.ts';
import type { FrontKind, Problem, Shares } from '../../src-shared/world/traffic.ts';

/** What the parts of the traffic room know of each other: types only. */

/** `HOST:PORT` in two. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** This Mac's half of the pair's identity, and the certificate that the other end must show. Files are 0600. */
export interface PairTls {
  /** Certificate and key of this Mac in one PEM file. */
  readonly ownPemFile: string;
  /** The other Mac's certificate; its SPKI is the pin. */
  readonly peerPemFile: string;
  /** SHA-256 of the other Mac's SPKI, hex. */
  readonly peerPin: string;
}

/** Everything a front is started with. `edge` is null until the edge said where its gate is. */
export interface FrontConfig {
  readonly listen: Address;
  readonly core: Address & { readonly healthPath: string };
  readonly edge: (Address & { readonly tls: PairTls }) | null;
  /**
   * Behind a gateway that deals itself: what comes to `listen` is the core's, and what comes here the edge's, as long as
   * the edge has a share at all. Only the embedded front knows it.
   */
  readonly edgeListen?: Address | undefined;
  /** Networks that may come, `ADDRESS/BITS`; absent: anybody. Only the embedded front knows it. */
  readonly allow?: readonly string[] | undefined;
}

/** The live shares, and, where the front knows it, who else wrote them last. */
export interface SharesRead extends Shares {
  readonly who?: string | undefined;
}

/** Cumulative, per side, since this front's process began. */
export interface FrontSide {
  readonly requests: number;
  readonly failures: number;
  readonly retried: number;
  readonly inFlight: number;
  /** What the front's own checks say; null when it has none or has not looked. */
  readonly up: boolean | null;
}
export interface FrontCounters {
  /** Changes when the front's process does: counters began anew. */
  readonly generation: string;
  readonly core: FrontSide;
  readonly edge: FrontSide;
}

/** How the front deals: it decides the number of probes that prove a weight (research/measured.md, Gateway API 4). */
export type Dealing = 'random' | 'in-turn';

/** One kind of front, as a process of its own. Three implementations stand: haproxy/, embedded/, gateway-api/. */
export interface FrontAdapter {
  readonly kind: FrontKind;
  readonly dealing: Dealing;
  /** Adopts the process that `run/front.json` names, or starts one with these weights. Never restarts what it adopts. */
  open(config: FrontConfig, shares: Shares): Promise<Result<'adopted' | 'started'>>;
  /** Takes another configuration without losing a request where the port stays. */
  reconfigure(config: FrontConfig, shares: Shares): Promise<Result<void>>;
  read(): Promise<Result<SharesRead>>;
  /**
   * Writes, the rising side first, and reads back.
   *
   * @param expectOld what `read` said when this was decided: a front that others can write, too, refuses
   *   (`weightConflict`) when it is not that any more; absent: whatever stands there
   */
  set(shares: Shares, expectOld?: Shares): Promise<Result<Shares>>;
  counters(): Promise<Result<FrontCounters>>;
  /** The edge is dead: nothing new goes there from now on, what may be sent again is, what cannot is reset. */
  dead(): Promise<
    Result<{ readonly resent: number; readonly cut: readonly CutRequest[]; readonly cutCount: number }>
  >;
  /** The edge may be used again: at weight 0, without a connection of before. */
  revive(): Promise<Result<void>>;
  /** Told once per change: up, or why not. */
  onState(listener: (state: { readonly up: boolean; readonly problem: Problem | null }) => void): void;
  pid(): number | null;
  /** `keep`: the process goes on and the next engine adopts it. */
  dispose(how: 'keep' | 'stop'): Promise<void>;
}

export interface CutRequest {
  readonly method: string;
  readonly path: string;
  readonly ageMs: number;
}

/** Answers of a front of ours carry this header: `core` or `edge`. */
export const BACKEND_HEADER = 'x-tandem-backend';
/** Requests of ours that prove or measure something carry it, and are not counted as traffic. */
export const PROBE_HEADER = 'x-tandem-probe';
/** Its value in probes of an engine. */
export const ENGINE_PROBE = 'engine';
/** The gate's own readiness: 200 or 503 with a small JSON document. */
export const GATE_READY_PATH = '/.tandem/ready';
/** An answer of the gate that says: this request was not given to the workload; it may be sent elsewhere, whatever its method. */
export const UNSENT_HEADER = 'x-tandem-unsent';
