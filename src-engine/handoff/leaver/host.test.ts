import { describe, expect, test } from 'vitest';
import { machine, stateWords } from '../../../test/doubles/fake-edge.ts';
import { viewOf } from './view.ts';

describe('a suspend', () => {
  const suspended = () => machine().serving().do({ type: 'lid', closed: false }, { type: 'suspend' });

  test('one word by every way, gate not ready at once, nothing stopped', () => {
    const m = suspended();
    expect(m.asked('leaveNow').map(({ words }) => words)).toMatchObject([{ reason: { name: 'suspend' } }]);
    expect([m.phase(), m.gate.notReady]).toEqual(['leftNow', 'leaving']);
    m.later(600_000);
    expect(m.asked('stopCluster')).toEqual([]);
    expect(m.do({ type: 'suspend' }).asked('leaveNow')).toHaveLength(1);
  });

  test('safe to close only when the core proved weight 0', () => {
    const m = suspended();
    expect(viewOf(m.state, m.moment())).toMatchObject({
      state: 'OFFLINE',
      unplanned: true,
      safeToCloseLid: null,
    });
    m.hear({ type: 'ACK', of: 'LEAVE_NOW', stage: 'written' });
    expect(viewOf(m.state, m.moment()).safeToCloseLid).toBeNull();
    m.hear({ type: 'ACK', of: 'LEAVE_NOW', stage: 'live' });
    expect(viewOf(m.state, m.moment()).safeToCloseLid).toBe(true);
  });

  test('a wake stays out before anything else, and returns when the core admits it', () => {
    const m = suspended().link('left');
    const before = m.done.length;
    m.do({ type: 'resume', wakeId: 'wake-2' });
    expect(m.done[before]).toEqual({ type: 'setGate', why: 'stayOut' });
    expect([m.phase(), m.state.reasons.length]).toEqual(['out', 1]);
    m.link('up');
    expect(m.said('REJOIN').at(-1)).toMatchObject({ wakeId: 'wake-2', reasons: [], gateReady: false });
    expect(m.said('ASK_RETURN')).toHaveLength(1);
    m.hear(stateWords('LOST')).later(59_000);
    expect(m.said('ASK_RETURN')).toHaveLength(1);
    m.later(1_000);
    expect(m.said('ASK_RETURN')).toHaveLength(2);
    m.hear({ type: 'ADMIT', share: 10 });
    expect([m.phase(), m.gate.ready]).toEqual(['serving', true]);
  });

  test('a wake that ends before it counts asks for nothing, however often; a person does not wait', () => {
    const m = suspended();
    for (let wake = 0; wake < 5; wake += 1) {
      m.do({ type: 'resume', wakeId: `dark-${wake}` })
        .link('up')
        .hear(stateWords('OFFLINE'))
        .later(50_000);
      m.do({ type: 'suspend' }).link('left').later(600_000);
    }
    expect([m.phase(), m.said('ASK_RETURN').length]).toEqual(['out', 1]);
    m.do({ type: 'resume', wakeId: 'morning' }).link('up').hear(stateWords('OFFLINE')).later(1_000);
    m.do({ type: 'return' });
    expect(m.said('ASK_RETURN').at(-1)).toMatchObject({ person: true });
  });

  test('a link that still says up at the wake is greeted with the new wake', () => {
    const m = suspended().do({ type: 'resume', wakeId: 'wake-2' });
    expect(m.said('REJOIN').at(-1)?.wakeId).toBe('wake-2');
    expect(m.state.reasons).toEqual([]);
  });

  test('an ADMIT of before the wake admits nobody', () => {
    const m = machine().session();
    m.do({ type: 'suspend' }, { type: 'resume', wakeId: 'wake-2' }).hear({ type: 'ADMIT', share: 10 });
    expect([m.phase(), m.gate.ready]).toEqual(['out', false]);
  });

  test.each(['asking', 'drained'] as const)(
    'in the middle of a departure (%s): stays out, and lets the core end it',
    (when) => {
      const m = machine().serving().do({ type: 'leave', now: false, detail: null });
      if (when === 'drained') {
        m.epoch = 2;
        m.hear({ type: 'DRAIN', remainingMs: 95_000 }).later(10_000);
      }
      m.do({ type: 'suspend' }, { type: 'resume', wakeId: 'wake-2' }).hear(stateWords('OFFLINE'));
      expect([m.phase(), m.gate.notReady]).toEqual(['asking', 'stayOut']);
      expect(m.said('INTENT').at(-1)).toMatchObject({ leave: true, reasons: [{ name: 'user' }] });
      m.epoch += 1;
      m.handoffId = 'after the wake';
      m.hear({ type: 'DRAIN', remainingMs: 110_000 }).later(10_000);
      m.hear({ type: 'RELEASE', remainingMs: 90_000 });
      expect([m.phase(), m.said('ASK_RETURN').length]).toEqual(['stopping', 1]);
    },
  );

  test('a pause of automation does not hold it', () => {
    const m = machine().serving();
    m.world.mayAct = false;
    expect(m.do({ type: 'suspend' }).phase()).toBe('leftNow');
  });
});

