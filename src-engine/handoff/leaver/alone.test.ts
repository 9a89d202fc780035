import { expect, test } from 'vitest';
import { machine, stateWords, type Machine } from '../../../test/doubles/fake-edge.ts';
import { handoffReportSchema } from '../report/report.ts';
import { viewOf } from './view.ts';

const stops = (m: Machine) => m.asked('stopCluster').length;

test('stage stop with the core away: own readiness, drain, stop, and a report that says "no peer"', () => {
  const m = machine().serving().link('down').stage(['battery', 'stop']);
  expect([m.phase(), m.gate.notReady]).toEqual(['draining', 'leaving']);
  m.later(10_000);
  expect(stops(m)).toBe(1);
  expect(viewOf(m.state, m.moment())).toMatchObject({
    state: 'RELEASED',
    safeToCloseLid: null,
    toldAt: null,
  });
  m.stopped();
  const [effect] = m.asked('report');
  const report = handoffReportSchema.parse(effect?.report);
  expect(report).toMatchObject({ noPeer: true, outcome: 'offline', problem: { code: 'coreAway' } });
  expect(report.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
    ['DRAINING', 'done'],
    ['RELEASED', 'done'],
    ['OFFLINE', 'done'],
  ]);
  expect(viewOf(m.state, m.moment())).toMatchObject({ state: 'OFFLINE', lastReport: 'report-1' });
  expect(m.said('GONE')).toEqual([]);
  m.session('LOST');
  expect(m.said('REJOIN').at(-1)).toMatchObject({ doing: 'gone' });
  expect(m.said('GONE')).toHaveLength(1);
});

test('stage stop and a core that gives no word: 15 s, then alone', () => {
  const m = machine().serving().stage(['thermal', 'stop']).later(14_000);
  expect(m.phase()).toBe('asking');
  expect(m.gate.ready).toBe(true);
  expect(m.later(1_000).phase()).toBe('draining');
});

test('a core that works on it is waited for longer than 15 s, but not past the last moment', () => {
  const m = machine().serving().stage(['battery', 'stop']);
  m.epoch = 2;
  m.hear({ type: 'PREPARE', remainingMs: 119_000 });
  for (let second = 0; second < 60; second += 5) m.later(5_000).hear(stateWords('VERIFYING'));
  expect(m.phase()).toBe('prepared');
  m.later(5_000).hear(stateWords('VERIFYING'));
  expect(m.phase()).toBe('draining');
});

test('a core in HOLD is no word: the forced one goes alone, the other one waits', () => {
  const held = (m: Machine) => {
    m.epoch = 2;
    m.hear({ type: 'PREPARE', remainingMs: 119_000 });
    for (let turn = 0; turn < 4; turn += 1) m.later(4_000).hear(stateWords('HOLD'));
    return m.phase();
  };
  expect(held(machine().serving().stage(['battery', 'stop']))).toBe('draining');
  expect(held(machine().serving().do({ type: 'leave', now: false, detail: null }))).toBe('prepared');
});

test('an unfit core does not hold a forced departure', () => {
  const m = machine().serving().stage(['battery', 'stop']);
  m.hear({ type: 'REJECT', why: { code: 'coreUnfit', params: {} } });
  expect(m.phase()).toBe('draining');
  m.later(10_000).stopped();
  expect(m.asked('report')[0]?.report).toMatchObject({ noPeer: true, problem: { code: 'coreUnfit' } });
});

test('RELEASE that never comes: forced, it stops after 15 s; with the link down at once', () => {
  const drained = () => machine().serving().draining().stage(['battery', 'stop']).later(10_000);
  expect(stops(drained().later(14_000))).toBe(0);
  expect(stops(drained().later(15_000))).toBe(1);
  expect(stops(drained().link('down'))).toBe(1);
});

test('what forced it falls back to a drain before the stop: nobody but the core may stop it then', () => {
  const m = machine().serving().link('down').stage(['thermal', 'stop']).later(5_000);
  m.stage(['thermal', 'drain']).later(100_000);
  expect(m.phase()).toBe('drained');
  expect(stops(m)).toBe(0);
});

test('a shutdown ends within 20 s, whether the core answers or not', () => {
  for (const link of ['up', 'down', 'suspect'] as const) {
    const m = machine().serving().link(link).do({ type: 'shutdown' });
    const begun = m.world.ms;
    while (m.phase() !== 'stopping' && m.world.ms - begun < 60_000) m.later(100);
    // Seen within 100 ms of its beginning.
    const left = 20_000 - (m.world.ms - begun) + 100;
    expect(left).toBeGreaterThanOrEqual(m.asked('stopCluster')[0]?.limitMs ?? Infinity);
  }
});

test('a shutdown in the middle of a departure brings its deadline nearer, and the core is told', () => {
  const m = machine().serving().do({ type: 'leave', now: false, detail: null });
  m.epoch = 2;
  m.hear({ type: 'PREPARE', remainingMs: 119_000 }).do({ type: 'shutdown' });
  expect(m.said('INTENT').at(-1)).toMatchObject({ leave: true, remainingMs: 20_000 });
  m.hear({ type: 'DRAIN', remainingMs: 110_000 }).later(4_000);
  expect(m.said('DRAINED')).toHaveLength(1);
});

test('a drain of vitals with the core away stays and says so; it goes on when the core is back', () => {
  const m = machine()
    .serving()
    .link('down')
    .stage(['battery', 'drain'])
    .later(60_000 + 20_000);
  expect([m.phase(), m.gate.ready]).toEqual(['asking', true]);
  expect(viewOf(m.state, m.moment()).hold?.code).toBe('coreAway');
  m.link('up').hear(stateWords('SERVING'));
  expect(m.said('INTENT').at(-1)).toMatchObject({ leave: true });
  m.hear(stateWords('PREPARING'));
  expect(viewOf(m.state, m.moment()).hold).toBeNull();
});

test('stage stop on an edge that stays out ends its cluster, once', () => {
  const m = machine()
    .session()
    .hear({ type: 'REJECT', why: { code: 'coolingDown', params: {} } });
  m.stage(['battery', 'stop']);
  expect(m.said('INTENT').at(-1)).toMatchObject({ leave: true });
  expect(m.gate.notReady).toBe('stayOut');
  m.later(26_000);
  expect(stops(m)).toBe(1);
  m.stopped().later(60_000);
  expect([stops(m), m.phase()]).toEqual([1, 'gone']);
});

test('a gate that is gone does not hold a forced departure', () => {
  const m = machine().serving().link('down');
  m.gate.away = true;
  m.stage(['battery', 'stop']).later(50_000);
  expect(stops(m)).toBe(1);
});
