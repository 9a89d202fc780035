import { expect, test } from 'vitest';
import { machine, stateWords, type Machine } from '../../../test/doubles/fake-edge.ts';
import { viewOf } from './view.ts';

const release = { type: 'RELEASE', remainingMs: 60_000 } as const;
const drained = (m: Machine = machine()) => m.serving().draining().later(10_000);
const stops = (m: Machine) => m.asked('stopCluster').length;

test("a person's departure, word by word", () => {
  const m = machine().serving();
  m.do({ type: 'leave', now: false, detail: 'train' });
  expect(m.said('INTENT').at(-1)).toMatchObject({
    leave: true,
    reasons: [{ name: 'user', detail: 'train' }],
  });
  m.epoch = 2;
  m.hear({ type: 'PREPARE', remainingMs: 119_000 });
  expect(m.said('PREPARED')).toEqual([{ type: 'PREPARED', inFlight: 0, fit: true, why: null }]);
  expect(m.gate.ready).toBe(true);
  m.hear({ type: 'DRAIN', remainingMs: 95_000 });
  expect([m.gate.ready, m.gate.notReady]).toEqual([false, 'leaving']);
  m.later(9_000);
  expect(m.said('DRAINED')).toEqual([]);
  m.later(1_000);
  expect(m.said('DRAINED')).toEqual([{ type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 }]);
  m.hear(release);
  expect(m.phase()).toBe('stopping');
  expect(m.said('GONE')).toEqual([]);
  m.stopped();
  expect(m.said('GONE')).toEqual([{ type: 'GONE', stoppedMs: 5, forced: false }]);
  expect(m.gate.notReady).toBe('stayOut');
});

test('without RELEASE it stays, past every deadline, and says DRAINED again', () => {
  const m = drained().later(300_000);
  expect(m.phase()).toBe('drained');
  expect(stops(m)).toBe(0);
  expect(m.said('DRAINED').length).toBeGreaterThan(10);
  expect(viewOf(m.state, m.moment()).hold).toEqual({ code: 'coreAway', params: {} });
  m.hear(release);
  expect(stops(m)).toBe(1);
});

test('RELEASE of an older epoch, of another departure or too early stops nothing', () => {
  const early = machine().serving().draining().hear(release).later(9_000);
  expect(early.phase()).toBe('draining');
  const m = drained();
  m.epoch -= 1;
  m.hear(release);
  m.epoch += 1;
  const own = m.handoffId;
  m.handoffId = 'another';
  m.hear(release);
  expect(stops(m)).toBe(0);
  m.handoffId = own;
  m.hear(release);
  expect(stops(m)).toBe(1);
});

test('a word that comes twice is answered again and does nothing twice', () => {
  const m = machine().serving();
  m.do({ type: 'leave', now: false, detail: null });
  m.epoch = 2;
  m.hear({ type: 'PREPARE', remainingMs: 119_000 }, { type: 'PREPARE', remainingMs: 118_000 });
  expect(m.said('PREPARED')).toHaveLength(2);
  m.hear({ type: 'DRAIN', remainingMs: 95_000 }).later(10_000);
  m.hear({ type: 'DRAIN', remainingMs: 80_000 });
  expect(m.said('DRAINED')).toHaveLength(2);
  m.hear(release, release);
  expect(stops(m)).toBe(1);
  m.stopped().hear(release);
  expect(m.said('GONE')).toHaveLength(2);
  expect(m.gate.orders.filter((order) => order === 'leaving')).toHaveLength(1);
});

test('one message heard twice is one', () => {
  const m = machine().serving();
  m.do({ type: 'leave', now: false, detail: null });
  const prepare = { type: 'PREPARE', remainingMs: 119_000, handoffId: 'two', epoch: 2, seq: 900 } as const;
  m.message(prepare).message(prepare);
  expect(m.said('PREPARED')).toHaveLength(1);
});

test('what is open when 45 s are over is cut, counted and named', () => {
  const m = machine().serving();
  m.gate.open = Array.from({ length: 25 }, (_, index) => ({
    method: 'GET',
    path: `/s${index}`,
    ageMs: 60_000,
  }));
  m.draining().later(44_000);
  expect(m.gate.cuts).toBe(0);
  m.later(1_000);
  expect(m.gate.cuts).toBe(1);
  const [said] = m.said('DRAINED');
  expect(said?.cutCount).toBe(25);
  expect(said?.cut).toHaveLength(20);
  expect(said?.cut[0]?.path).toBe('/s0');
});

