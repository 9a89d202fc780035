import { expect, test } from 'vitest';
import { machine, stateWords } from '../../../test/doubles/fake-edge.ts';
import { defaultLimits } from '../handoff-limits.ts';

const leave = { type: 'leave', now: true, detail: null } as const;

test('a person who leaves again asks the core to go on from its HOLD, with a time of its own', () => {
  const m = machine().serving().draining().later(10_000);
  expect(m.phase()).toBe('drained');
  m.hear(stateWords('HOLD')).later(200_000);
  const before = m.said('INTENT').length;
  m.do(leave);
  expect(m.said('INTENT').slice(before)).toMatchObject([{ leave: true, remainingMs: null }]);
  expect(m.phase()).toBe('drained');
  // The core goes on with another departure, which DRAIN names.
  m.epoch += 1;
  m.handoffId = 'gone-on';
  const drained = m.said('DRAINED').length;
  m.hear({ type: 'DRAIN', remainingMs: 110_000 });
  expect(m.said('DRAINED').length).toBe(drained + 1);
  m.hear({ type: 'RELEASE', remainingMs: 100_000 });
  expect(m.phase()).toBe('stopping');
});

test('while it still drains: asked again, nothing is turned round', () => {
  const m = machine().serving();
  m.gate.open = [{ method: 'GET', path: '/stream', ageMs: 1 }];
  m.draining().later(5_000);
  const before = m.said('INTENT').length;
  m.do(leave);
  expect(m.said('INTENT').slice(before)).toMatchObject([{ leave: true }]);
  expect([m.phase(), m.gate.notReady]).toEqual(['draining', 'leaving']);
});

test('the countdown is as long as the settings say, by the time scale', () => {
  const m = machine({ timeScale: 2 }).serving();
  const { moment } = m;
  const limits = { ...defaultLimits, countdownSeconds: 20 };
  m.moment = () => ({ ...moment(), limits });
  m.stage(['battery', 'drain']).later(9_900);
  expect(m.phase()).toBe('serving');
  m.later(200);
  expect(m.phase()).toBe('asking');
});
