import { expect, test } from 'vitest';
import { doubtsOf, newOnEdge, type ProofAnswer, type RoundEvidence, type Witnesses } from './live-proof.ts';

const core: ProofAnswer = { by: 'core' };
const seen = (requests: number, gate: number | null = 400, generation = 'a'): Witnesses => ({
  front: { generation, requests },
  gate,
});
const round = (change: Partial<RoundEvidence> = {}): RoundEvidence => ({
  wanted: 20,
  answers: Array.from({ length: 20 }, () => core),
  before: seen(800),
  after: seen(800),
  edgeShare: 0,
  ...change,
});
const withAnswer = (answer: ProofAnswer): RoundEvidence =>
  round({ answers: [...round().answers.slice(1), answer] });

test('all by the core, and nobody counted: live', () => {
  expect(doubtsOf(round())).toEqual([]);
});

test('one answer of the edge among twenty is enough against it', () => {
  expect(doubtsOf(withAnswer({ by: 'edge' }))).toEqual(['answeredByEdge']);
});

test('an answer without the header may come from anywhere, and none from nobody', () => {
  expect(doubtsOf(withAnswer({ by: null }))).toEqual(['answeredByNobody']);
  expect(doubtsOf(round({ answers: round().answers.slice(1) }))).toEqual(['tooFew']);
});

test("each witness counts for itself: the front's word and the gate's", () => {
  expect(doubtsOf(round({ after: seen(801) }))).toEqual(['edgeCounted']);
  expect(doubtsOf(round({ after: seen(800, 401) }))).toEqual(['gateCounted']);
});

test('a gate that cannot be asked does not hinder; a front that cannot be asked does', () => {
  expect(doubtsOf(round({ after: seen(800, null) }))).toEqual([]);
  expect(doubtsOf(round({ before: { front: null, gate: 400 } }))).toEqual(['uncounted']);
});

test('a front that was started anew in between proves nothing, whatever it counted', () => {
  expect(doubtsOf(round({ after: seen(800, 400, 'b') }))).toEqual(['edgeCounted']);
});

test('the weight that is read back must be 0', () => {
  expect(doubtsOf(round({ edgeShare: 80 }))).toEqual(['notWritten']);
  expect(doubtsOf(round({ edgeShare: null }))).toEqual(['notWritten']);
});

test('what is new on the edge is the larger count, and never less than nothing', () => {
  expect(newOnEdge(seen(800), seen(803, 401))).toBe(3);
  expect(newOnEdge(seen(800), seen(800, 402))).toBe(2);
  expect(newOnEdge(seen(800), seen(2, 400, 'b'))).toBe(0);
  expect(newOnEdge(seen(800, null), seen(800, 402))).toBe(0);
});
