import { describe, expect, test } from 'vitest';
import { machine, stateWords, type Machine } from '../../../test/doubles/fake-edge.ts';
import { refusal } from './on-person.ts';
import { viewOf } from './view.ts';

const reject = (code: 'coolingDown' | 'returnFailed') =>
  ({ type: 'REJECT', why: { code, params: {} } }) as const;
const askedToReturn = (m: Machine) => m.do({ type: 'return' });
const refused = (m: Machine) => refusal(m.state, 'return', m.moment());
/** Leaves by a battery: its cluster is being stopped. */
const released = (m: Machine = machine()) => {
  m.serving().stage(['battery', 'drain']).later(60_000).epoch = 2;
  m.hear({ type: 'ACK', of: 'INTENT', stage: 'live' }, { type: 'DRAIN', remainingMs: 95_000 });
  return m.later(10_000).hear({ type: 'RELEASE', remainingMs: 80_000 });
};
const gone = () => released().stopped();

test('never admitted: the gate stays out, whatever it was, until ADMIT', () => {
  const m = machine();
  expect(m.gate.orders).toEqual(['stayOut']);
  m.gate.order(true, null);
  m.later(5_000);
  expect(m.gate.notReady).toBe('stayOut');
  m.link('up');
  expect(m.said('REJOIN')).toMatchObject([{ doing: 'nothing', gateReady: false, gatePaused: false }]);
  expect(m.later(4_000).said('ASK_RETURN')).toEqual([]);
  m.hear(stateWords('OFFLINE')).later(500);
  expect(m.said('ASK_RETURN')).toEqual([{ type: 'ASK_RETURN', person: false, clusterReady: true }]);
});

test('REJOIN is said again until the core answers, and nothing else before', () => {
  const m = machine().link('up').stage(['memory', 'warn']).later(20_000);
  const types = m.asked('send').map(({ words }) => words.type);
  expect(new Set(types)).toEqual(new Set(['REJOIN']));
  expect(types.length).toBeGreaterThanOrEqual(4);
});

test('asks every 5 s while it cools down; a final refusal ends the asking, a new session begins it', () => {
  const m = machine().session().hear(reject('coolingDown')).later(15_000);
  expect(m.said('ASK_RETURN')).toHaveLength(4);
  m.hear(reject('returnFailed')).later(60_000);
  expect(m.said('ASK_RETURN')).toHaveLength(4);
  expect(viewOf(m.state, m.moment()).hold?.code).toBe('returnFailed');
  m.link('down').session('HOLD');
  expect(m.said('ASK_RETURN')).toHaveLength(5);
});

test('with nothing to serve it asks every half minute, and within seconds once there is something', () => {
  const m = machine();
  m.gate.upstreamUp = false;
  m.session().hear(reject('coolingDown')).later(61_000);
  expect(m.said('ASK_RETURN')).toHaveLength(3);
  m.gate.upstreamUp = true;
  expect(m.later(5_000).said('ASK_RETURN')).toHaveLength(4);
});

test('the first question of a session waits for no look at the workload', () => {
  const m = machine();
  m.gate.upstreamUp = false;
  m.link('up').hear(stateWords('OFFLINE')).later(600);
  expect(m.said('ASK_RETURN')).toHaveLength(1);
});

test('a person who wants it back is asked for every 5 s, whatever the workload does', () => {
  const m = machine();
  m.gate.upstreamUp = false;
  const before = m.session().said('ASK_RETURN').length;
  askedToReturn(m).later(15_000);
  expect(m.said('ASK_RETURN').length - before).toBeGreaterThanOrEqual(3);
});

test('out, the gate is looked at every 5 s; the share that it is given, at once and then each second', () => {
  const m = machine().session();
  const looks = () => m.asked('lookAtGate').length;
  m.later(10_000);
  const out = looks();
  expect(m.later(30_000).asked('lookAtGate').length - out).toBe(6);
  const before = looks();
  m.hear({ type: 'ADMIT', share: 10 });
  expect(looks() - before).toBeGreaterThanOrEqual(1);
  const serving = looks();
  expect(m.later(10_000).asked('lookAtGate').length - serving).toBe(10);
});

test("the core's HOLD that is over is the end of a final refusal", () => {
  const m = machine().session('HOLD').hear(reject('returnFailed')).hear(stateWords('OFFLINE'));
  expect(m.said('ASK_RETURN')).toHaveLength(2);
});

test('its reason is gone: the cluster is started first, then it asks', () => {
  const m = gone();
  expect(m.later(60_000).asked('startCluster')).toEqual([]);
  m.stage();
  expect([m.phase(), m.said('ASK_RETURN').length]).toEqual(['starting', 1]);
  m.world.cluster = 'lab';
  m.do({ type: 'started', result: { ok: true, value: undefined } });
  expect([m.phase(), m.said('ASK_RETURN').length]).toEqual(['out', 2]);
  expect(viewOf(m.state, m.moment()).safeToCloseLid).toBe(true);
  m.hear({ type: 'ADMIT', share: 10 });
  expect(viewOf(m.state, m.moment()).safeToCloseLid).toBe(false);
});

