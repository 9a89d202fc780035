import { describe, expect, test } from 'vitest';
import { machine, stateWords, type Machine } from '../../../test/doubles/fake-edge.ts';

const release = { type: 'RELEASE', remainingMs: 60_000 } as const;
const battery = (m: Machine) => m.serving().stage(['battery', 'drain']).later(60_000);
const prepared = (m: Machine) => {
  battery(m).epoch = 2;
  return m.hear({ type: 'PREPARE', remainingMs: 119_000 });
};
const draining = (m: Machine) => prepared(m).hear({ type: 'DRAIN', remainingMs: 95_000 }).later(3_000);
const drained = (m: Machine) => draining(m).later(7_000);
const stopping = (m: Machine) => drained(m).hear(release);

/** The next engine of the same start of the machine, over the gate that went on. */
function reborn(m: Machine, bootId = 'boot'): Machine {
  const next = machine({ journal: m.journal(), bootId, cluster: m.world.cluster, ready: m.gate.ready });
  next.epoch = m.epoch;
  next.handoffId = m.handoffId;
  return next;
}

describe('an engine that was killed goes on, in the same start of the machine', () => {
  test('serving: the gate is not touched, and the core hears who it is', () => {
    const m = reborn(machine().serving());
    expect([m.phase(), m.gate.orders]).toEqual(['serving', []]);
    m.link('up');
    expect(m.said('REJOIN')).toMatchObject([{ doing: 'nothing', gateReady: true }]);
    expect(m.asked('send')[0]).toMatchObject({ handoffId: 'one', epoch: 1 });
    m.hear(stateWords('SERVING'));
    expect(m.said('ASK_RETURN')).toEqual([]);
  });

  test('serving under a lid that is closed already: how it is used, no reason', () => {
    const m = reborn(machine().serving()).session('SERVING').do({ type: 'lid', closed: true });
    expect([m.phase(), m.state.reasons]).toEqual(['serving', []]);
  });

  test('a countdown begins anew, a delay does not', () => {
    const counting = reborn(machine().serving().stage(['battery', 'drain']).later(30_000)).session('WARNED');
    expect(counting.stage().later(59_000).phase()).toBe('serving');
    expect(counting.stage(['battery', 'drain']).later(2_000).phase()).toBe('asking');
    const put = machine().serving().stage(['battery', 'drain']).do({ type: 'delay' });
    const later = reborn(put).session('WARNED').stage(['battery', 'drain']);
    expect(later.later(500_000).phase()).toBe('serving');
    expect(later.later(170_000).phase()).toBe('asking');
  });

  test('asking and prepared: asks again, once the core has answered', () => {
    for (const at of [battery, prepared]) {
      const m = reborn(at(machine()));
      expect(m.phase()).toBe('asking');
      m.link('up');
      expect(m.said('REJOIN')).toMatchObject([{ doing: 'preparing', reasons: [{ name: 'battery' }] }]);
      expect(m.said('INTENT')).toEqual([]);
      m.hear(stateWords('PREPARING'));
      expect(m.said('INTENT')).toMatchObject([{ leave: true }]);
    }
  });

  test('draining: not ready, and it drains on', () => {
    const m = reborn(draining(machine()));
    expect([m.phase(), m.gate.notReady]).toEqual(['draining', 'leaving']);
    m.session('DRAINING').later(10_000);
    expect(m.said('DRAINED')).toHaveLength(1);
    expect(m.asked('stopCluster')).toEqual([]);
    expect(m.hear(release).asked('stopCluster')).toHaveLength(1);
  });

  test('drained: says so again, and stops upon RELEASE only', () => {
    const m = reborn(drained(machine()));
    expect(m.later(30_000).asked('stopCluster')).toEqual([]);
    m.session('RELEASED');
    expect(m.said('DRAINED')).toHaveLength(1);
    expect(m.hear(release).asked('stopCluster')).toHaveLength(1);
  });

  test('stopping: stops on, although nobody knows yet whether a cluster runs', () => {
    const before = stopping(machine());
    before.world.cluster = null;
    const m = reborn(before);
    expect([m.phase(), m.asked('stopCluster').length]).toEqual(['stopping', 1]);
    m.session('RELEASED').stopped();
    expect(m.said('GONE')).toHaveLength(1);
  });

  test('gone: says so again, stays, and starts what it had stopped', () => {
    const m = reborn(stopping(machine()).stopped()).session('OFFLINE');
    expect([m.phase(), m.said('GONE').length]).toEqual(['gone', 1]);
    expect(m.stage().later(61_000).asked('startCluster')).toHaveLength(1);
  });

  test('alone: drains and stops on without the core', () => {
    const m = reborn(machine().serving().link('down').stage(['battery', 'stop']).later(3_000));
    expect(m.phase()).toBe('draining');
    expect(m.later(10_000).asked('stopCluster')).toHaveLength(1);
  });

  test('starting: starts again', () => {
    const m = reborn(stopping(machine()).stopped().stage()).session('OFFLINE');
    expect(m.asked('startCluster')).toHaveLength(1);
  });
});

