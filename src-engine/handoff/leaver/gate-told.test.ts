import { expect, test } from 'vitest';
import { machine, stateWords } from '../../../test/doubles/fake-edge.ts';

const refusal = { type: 'REJECT', why: { code: 'returnFailed', params: {} } } as const;

test('a gate that could not be looked up at the greeting is told as soon as it can', () => {
  const m = machine();
  m.do({ type: 'link', state: 'up', told: true }, { type: 'greeting', address: null, gate: null });
  const gates = () => m.said('REJOIN').map(({ gate }) => gate !== null);
  m.state = { ...m.state, gateTold: false, session: 'asked' };
  m.hear(stateWords('OFFLINE'));
  const before = gates().length;
  m.later(2_000);
  expect(gates().slice(before)).toEqual([true]);
  m.hear(stateWords('OFFLINE')).later(10_000);
  expect(gates()).toHaveLength(before + 1);
});

test('a gate whose address cannot be had is looked up ever more seldom, and asks for nothing by that', () => {
  const m = machine();
  m.gate.lost = true;
  m.session().hear(refusal);
  const asked = m.said('ASK_RETURN').length;
  const withCore = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) m.later(1_000).hear(stateWords('HOLD'));
  };
  withCore(600);
  const rejoins = m.said('REJOIN').length;
  expect(rejoins).toBeGreaterThan(5);
  expect(rejoins).toBeLessThan(20);
  expect(m.said('ASK_RETURN')).toHaveLength(asked);
  m.gate.lost = false;
  withCore(62);
  expect(m.said('REJOIN').at(-1)?.gate).not.toBeNull();
  expect(m.said('ASK_RETURN').length).toBeGreaterThan(asked);
  // A new session does not wait as the last one did.
  m.gate.lost = true;
  m.link('down').link('up').hear(stateWords('OFFLINE'));
  m.gate.lost = false;
  withCore(3);
  expect(m.said('REJOIN').at(-1)?.gate).not.toBeNull();
});
