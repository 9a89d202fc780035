import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { doubtsOf, newOnEdge, ROUNDS, type Doubt, type ProofAnswer, type Witnesses } from './live-proof.ts';
import type { LiveProof } from './room-ports.ts';

/** What was in a socket already when the weight was written has been counted after so long (research/haproxy.md A: 3 ms). */
const SETTLE_MS = 50;
/** Between two tries: a front that serves the old weight for a while is asked again, not at once. */
const AGAIN_MS = 200;
/** Probes under way at once: half of them on new connections, half on kept ones. */
const LANES = 4;

/** The hands of a proof. */
export interface ProofHands {
  monotonicMs(): number;
  wait(delayMs: number): Promise<void>;
  /** A GET through the front, on a new connection or a kept one; bounded by itself. */
  ask(fresh: boolean): Promise<ProofAnswer>;
  witnesses(): Promise<Witnesses>;
  /** The edge's share as the front says it; null when it cannot be read. */
  edgeShare(): Promise<number | null>;
}

interface Proof {
  readonly hands: ProofHands;
  readonly probes: number;
  readonly startedMs: number;
  readonly untilMs: number;
  sent: number;
  onEdge: number;
  clean: number;
  doubts: readonly Doubt[];
}

/**
 * Runs rounds until so many in a row are clean, or the limit is over. Called after the reply to the write.
 *
 * @param probes in each round
 * @returns `weightNotLive {probes, onEdge, newOnEdge, seconds, doubt}`
 */
export async function proveLive(
  hands: ProofHands,
  probes: number,
  limitMs: number,
): Promise<Result<LiveProof>> {
  const startedMs = hands.monotonicMs();
  const proof: Proof = {
    hands,
    probes,
    startedMs,
    untilMs: startedMs + limitMs,
    sent: 0,
    onEdge: 0,
    clean: 0,
    doubts: [],
  };
  await hands.wait(SETTLE_MS);
  const first = await hands.witnesses();
  let after = first;
  while (proof.clean < ROUNDS && isTime(proof)) after = await playRound(proof, after);
  const elapsedMs = hands.monotonicMs() - startedMs;
  const { sent, onEdge } = proof;
  const found = { probes: sent, onEdge, newOnEdge: newOnEdge(first, after) };
  return proof.clean >= ROUNDS
    ? ok({ ...found, rounds: ROUNDS, elapsedMs })
    : fail('weightNotLive', {
        ...found,
        seconds: Math.round(elapsedMs / 100) / 10,
        doubt: proof.doubts[0] ?? 'tooFew',
      });
}

async function playRound(proof: Proof, before: Witnesses): Promise<Witnesses> {
  const { hands } = proof;
  const answers = await askAll(proof);
  const [after, edgeShare] = await Promise.all([hands.witnesses(), hands.edgeShare()]);
  proof.sent += answers.length;
  proof.onEdge += answers.filter(({ by }) => by === 'edge').length;
  proof.doubts = doubtsOf({ wanted: proof.probes, answers, before, after, edgeShare });
  proof.clean = proof.doubts.length === 0 ? proof.clean + 1 : 0;
  if (proof.clean === 0 && isTime(proof))
    await hands.wait(Math.min(AGAIN_MS, proof.untilMs - hands.monotonicMs()));
  // Between two tries others may have counted: the next round begins with what is counted then.
  return proof.clean === 0 && isTime(proof) ? hands.witnesses() : after;
}

/** All probes of a round; fewer when the time is over. */
async function askAll(proof: Proof): Promise<ProofAnswer[]> {
  const answers: ProofAnswer[] = [];
  let next = 0;
  const lane = async (fresh: boolean): Promise<void> => {
    while (next < proof.probes && isTime(proof)) {
      next += 1;
      answers.push(await proof.hands.ask(fresh));
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, index) => lane(index % 2 === 0)));
  return answers;
}

function isTime({ hands, untilMs }: Proof): boolean {
  return hands.monotonicMs() < untilMs;
}
