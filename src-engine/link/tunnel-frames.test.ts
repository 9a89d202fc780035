import { expect, test } from 'vitest';
import { aSession, linkParts } from '../../test/doubles/link-parts.ts';
import { createCourier } from './courier.ts';
import { sessionEvents } from './link-events.ts';
import { readFrame } from './session/frames.ts';

test('a TUNNEL frame goes out by the session that stands, and reaches who listens for it alone', () => {
  const verdict = { link: 'up', class: null, byeReason: null };
  const { parts, own } = linkParts({
    breaks: { verdict: () => verdict, onHello: () => undefined },
    beat: { now: () => ({ phase: own.phase, silenceMs: 40 }), leaveNow: async () => true },
  });
  const courier = createCourier(parts);
  Object.assign(parts, { courier });
  const heard: unknown[] = [];
  const deaf = {
    onFact: () => undefined,
    onSession: () => undefined,
    onPayload: () => void heard.push('hand-off'),
    onLeaveNow: () => undefined,
  };
  courier.subscribe(deaf);
  courier.subscribe({ ...deaf, onTunnel: (payload) => void heard.push(payload) });
  expect(courier.sendTunnel({ any: 1 })).toBe(false);
  const { session, sent } = aSession();
  own.current = session;
  expect(courier.sendTunnel({ any: 1 })).toBe(true);
  expect(sent).toEqual([{ type: 'TUNNEL', payload: { any: 1 } }]);
  sessionEvents(parts).onFrame({ type: 'TUNNEL', payload: { any: 2 } });
  expect(heard).toEqual([{ any: 2 }]);
});

test('a SECRET frame reaches who takes secrets, and no log', () => {
  const logged: unknown[] = [];
  const log = { info: (...what: unknown[]) => void logged.push(what), debug: () => undefined };
  const { parts, own } = linkParts({
    breaks: { verdict: () => ({ link: 'up', class: null, byeReason: null }), onHello: () => undefined },
    beat: { now: () => ({ phase: own.phase, silenceMs: 40 }), leaveNow: async () => true },
  });
  Object.assign(parts.ports, { log });
  const courier = createCourier(parts);
  Object.assign(parts, { courier });
  const heard: unknown[] = [];
  courier.subscribe({
    onFact: () => undefined,
    onSession: () => undefined,
    onPayload: () => undefined,
    onLeaveNow: () => undefined,
    onSecret: (...secret) => void heard.push(secret),
  });
  const { session, sent } = aSession();
  expect(courier.sendSecret('broker', 'hidden')).toBe(false);
  own.current = session;
  expect(courier.sendSecret('broker', 'hidden')).toBe(true);
  expect(sent).toEqual([{ type: 'SECRET', name: 'broker', value: 'hidden' }]);
  sessionEvents(parts).onFrame({ type: 'SECRET', name: 'broker', value: 'hidden' });
  expect(heard).toEqual([['broker', 'hidden']]);
  expect(JSON.stringify(logged)).not.toContain('hidden');
});

test('what it carries is opaque to the link', () => {
  const frame = { type: 'TUNNEL', payload: { deep: [1, { er: null }] } };
  expect(readFrame(frame)).toEqual({ kind: 'frame', frame });
});
