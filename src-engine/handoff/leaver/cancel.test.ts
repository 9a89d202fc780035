import { describe, expect, test } from 'vitest';
import { machine, stateWords, type Machine } from '../../../test/doubles/fake-edge.ts';
import { refusal } from './on-person.ts';
import { viewOf } from './view.ts';

const cancelled = (m: Machine) => m.do({ type: 'cancel' });
const refused = (m: Machine, verb: Parameters<typeof refusal>[1] = 'cancel') =>
  refusal(m.state, verb, m.moment())?.code ?? null;

/** A battery's departure, at each state. */
const course: Readonly<Record<string, (m: Machine) => Machine>> = {
  countdown: (m) => m.stage(['battery', 'drain']).later(20_000),
  delayed: (m) => course['countdown']!(m).do({ type: 'delay' }),
  asking: (m) => m.stage(['battery', 'drain']).later(60_000),
  prepared: (m) => {
    course['asking']!(m).epoch = 2;
    return m.hear({ type: 'PREPARE', remainingMs: 119_000 });
  },
  draining: (m) => course['prepared']!(m).hear({ type: 'DRAIN', remainingMs: 95_000 }).later(3_000),
  drained: (m) => course['draining']!(m).later(7_000),
};

describe.each(Object.keys(course))('in %s', (name) => {
  const at = () => course[name]!(machine().serving());

  test('a person cancels: serving again, gate ready, the reason silent', () => {
    const m = at();
    expect(refused(m)).toBeNull();
    cancelled(m).later(3_600_000);
    expect([m.phase(), m.gate.ready, m.asked('stopCluster').length]).toEqual(['serving', true, 0]);
    expect(viewOf(m.state, m.moment()).countdownEndsAt).toBeNull();
    m.stage().stage(['battery', 'drain']);
    expect(viewOf(m.state, m.moment()).countdownEndsAt).not.toBeNull();
  });

  test('its reason clears: it turns round by itself', () => {
    const m = at().stage();
    expect([m.phase(), m.gate.ready]).toEqual(['serving', true]);
    expect(m.said('INTENT').at(-1)?.reasons.length === 0 || m.said('CANCEL').length === 1).toBe(true);
  });

  test('another reason that clears does not turn it round', () => {
    const m = at().stage(['battery', 'drain'], ['memory', 'warn']).stage(['battery', 'drain']);
    expect(m.said('CANCEL')).toEqual([]);
    expect(m.state.reasons.map(({ reason }) => reason.name)).toEqual(['battery']);
  });

  test('reaches stop: nothing to cancel with', () => {
    const m = at().stage(['battery', 'stop']);
    expect(m.phase()).not.toBe('serving');
    expect(refused(m)).toBe('reasonsLeft');
  });

  test('a pause of automation neither begins nor turns round what has begun', () => {
    const m = at();
    m.world.mayAct = false;
    m.later(60_000);
    const begun = name !== 'countdown' && name !== 'delayed';
    expect(m.phase() !== 'serving').toBe(begun);
  });
});

test('after a cancelled departure stop speaks again', () => {
  const m = cancelled(course['asking']!(machine().serving())).later(60_000);
  expect(m.stage(['battery', 'stop']).phase()).toBe('asking');
});

test("a person's own departure is cancelled for good", () => {
  const m = cancelled(machine().serving().draining()).later(600_000);
  expect([m.phase(), m.state.reasons]).toEqual(['serving', []]);
  expect(m.said('CANCEL')).toMatchObject([{ reasons: [] }]);
});

test('from RELEASE on it is too late: it finishes, and returns by itself', () => {
  const m = machine().serving().draining().later(10_000).hear({ type: 'RELEASE', remainingMs: 60_000 });
  expect(refused(m)).toBe('tooLateToCancel');
});

test('RELEASE and CANCEL cross: the core says too late, and it finishes', () => {
  const m = cancelled(machine().serving().draining().later(10_000));
  m.hear({ type: 'RELEASE', remainingMs: 60_000 });
  expect(m.asked('stopCluster')).toHaveLength(0);
  m.hear({ type: 'REJECT', why: { code: 'tooLateToCancel', params: {} } });
  expect([m.phase(), m.gate.notReady]).toEqual(['stopping', 'leaving']);
});

test('too late, and no RELEASE was heard: it waits for it, and cannot be cancelled', () => {
  const m = cancelled(machine().serving().draining().later(10_000));
  m.hear({ type: 'REJECT', why: { code: 'tooLateToCancel', params: {} } });
  expect([m.phase(), refused(m)]).toEqual(['drained', 'tooLateToCancel']);
  expect(m.later(60_000).asked('stopCluster')).toHaveLength(0);
  m.hear({ type: 'RELEASE', remainingMs: 60_000 });
  expect(m.asked('stopCluster')).toHaveLength(1);
});

test('RELEASE after a cancelled departure stops nothing', () => {
  const m = cancelled(machine().serving().draining().later(10_000))
    .later(1_500)
    .hear(stateWords('RETURNING'));
  m.hear({ type: 'RELEASE', remainingMs: 60_000 }).later(60_000);
  expect([m.phase(), m.asked('stopCluster').length]).toEqual(['serving', 0]);
});

test('a CANCEL that could not be said is said in the next session', () => {
  const m = machine().serving().draining().link('down').do({ type: 'cancel' });
  expect(m.said('CANCEL')).toEqual([]);
  m.link('up').hear(stateWords('DRAINING'));
  expect(m.said('CANCEL')).toHaveLength(1);
});

test('a person at the core cancels while the edge cannot be asked: the edge follows', () => {
  const m = machine().serving().draining().link('down').later(5_000).link('up');
  m.hear(stateWords('RETURNING')).later(60_000);
  expect([m.phase(), m.state.reasons, m.gate.ready]).toEqual(['serving', [], true]);
});

test('nothing to cancel, nothing to delay', () => {
  const serving = machine().serving();
  expect([refused(serving), refused(serving, 'delay')]).toEqual(['nothingToCancel', 'nothingToCancel']);
  expect(refused(serving.stage(['memory', 'warn']))).toBe('nothingToCancel');
  expect(refused(machine())).toBe('nothingToCancel');
  expect(refused(machine().serving().draining(), 'delay')).toBe('departureRuns');
});

test('a delay: ten minutes of quiet, then the countdown again; stop does not wait for it', () => {
  const m = course['delayed']!(machine().serving());
  const view = viewOf(m.state, m.moment());
  expect([view.countdownEndsAt, view.delayedUntil]).toEqual([null, '2026-01-01T00:10:23.000Z']);
  expect(viewOf(m.later(599_000).state, m.moment()).countdownEndsAt).toBeNull();
  expect(viewOf(m.later(1_000).state, m.moment()).countdownEndsAt).not.toBeNull();
  expect(m.later(60_000).phase()).toBe('asking');
  expect(course['delayed']!(machine().serving()).stage(['battery', 'stop']).phase()).toBe('asking');
});

test('go now skips the countdown and adds no reason of its own', () => {
  const m = course['countdown']!(machine().serving()).do({ type: 'leave', now: true, detail: null });
  expect(m.phase()).toBe('asking');
  expect(m.state.reasons.map(({ reason }) => reason.name)).toEqual(['battery']);
  expect(cancelled(m.stage()).phase()).toBe('serving');
});