test('a deadline that is past: no time to drain, and the stop still waits for RELEASE', () => {
  const m = machine().serving();
  m.gate.open = [{ method: 'GET', path: '/stream', ageMs: 9 }];
  m.do({ type: 'leave', now: false, detail: null });
  m.epoch = 2;
  m.hear({ type: 'PREPARE', remainingMs: 0 }, { type: 'DRAIN', remainingMs: 0 }).later(1);
  expect(m.said('DRAINED')).toMatchObject([{ cutCount: 1 }]);
  expect(stops(m)).toBe(0);
});

test('a drain of vitals counts down first, and tells the core at once', () => {
  const m = machine().serving().stage(['battery', 'drain']);
  expect(m.said('INTENT')).toMatchObject([{ leave: false, reasons: [{ name: 'battery', level: 'drain' }] }]);
  m.later(59_999);
  expect(m.phase()).toBe('serving');
  m.later(1);
  expect(m.phase()).toBe('asking');
  expect(m.said('INTENT').at(-1)).toMatchObject({ leave: true });
});

test('the time scale divides the countdown and the delay, and no step of a departure', () => {
  const m = machine({ timeScale: 10 }).serving().stage(['battery', 'drain']).later(6_000);
  expect(m.phase()).toBe('asking');
  const put = machine({ timeScale: 10 }).serving().stage(['battery', 'drain']).do({ type: 'delay' });
  expect(put.later(59_000).phase()).toBe('serving');
  expect(put.later(7_000).phase()).toBe('asking');
  expect(machine({ timeScale: 10 }).serving().draining().later(9_000).phase()).toBe('draining');
});

test('a warning stays, without a countdown; its end is told', () => {
  const m = machine().serving().stage(['memory', 'warn']).later(300_000);
  expect(m.phase()).toBe('serving');
  expect(viewOf(m.state, m.moment())).toMatchObject({ state: 'WARNED', countdownEndsAt: null });
  m.stage();
  expect(m.said('INTENT').map(({ reasons, leave }) => [reasons.length, leave])).toEqual([
    [1, false],
    [0, false],
  ]);
});

test('a core that is unfit keeps it: a person is told, a drain of vitals is tried again later', () => {
  const why = { code: 'coreUnfit', params: {} } as const;
  const m = machine().serving().do({ type: 'leave', now: false, detail: null }).hear({ type: 'REJECT', why });
  expect(m.phase()).toBe('serving');
  expect(viewOf(m.state, m.moment()).hold).toEqual(why);
  expect(m.later(600_000).phase()).toBe('serving');
  expect(viewOf(m.state, m.moment()).hold).toBeNull();
  const auto = machine().serving().stage(['battery', 'drain']).later(60_000).hear({ type: 'REJECT', why });
  expect(auto.later(119_000).phase()).toBe('serving');
  expect(auto.later(1_500).phase()).toBe('asking');
  expect(auto.gate.orders.at(-1)).toBe('ready');
});

test('an INTENT that nobody heard is said again, and after a new session too', () => {
  const m = machine().serving().do({ type: 'leave', now: false, detail: null });
  m.later(5_000);
  expect(m.said('INTENT')).toHaveLength(2);
  m.link('down').link('up').hear(stateWords('SERVING'));
  expect(m.said('REJOIN').at(-1)).toMatchObject({ doing: 'preparing', reasons: [{ name: 'user' }] });
  expect(m.said('INTENT')).toHaveLength(3);
});

test('a cluster that would not stop ends the departure all the same, and is named', () => {
  const m = drained().hear(release);
  m.do({ type: 'stopped', result: { ok: false, error: { code: 'stopFailed', params: {} } } });
  expect(m.said('GONE')).toMatchObject([{ forced: true }]);
  expect(viewOf(m.state, m.moment()).hold).toMatchObject({ code: 'stopFailed' });
});

test('without a cluster it is gone at once', () => {
  const m = drained(machine({ cluster: null })).hear(release);
  expect(m.phase()).toBe('gone');
  expect(stops(m)).toBe(0);
  expect(m.said('GONE')).toEqual([{ type: 'GONE', stoppedMs: 0, forced: false }]);
});

test("no clock but this Mac's own: a core whose wall clock is hours off changes nothing", () => {
  const course = (startMs: number) => {
    const m = machine({ startMs }).serving().draining();
    m.hear(
      stateWords('DRAINING', { since: '2031-05-05T05:05:05.000Z', deadlineAt: '1999-01-01T00:00:00.000Z' }),
    );
    m.later(10_000).hear(release).stopped();
    return m.done.map((effect) => (effect.type === 'send' ? effect.words.type : effect.type));
  };
  expect(course(Date.parse('2001-01-01T00:00:00.000Z'))).toEqual(
    course(Date.parse('2026-01-01T00:00:00.000Z')),
  );
});