describe('what an engine remembers', () => {
  test('vitals that have not had their dwell yet do not turn a departure round', () => {
    const m = reborn(draining(machine())).session('DRAINING').stage();
    expect(m.later(20_000).phase()).toBe('drained');
    m.stage(['battery', 'drain']).later(120_000);
    expect([m.phase(), m.said('CANCEL').length]).toEqual(['drained', 0]);
  });

  test('a reason that vitals do not say again within a minute is over', () => {
    const m = reborn(draining(machine())).session('DRAINING').stage().later(60_000);
    expect([m.phase(), m.said('CANCEL').length]).toEqual(['serving', 1]);
  });

  test('a new engine is the end of a suspend, and of a shutdown that did not come', () => {
    for (const type of ['suspend', 'shutdown'] as const) {
      const m = reborn(machine().serving().do({ type }));
      expect(m.state.reasons).toEqual([]);
      expect(m.session('OFFLINE').asked('stopCluster')).toEqual([]);
    }
  });

  test('what was silenced stays silent', () => {
    const m = reborn(battery(machine()).do({ type: 'cancel' }))
      .session('SERVING')
      .stage(['battery', 'drain']);
    expect(m.later(600_000).phase()).toBe('serving');
  });

  test("a person's reason outlives a start of the machine, the host's do not", () => {
    const left = machine()
      .serving()
      .stage(['memory', 'drain'])
      .draining()
      .later(10_000)
      .hear(release)
      .stopped();
    const m = reborn(left, 'another boot').session('OFFLINE');
    expect(m.state.reasons.map(({ reason }) => reason.name)).toEqual(['user']);
    expect([m.phase(), m.later(60_000).asked('startCluster').length]).toEqual(['gone', 0]);
    expect(m.do({ type: 'return' }).asked('startCluster')).toHaveLength(1);
  });
});

test.each([
  ['serving', (m: Machine) => m.serving()],
  ['asking', battery],
  ['prepared', prepared],
  ['draining', draining],
  ['drained', drained],
])('another start of the machine (%s): stays out, stops nothing, asks to return', (_, at) => {
  const m = reborn(at(machine()), 'another boot');
  expect([m.phase(), m.gate.notReady]).toEqual(['out', 'stayOut']);
  m.session('LOST').later(60_000);
  expect(m.asked('stopCluster')).toEqual([]);
  expect(m.said('ASK_RETURN').length).toBeGreaterThan(1);
});

test('killed while it stopped, and the machine too: what it was stopping is started again', () => {
  const before = stopping(machine());
  before.world.cluster = null;
  const m = reborn(before, 'another boot').session('OFFLINE');
  expect([m.phase(), m.asked('startCluster').length]).toEqual(['starting', 1]);
});

test('forced at the very beginning: the link gets its ten seconds', () => {
  const m = reborn(machine().serving().stage(['battery', 'stop']));
  expect(m.later(9_000).phase()).toBe('asking');
  expect(m.later(2_000).phase()).toBe('draining');
});
