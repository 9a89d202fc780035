import { expect, test } from 'vitest';
import { repeatedNotes } from './repeated-note.ts';

test('a refusal in the same words is one for ten minutes; another, or a decision in between, counts', () => {
  let nowMs = 0;
  const isRepeated = repeatedNotes(() => nowMs);
  expect(isRepeated('handoff.refused', 'edgeUnfit')).toBe(false);
  nowMs = 599_999;
  expect(isRepeated('handoff.refused', 'edgeUnfit')).toBe(true);
  nowMs = 600_000;
  expect(isRepeated('handoff.refused', 'edgeUnfit')).toBe(false);
  expect(isRepeated('handoff.refused', 'coolingDown')).toBe(false);
  expect(isRepeated('handoff.weights', 'coolingDown')).toBe(false);
  expect(isRepeated('handoff.weights', 'coolingDown')).toBe(false);
  expect(isRepeated('handoff.refused', 'coolingDown')).toBe(false);
});