test('its stop failed, perhaps with its nodes closed: the return starts it although it runs', () => {
  const m = released();
  m.do({ type: 'stopped', result: { ok: false, error: { code: 'stopFailed', params: {} } } }).stage();
  expect([m.world.cluster, m.phase(), m.asked('startCluster').length]).toEqual(['lab', 'starting', 1]);
  m.do({ type: 'started', result: { ok: true, value: undefined } });
  expect([m.phase(), m.said('ASK_RETURN').length]).toEqual(['out', 2]);
});

test('a cluster that would not start is tried again in a minute, or when a person asks', () => {
  const m = gone().stage();
  const failing = { ok: false, error: { code: 'memoryRefused', params: {} } } as const;
  m.do({ type: 'started', result: failing });
  expect(viewOf(m.state, m.moment()).hold?.code).toBe('memoryRefused');
  expect(m.later(59_000).asked('startCluster')).toHaveLength(1);
  expect(m.later(2_000).asked('startCluster')).toHaveLength(2);
  m.do({ type: 'started', result: failing });
  expect(askedToReturn(m).asked('startCluster')).toHaveLength(3);
});

test('a cluster that was not ours to stop is not started', () => {
  const m = machine({ cluster: null });
  m.serving().draining().later(10_000).hear({ type: 'RELEASE', remainingMs: 80_000 });
  expect(askedToReturn(m).asked('startCluster')).toEqual([]);
  expect(m.said('ASK_RETURN').at(-1)).toEqual({ type: 'ASK_RETURN', person: true, clusterReady: null });
});

test('a warning holds a return by itself, not one that a person asks for', () => {
  const m = gone().stage(['battery', 'warn']);
  expect(m.later(60_000).phase()).toBe('gone');
  expect(refused(m)).toBeNull();
  expect(askedToReturn(m).phase()).toBe('starting');
});

test('a pause of automation holds a return by itself, not one that a person asks for', () => {
  const m = machine().session();
  m.world.mayAct = false;
  expect(m.later(60_000).said('ASK_RETURN')).toHaveLength(1);
  expect(askedToReturn(m).said('ASK_RETURN').at(-1)?.person).toBe(true);
});

describe('a person asks to return', () => {
  test('`user` ends by that alone', () => {
    const m = machine()
      .serving()
      .draining()
      .later(10_000)
      .hear({ type: 'RELEASE', remainingMs: 80_000 })
      .stopped();
    expect([m.later(3_600_000).phase(), m.asked('startCluster').length]).toEqual(['gone', 0]);
    expect(askedToReturn(m).phase()).toBe('starting');
  });

  test('refused with what is left, without a core, while serving or leaving', () => {
    expect(refused(gone())).toEqual({ code: 'reasonsLeft', params: { reasons: 'battery' } });
    expect(refused(machine())).toMatchObject({ code: 'coreAway' });
    expect(refused(machine().serving())).toMatchObject({ code: 'alreadyServing' });
    expect(refused(machine().serving().draining())).toMatchObject({ code: 'departureRuns' });
  });

  test('while it stops: it finishes, then returns', () => {
    const m = machine().serving().draining().later(10_000).hear({ type: 'RELEASE', remainingMs: 80_000 });
    expect(refused(m)).toBeNull();
    expect(askedToReturn(m).phase()).toBe('stopping');
    expect([m.stopped().phase(), m.said('GONE').length]).toEqual(['starting', 1]);
  });

  test("the core's HOLD ends by it on a serving edge too", () => {
    const m = machine().serving().hear(stateWords('HOLD'));
    expect(refused(m)).toBeNull();
    expect(askedToReturn(m).said('ASK_RETURN').at(-1)?.person).toBe(true);
    expect(m.phase()).toBe('serving');
  });

  test('it stays a person asking until it is admitted', () => {
    const m = machine().session().hear(reject('returnFailed'));
    askedToReturn(m).hear(reject('coolingDown')).later(5_000);
    expect(
      m
        .said('ASK_RETURN')
        .slice(1)
        .map(({ person }) => person),
    ).toEqual([true, true]);
    m.hear({ type: 'ADMIT', share: 10 });
    expect(m.state.person).toBe(false);
  });
});

test('a reason that came up since it asked keeps it out', () => {
  const m = machine().session().stage(['battery', 'drain']).hear({ type: 'ADMIT', share: 10 });
  expect([m.phase(), m.gate.ready]).toEqual(['out', false]);
  expect(m.said('INTENT')).toMatchObject([{ leave: false, reasons: [{ name: 'battery' }] }]);
});

test('the core has given its share away meanwhile: out, and it asks', () => {
  const m = machine().serving().link('down').later(60_000);
  expect([m.phase(), m.gate.ready]).toEqual(['serving', true]);
  m.link('up').hear(stateWords('LOST')).later(500);
  expect([m.phase(), m.gate.notReady, m.said('ASK_RETURN').length]).toEqual(['out', 'stayOut', 2]);
});

