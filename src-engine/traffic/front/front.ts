import { randomUUID } from 'node:crypto';
import type { Shares, Side } from '../../../src-shared/world/traffic.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CutRequest, FrontConfig } from '../ports.ts';
import { createCarrier, type Carrier } from './carrier.ts';
import { sideFor } from './choose.ts';
import { createDealer } from './deal.ts';
import type { DeadAnswer, FrontDocument } from './documents.ts';
import { pairProof } from './secure.ts';
import { newSide, setCarrier, type InFlight, type SideState } from './sides.ts';

/** A new request to a dead edge waits so long for its connection and handshake, then goes to the core (limits.md). */
const EDGE_CONNECT_MS = 300;
/** The core's workload is on this Mac, or in a machine on it: one that is up takes a connection at once. */
const CORE_CONNECT_MS = 1000;
/** The gate keeps idle connections for an hour, so the front closes first. */
const EDGE_IDLE_MS = 60_000;
/** Many servers close theirs after 5 s (Node, Apache): the front does before. */
const CORE_IDLE_MS = 4000;
/** Cut requests that are named; the others are counted. */
const MOST_NAMED = 100;

/** The front's state, and what may be done to it: who deals, and how each side is reached. */
export interface Front {
  readonly clock: Clock;
  readonly generation: string;
  readonly sides: Readonly<Record<Side, SideState>>;
  document(): FrontDocument;
  /** Weights as they are dealt. */
  shares(): Shares;
  /**
   * Whose turn it is.
   *
   * @param of a gateway has dealt already; null: nobody has. One that still deals to an edge without a share is late
   *   (research/measured.md, Gateway API 1): the core takes it.
   */
  deal(of: Side | null): Side;
  setShares(shares: Shares): void;
  /** Throws when the keys cannot be read; then nothing has changed. */
  configure(document: FrontDocument): void;
  dead(): DeadAnswer;
  /** Throws as `configure` does. */
  revive(): void;
}

const ALL_ON_CORE: Shares = { core: 100, edge: 0 };

export function createFront(first: FrontDocument, clock: Clock): Front {
  const sides = { core: newSide('core'), edge: newSide('edge') };
  const dealer = createDealer(ALL_ON_CORE);
  // Also those that another address replaced: something may still be under way there.
  const waysToEdge = new Set<Carrier>();
  let document = first;
  const setShares = (shares: Shares): void => {
    const dealt = document.dead || document.config.edge === null ? ALL_ON_CORE : shares;
    document = { ...document, shares: dealt };
    // Anew only when they change: writing the same again must not deal the first turns twice.
    if (dealer.shares().edge !== dealt.edge) dealer.set(dealt);
    sides.core.weight = dealt.core;
    sides.edge.weight = dealt.edge;
  };
  const apply = (next: FrontDocument, before: FrontDocument | null): void => {
    const core = carrierFor(next.config.core, before?.config.core ?? null, sides.core, makeCore);
    const wanted = next.dead ? null : next.config.edge;
    const edge = carrierFor(
      wanted,
      before?.dead ? null : (before?.config.edge ?? null),
      sides.edge,
      makeEdge,
    );
    core();
    edge();
    if (sides.edge.carrier !== null) waysToEdge.add(sides.edge.carrier);
    document = next;
    setShares(next.shares);
  };
  apply(first, null);
  return {
    clock,
    generation: randomUUID(),
    sides,
    document: () => document,
    shares: () => dealer.shares(),
    deal: (of) => sideFor(of === null ? dealer.next() : sides.edge.weight > 0 ? of : 'core', sides),
    setShares,
    configure: (next) => apply(next, document),
    dead() {
      document = { ...document, dead: true };
      setShares(ALL_ON_CORE);
      setCarrier(sides.edge, null);
      const answer = abandonAll([...sides.edge.inFlight], clock.monotonicMs());
      for (const way of waysToEdge) way.reset();
      waysToEdge.clear();
      return answer;
    },
    // As if it had been dead: an edge that only left must not meet a connection of before either.
    revive: () => apply({ ...document, dead: false, shares: ALL_ON_CORE }, { ...document, dead: true }),
  };
}

const makeCore = (core: FrontConfig['core']): Carrier =>
  createCarrier({ address: core, connectMs: CORE_CONNECT_MS, idleMs: CORE_IDLE_MS, proof: null });

const makeEdge = (edge: NonNullable<FrontConfig['edge']>): Carrier =>
  createCarrier({
    address: edge,
    connectMs: EDGE_CONNECT_MS,
    idleMs: EDGE_IDLE_MS,
    proof: pairProof(edge.tls),
  });

/** Makes what is needed, which may throw; what it returns puts it into place, which may not. */
function carrierFor<Target>(
  wanted: Target | null,
  had: Target | null,
  side: SideState,
  make: (target: Target) => Carrier,
): () => void {
  if (side.carrier !== null && JSON.stringify(wanted) === JSON.stringify(had)) return () => undefined;
  const next = wanted === null ? null : make(wanted);
  return () => {
    const old = side.carrier;
    setCarrier(side, next);
    // What is under way there ends as it would have.
    old?.retire();
  };
}

function abandonAll(open: readonly InFlight[], nowMs: number): DeadAnswer {
  const cut: CutRequest[] = [];
  let resent = 0;
  for (const one of open) {
    const became = one.abandon();
    if (became === 'resent') resent += 1;
    if (became === 'cut')
      cut.push({
        method: one.method,
        // Longer ones do not fit the report (handoff-messages.ts).
        path: one.path.slice(0, 200),
        ageMs: Math.round(nowMs - one.startedMs),
      });
  }
  return { resent, cut: cut.slice(0, MOST_NAMED), cutCount: cut.length };
}
