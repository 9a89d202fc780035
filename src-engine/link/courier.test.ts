import { expect, test } from 'vitest';
import { aSession, linkParts } from '../../test/doubles/link-parts.ts';
import { createCourier } from './courier.ts';
import { sessionEvents } from './link-events.ts';
import type { LinkListener } from './link-ports.ts';

/** The courier of a core's link, and what a listener heard of it. */
function bench(given: Record<string, unknown> = {}) {
  const verdict = { link: 'up', class: null as string | null, byeReason: null };
  const beat = { now: () => ({ phase: own.phase, silenceMs: 40 }), leaveNow: async () => true };
  const { parts, own, state } = linkParts({
    breaks: { verdict: () => verdict, onHello: () => undefined },
    beat,
    ...given,
  });
  const courier = createCourier(parts);
  Object.assign(parts, { courier });
  const heard: unknown[] = [];
  const listener: LinkListener = {
    onFact: (fact) => void heard.push(fact),
    onSession: (fact) => void heard.push(['session', fact.state]),
    onPayload: (payload) => void heard.push(['payload', payload]),
    onLeaveNow: (payload) => void heard.push(['leave', payload.length]),
  };
  const leave = courier.subscribe(listener);
  return { parts, own, state, verdict, courier, heard, leave };
}

test('a HANDOFF frame reaches who listens, and goes out by the session that stands', () => {
  const { parts, own, courier, heard, leave } = bench();
  expect(courier.send({ type: 'X' })).toBe(false);
  const { session, sent } = aSession();
  own.current = session;
  expect(courier.send({ type: 'X' })).toBe(true);
  expect(sent).toEqual([{ type: 'HANDOFF', payload: { type: 'X' } }]);
  sessionEvents(parts).onFrame({ type: 'HANDOFF', payload: { any: 1 } });
  leave();
  sessionEvents(parts).onFrame({ type: 'HANDOFF', payload: { any: 2 } });
  expect(heard).toEqual([['payload', { any: 1 }]]);
});

test('the class of another phase is of before; a good-bye tells its reason only while it has left', () => {
  const { own, state, verdict, courier } = bench();
  verdict.class = 'ONE_WAY';
  expect(courier.fact()).toEqual({ state: 'up', class: 'ONE_WAY', byeReason: null, silenceMs: 40 });
  own.phase = 'suspect';
  expect(courier.fact()).toMatchObject({ state: 'suspect', class: null });
  state.bye = 'sleep';
  expect(courier.fact().byeReason).toBeNull();
  Object.assign(verdict, { link: 'left', class: 'LEFT' });
  own.phase = 'left';
  expect(courier.fact()).toMatchObject({ state: 'left', class: 'LEFT', byeReason: 'sleep' });
});

test('one listener that fails keeps no word from the others', () => {
  const { courier, heard } = bench();
  const fails = (): never => {
    throw new Error('mine');
  };
  courier.subscribe({ onFact: fails, onSession: fails, onPayload: fails, onLeaveNow: fails });
  const leave = courier.subscribe({
    onFact: () => void heard.push('second'),
    onSession: () => undefined,
    onPayload: () => undefined,
    onLeaveNow: () => undefined,
  });
  courier.changed('phase');
  expect(heard).toMatchObject([{ state: 'up' }, 'second']);
  leave();
  courier.changed('session');
  expect(heard.at(-1)).toEqual(['session', 'up']);
});

test('a datagram holds 24 bytes and needs somebody to go to', async () => {
  const { courier, state } = bench();
  expect(await courier.leaveNow(Buffer.alloc(24))).toBe(true);
  expect(await courier.leaveNow(Buffer.alloc(25))).toBe(false);
  state.paired = null;
  expect(await courier.leaveNow(Buffer.alloc(1))).toBe(false);
});

test('a session that begins is told: what went into the one before may be lost', () => {
  const beat = { now: () => ({ phase: 'up', silenceMs: 0 }), setSession: () => undefined };
  const { parts, heard } = bench({ beat });
  sessionEvents(parts).onSession(aSession().session);
  expect(heard).toEqual([['session', 'up']]);
});