describe("the gate's pause guard", () => {
  test('tripped with the link up: REJOIN says so by itself, and it stays out until ADMIT', () => {
    const m = machine().serving();
    Object.assign(m.gate, { ready: false, notReady: 'paused' });
    m.later(1_000);
    expect(m.said('REJOIN').at(-1)).toMatchObject({ gatePaused: true, gateReady: false });
    expect(m.phase()).toBe('out');
    m.later(3_000).hear(stateWords('SERVING')).later(500);
    expect(m.said('REJOIN')).toHaveLength(2);
    expect(m.said('ASK_RETURN')).toHaveLength(2);
    m.hear({ type: 'ADMIT', share: 80 }).later(5_000);
    expect([m.phase(), m.gate.ready, m.said('REJOIN').length]).toEqual(['serving', true, 2]);
  });

  test('seen before the last order: no news', () => {
    const m = machine().serving();
    const gate = { ...m.gate.seen(), ready: false, notReady: 'paused' } as const;
    m.do({ type: 'gate', turn: m.state.gateTurn - 1, gate });
    expect([m.phase(), m.said('REJOIN').length]).toEqual(['serving', 1]);
    m.do({ type: 'gate', turn: m.state.gateTurn, gate });
    expect([m.phase(), m.said('REJOIN').length]).toEqual(['out', 2]);
  });

  test('tripped while the link was away: the first word of the session says so', () => {
    const m = machine().serving().link('down');
    Object.assign(m.gate, { ready: false, notReady: 'paused' });
    m.link('up');
    expect(m.said('REJOIN').at(-1)).toMatchObject({ gatePaused: true });
    expect(m.phase()).toBe('out');
  });

  test('in a departure that is cancelled then: out, not serving', () => {
    const m = machine().serving().draining();
    Object.assign(m.gate, { ready: false, notReady: 'paused' });
    m.later(1_000).hear(stateWords('DRAINING')).do({ type: 'cancel' });
    expect([m.phase(), m.gate.ready]).toEqual(['out', false]);
  });
});

test('a core that was started anew counts its messages from 1: it is greeted again', () => {
  const m = machine().serving();
  m.message({ ...stateWords('SERVING'), handoffId: 'one', epoch: 1, seq: 1 });
  expect(m.said('REJOIN')).toHaveLength(2);
});

test('another session over a link that stays up begins with REJOIN as well', () => {
  const m = machine().serving().link('up');
  expect(m.said('REJOIN')).toHaveLength(2);
  m.do({ type: 'link', state: 'up', told: false });
  expect(m.said('REJOIN')).toHaveLength(2);
});

test('a session that cannot carry a message is begun again', () => {
  const m = machine().serving().do({ type: 'leave', now: false, detail: null }, { type: 'unsent' });
  m.later(1_000).hear(stateWords('SERVING'));
  expect([m.said('REJOIN').length, m.said('INTENT').length]).toEqual([2, 2]);
});

describe('a person who lets it leave although it has no share', () => {
  const asked = () => machine().session('LOST').do({ type: 'leave', now: false, detail: null });

  test('the core ends it as it ends any other, and its gate stays out throughout', () => {
    const m = asked();
    expect([m.phase(), m.gate.notReady]).toEqual(['asking', 'stayOut']);
    m.epoch = 2;
    m.hear({ type: 'DRAIN', remainingMs: 110_000 }).later(10_000);
    m.hear({ type: 'RELEASE', remainingMs: 90_000 }).stopped();
    expect([m.phase(), m.gate.orders.includes('ready')]).toEqual(['gone', false]);
    expect(viewOf(m.state, m.moment()).safeToCloseLid).toBe(true);
  });

  test('cancelled or refused, it stays out', () => {
    expect(asked().do({ type: 'cancel' }).phase()).toBe('out');
    const m = asked()
      .hear({ type: 'REJECT', why: { code: 'coreUnfit', params: {} } })
      .later(60_000);
    expect([m.phase(), m.gate.ready, m.said('INTENT').length]).toEqual(['out', false, 1]);
  });

  test('without a cluster it just stays', () => {
    const m = machine({ cluster: null })
      .session()
      .do({ type: 'leave', now: false, detail: null })
      .later(60_000);
    expect([m.phase(), m.said('ASK_RETURN').length]).toEqual(['out', 1]);
  });
});

test('the core gave the share away in the middle of a departure: asked again, without one', () => {
  const m = machine().serving().draining().link('down').later(20_000).link('up').hear(stateWords('OFFLINE'));
  expect([m.phase(), m.gate.notReady]).toEqual(['asking', 'stayOut']);
  m.epoch += 1;
  m.handoffId = 'again';
  m.hear({ type: 'DRAIN', remainingMs: 110_000 })
    .later(10_000)
    .hear({ type: 'RELEASE', remainingMs: 90_000 });
  expect(m.asked('stopCluster')).toHaveLength(1);
});
