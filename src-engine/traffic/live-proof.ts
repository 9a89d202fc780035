import type { Side } from '../../src-shared/world/traffic.ts';

/** Rounds that must be clean one after another. */
export const ROUNDS = 2;

/** An answer to a probe that went through the front. */
export interface ProofAnswer {
  /** Who answered, by `BACKEND_HEADER`; null: no answer, or one that no front of ours gave. */
  readonly by: Side | null;
}

/** What the edge had been given, by each of the two that count; null: it could not be asked. */
export interface Witnesses {
  /** The front's own counter, of the process named `generation`. */
  readonly front: { readonly generation: string; readonly requests: number } | null;
  /** The gate's counter of requests of others than our probes. */
  readonly gate: number | null;
}

export interface RoundEvidence {
  readonly wanted: number;
  readonly answers: readonly ProofAnswer[];
  readonly before: Witnesses;
  readonly after: Witnesses;
  /** The share of the edge, read back at the end; null: it could not be read. */
  readonly edgeShare: number | null;
}

/** Why a round proves nothing, the weightiest first; empty: it is clean. */
export type Doubt =
  | 'answeredByEdge'
  | 'answeredByNobody'
  | 'tooFew'
  | 'edgeCounted'
  | 'gateCounted'
  | 'uncounted'
  | 'notWritten';

/**
 * Is weight 0 live? Only traffic proves traffic: a round is clean when every probe was answered by the core, as the
 * header says, and nobody counted anything new on the edge (research/haproxy.md A; measured.md, Gateway API 1). An
 * answer without the header, by whatever server, is evidence against. A gate that cannot be asked is no evidence at
 * all: an edge that is gone leaves the front's counter as the only witness.
 */
export function doubtsOf(round: RoundEvidence): Doubt[] {
  const { answers, before, after } = round;
  const doubts: [Doubt, boolean][] = [
    ['answeredByEdge', answers.some(({ by }) => by === 'edge')],
    ['answeredByNobody', answers.some(({ by }) => by === null)],
    ['uncounted', before.front === null || after.front === null],
    ['edgeCounted', moved(before.front, after.front)],
    ['gateCounted', before.gate !== null && after.gate !== null && after.gate !== before.gate],
    ['notWritten', round.edgeShare !== 0],
    ['tooFew', answers.length < round.wanted],
  ];
  return doubts.filter(([, holds]) => holds).map(([doubt]) => doubt);
}

/** A front that was started anew counts from 0 and may have dealt by its configuration: that is movement, too. */
function moved(before: Witnesses['front'], after: Witnesses['front']): boolean {
  if (before === null || after === null) return false;
  return before.generation !== after.generation || before.requests !== after.requests;
}

/** New on the edge between the two, by whoever counted more; 0 where nobody can tell. */
export function newOnEdge(before: Witnesses, after: Witnesses): number {
  const same = before.front?.generation === after.front?.generation;
  const front = same ? (after.front?.requests ?? 0) - (before.front?.requests ?? 0) : 0;
  const gate = before.gate === null || after.gate === null ? 0 : after.gate - before.gate;
  return Math.max(0, front, gate);
}