describe('the lid', () => {
  const lid = (closed: boolean | null) => ({ type: 'lid', closed }) as const;

  test('closing while serving is LEAVE_NOW; opening ends it, and it returns', () => {
    const m = machine().serving().do(lid(false), lid(true));
    expect(m.asked('leaveNow').map(({ words }) => words)).toMatchObject([{ reason: { name: 'lid' } }]);
    m.do(lid(null)).later(60_000);
    expect(m.phase()).toBe('leftNow');
    m.do(lid(false));
    expect([m.phase(), m.gate.notReady]).toEqual(['out', 'stayOut']);
    expect(m.said('ASK_RETURN')).toHaveLength(2);
  });

  test('a lid that has been closed all along is no reason, nor one that closes while out', () => {
    expect(machine().do(lid(true)).serving().phase()).toBe('serving');
    const m = machine().do(lid(false), lid(true)).serving();
    expect([m.phase(), m.state.reasons]).toEqual(['serving', []]);
  });

  test('it clears itself alone', () => {
    const m = machine().serving().do(lid(false), lid(true)).do({ type: 'leave', now: false, detail: null });
    m.do(lid(false)).later(60_000);
    expect(m.state.reasons.map(({ reason }) => reason.name)).toEqual(['user']);
    expect(m.said('ASK_RETURN')).toHaveLength(1);
  });

  test('a pause of automation holds it', () => {
    const m = machine().serving().do(lid(false));
    m.world.mayAct = false;
    expect(m.do(lid(true)).phase()).toBe('serving');
  });

  test('closing in a drain goes on with the drain, and with the core away it does not wait', () => {
    const m = machine().serving().draining().do(lid(false), lid(true));
    expect([m.phase(), m.asked('leaveNow').length]).toEqual(['draining', 0]);
    m.link('down').later(10_000);
    expect(m.asked('stopCluster')).toHaveLength(1);
  });

  test('awake under a closed lid at stage stop, the cluster ends', () => {
    const m = machine().serving().do(lid(false), lid(true)).stage(['battery', 'stop']).later(26_000);
    expect(m.asked('stopCluster')).toHaveLength(1);
  });
});

test('a shutdown on an edge that is out is nothing', () => {
  const m = machine().session().do({ type: 'shutdown' });
  expect([m.phase(), m.state.reasons]).toEqual(['out', []]);
});

test('a LEAVE_NOW that was not heard is said again when the link is there', () => {
  const m = machine().serving().do({ type: 'suspend' }).link('down').link('up').hear(stateWords('SUSPECT'));
  expect(m.asked('leaveNow')).toHaveLength(2);
  m.hear({ type: 'ACK', of: 'LEAVE_NOW', stage: 'written' }).link('down').link('up').hear(stateWords('LOST'));
  expect(m.asked('leaveNow')).toHaveLength(2);
});
