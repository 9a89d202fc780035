import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { dryRun, handoff, leaveReason, step } from '../../test/doubles/handoff-parts.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { dryRunLines, handoffLines, stepLine, wordOf } from './handoff-lines.ts';

const t = translator('en');

test('a step says what it took and measured, a no and an unknown are left out', () => {
  const facts = { cut: 2, forced: false, stoppedMs: 8200, mystery: 1, onEdge: null };
  expect(stepLine(step('RELEASED', { elapsedMs: 8300, outcome: 'cut', facts }), t)).toBe(
    '✂ Stop the cluster  8.3 s  (2 cut, stopped in 8.2 s)',
  );
});

test('state, reason and time left; a hold with what to do', () => {
  const now = new Date(WORLD_AT);
  const deadlineAt = new Date(now.getTime() + 90_000).toISOString();
  const lines = handoffLines(handoff({ state: 'DRAINING', reasons: [leaveReason()], deadlineAt }), t, now);
  expect(lines).toEqual(['letting requests finish · Battery at 24 % · at most 1 min 30 s left']);
  const held = handoffLines(handoff({ state: 'HOLD', hold: { code: 'flapping', params: {} } }), t, now);
  expect(held).toHaveLength(3);
  expect(held[2]).toContain('bring it back');
});

test('a dry run of which nothing was measured says unknown', () => {
  const nothing = dryRun({
    coreFit: null,
    coreProbes: null,
    perSecond: null,
    inFlight: null,
    stuckPods: null,
  });
  expect(dryRunLines(nothing, t).filter((line) => line.endsWith('unknown'))).toHaveLength(4);
  const stuck = dryRun({ stuckPods: [{ name: 'db-0', why: 'local storage' }] });
  expect(dryRunLines(stuck, t).at(-1)).toBe('    db-0: local storage');
});

test('what has no word is said as it came', () => {
  expect(wordOf(t, 'traffic.state.up', 'x')).toBe('up');
  expect(wordOf(t, 'traffic.state.newest', 'newest')).toBe('newest');
});
