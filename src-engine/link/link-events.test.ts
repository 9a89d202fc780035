import { expect, test, vi } from 'vitest';
import { hello } from '../../test/doubles/link-hello.ts';
import { aSession, linkParts } from '../../test/doubles/link-parts.ts';
import { fail } from '../../src-shared/errors/result.ts';
import { unknownVitals } from '../../src-shared/world/vitals.ts';
import { hear, noteGap, sayBye } from './host-events.ts';
import { beatEvents, networkChanged, relearnRouter, sessionEvents } from './link-events.ts';
import type { PeerStatus } from './ports.ts';

const status: PeerStatus = {
  name: 'Edge',
  role: 'edge',
  version: '1',
  vitals: unknownVitals,
  clusters: [],
  api: null,
};

test('a session: what the other Mac says comes before its beats, and what was wrong is over', () => {
  const { parts, state, calls } = linkParts();
  Object.assign(state, { bye: 'sleep', peerProblem: { code: 'rolesEqual', params: {} } });
  sessionEvents(parts).onSession(aSession().session);
  expect(state).toMatchObject({ bye: null, peerProblem: null });
  const order = ['peers.update', 'breaks.onHello', 'beat.setSession', 'teller.setSession', 'publish'];
  expect(calls.filter((call) => order.includes(call))).toEqual(order);
});

test('equal roles: no session, no heartbeat by older keys, and the problem says which role', () => {
  const { parts, state, calls } = linkParts();
  sessionEvents(parts).onSession(aSession({ peer: hello({ role: 'core' }) }).session);
  expect(state.peerProblem).toEqual({ code: 'rolesEqual', params: { role: 'core' } });
  expect(calls).toEqual(expect.arrayContaining(['sessions.setPeer', 'beat.forget', 'breaks.forget']));
  expect(calls).not.toContain('beat.setSession');
});

test('a role that becomes equal while the link is up ends it', () => {
  const { parts, state, calls } = linkParts();
  sessionEvents(parts).onFrame({ type: 'STATUS', status: { ...status, role: 'core' } });
  expect(state).toMatchObject({ told: null, peerProblem: { code: 'rolesEqual' } });
  expect(calls).toContain('beat.forget');
});

test('the end of a session is a hint of a death only where nobody said good-bye', () => {
  for (const [how, dead] of [
    ['closed', true],
    ['protocol', true],
    ['bye', false],
    ['ours', false],
    ['unpaired', false],
  ] as const) {
    const { parts, calls } = linkParts();
    sessionEvents(parts).onEnd(how);
    expect(calls.includes('beat.hint'), how).toBe(dead);
    expect(calls).toEqual(expect.arrayContaining(['beat.clearSession', 'teller.setSession']));
  }
});

test('a stranger at the door is no problem of this Mac; a pairing that fits no more is', () => {
  const { parts, state } = linkParts();
  const events = sessionEvents(parts);
  events.onRefused({ code: 'peerKeyUnknown', params: {} });
  expect(state.peerProblem).toBeNull();
  events.onRefused({ code: 'rolesEqual', params: {} });
  expect(state.peerProblem?.code).toBe('rolesEqual');
});

test('an UNPAIR that cannot be followed is logged, not lost', async () => {
  const { parts } = linkParts({
    peers: { unpair: async () => fail('identityUnreadable', { path: 'x', detail: 'y' }) },
  });
  const logged: unknown[] = [];
  const error = (data: unknown) => void logged.push(data);
  const ports = { ...parts.ports, log: { ...parts.ports.log, error } as typeof parts.ports.log };
  sessionEvents({ ...parts, ports }).onFrame({
    type: 'UNPAIR',
  });
  await Promise.resolve();
  await Promise.resolve();
  expect(logged).toMatchObject([{ error: { code: 'identityUnreadable' } }]);
});

test('the other address of an authenticated Mac is a move, of one never heard it is not', () => {
  const { parts, state, added, own } = linkParts();
  own.phase = 'never';
  sessionEvents(parts).onSession(aSession({ remoteAddress: '192.0.2.9' }).session);
  expect(state.moved).toBeNull();
  own.phase = 'up';
  sessionEvents(parts).onSession(aSession({ remoteAddress: '192.0.2.9' }).session);
  expect(state.moved).toMatchObject({ who: 'peer', from: '192.0.2.8', to: '192.0.2.9' });
  expect(added.map(({ kind }) => kind)).toEqual(['link.roamed']);
});

test('a good-bye is known before the break is named; up again clears it', () => {
  const { parts, state } = linkParts({ breaks: { onPhase: () => void seen.push(state.bye) } });
  const seen: unknown[] = [];
  const common = { before: 'up', atMs: 0, silenceMs: 1, echoStallMs: null, cause: null } as const;
  beatEvents(parts).onPhase({ ...common, phase: 'left', byeReason: 'sleep' });
  beatEvents(parts).onPhase({ ...common, phase: 'up', byeReason: null });
  expect(seen).toEqual(['sleep', null]);
});

test('failing sends read the network once, not at each beat', () => {
  const { parts, calls } = linkParts();
  const events = beatEvents(parts);
  for (let beat = 0; beat < 5; beat += 1) events.onSendError('ENETUNREACH');
  expect(calls.filter((call) => call === 'watch.check')).toHaveLength(1);
});

test('a network that is gone is looked at now; one that came ends what was thought of it', () => {
  const { parts, state, calls } = linkParts();
  state.sendError = { code: 'ENETUNREACH', atMs: 0 };
  networkChanged(parts, '192.0.2.7', null);
  expect(calls).toEqual(expect.arrayContaining(['pairing.interrupt', 'beat.hint', 'breaks.networkChanged']));
  expect(state.sendError).not.toBeNull();
  networkChanged(parts, null, '192.0.2.7');
  expect(state.sendError).toBeNull();
});

test('a router that changes under the same address interrupts no pairing; a Mac that is alone does not roam', () => {
  const { parts, state, added, calls } = linkParts();
  networkChanged(parts, '192.0.2.7', '192.0.2.7');
  expect(calls).not.toContain('pairing.interrupt');
  state.paired = null;
  networkChanged(parts, '192.0.2.7', '192.0.2.9');
  expect(calls).toContain('pairing.interrupt');
  expect(added).toEqual([]);
});

test('link 15: the good-bye leaves within the handler, by datagrams first; nobody is told when alone', () => {
  const { parts, state, own, calls } = linkParts();
  const { session, sent } = aSession();
  own.current = session;
  hear(parts, 'suspend');
  expect(calls[0]).toBe('beat.bye');
  expect(sent).toMatchObject([{ type: 'BYE', reason: 'sleep' }]);
  state.paired = null;
  sayBye(parts, 'quit');
  expect(sent).toHaveLength(1);
});

test('a good-bye says what the departure knows of it', () => {
  const { parts, own } = linkParts();
  const { session, sent } = aSession();
  own.current = session;
  const farewell = () => ({ reason: 'lowBattery', drainDone: true }) as const;
  sayBye({ ...parts, ports: { ...parts.ports, farewell } }, 'sleep');
  expect(sent).toMatchObject([{ type: 'BYE', reason: 'lowBattery', drainDone: true }]);
});

test('on resume nothing old is believed, and it dials at once', () => {
  const { parts, calls } = linkParts();
  hear(parts, 'resume');
  expect(calls).toEqual(['beat.resumed', 'watch.check', 'sessions.dialNow']);
});

test('gaps for the picture: the silence that lasts counts, before the first beat nothing does', () => {
  const gaps: number[] = [];
  const now = { phase: 'never', silenceMs: null as number | null, gapSeries: [9000, null, 260] };
  const { parts } = linkParts({ beat: { now: () => now } });
  const ports = { ...parts.ports, noteGap: (gapMs: number) => void gaps.push(gapMs) };
  noteGap({ ...parts, ports });
  Object.assign(now, { phase: 'up', silenceMs: 120 });
  noteGap({ ...parts, ports });
  Object.assign(now, { phase: 'down', silenceMs: 7000.4 });
  noteGap({ ...parts, ports });
  expect(gaps).toEqual([260, 7000]);
});

test('a good-bye that TCP held back through a break is none; one while the link stands is', () => {
  const { parts, own, calls } = linkParts();
  const bye = { type: 'BYE', reason: 'sleep', drainDone: false, expectReturnSeconds: null } as const;
  own.phase = 'down';
  sessionEvents(parts).onFrame(bye);
  expect(calls).not.toContain('beat.heardBye');
  own.phase = 'up';
  sessionEvents(parts).onFrame(bye);
  expect(calls).toContain('beat.heardBye');
});

test('a router that was away when the session began is asked again, until it answers once', async () => {
  const answers = [false, true];
  let looks = 0;
  const probes = () => {
    const outcome = answers[looks++] ? 'ok' : 'silent';
    const seen = { gatewayPing: { outcome, rttMs: null }, gatewaySocket: null };
    return { looks: () => seen, done: Promise.resolve(seen), cancel: () => undefined };
  };
  const { parts, state, own } = linkParts({ probes });
  const learnt = (answer: boolean) => vi.waitFor(() => expect(state.gatewayAnswers).toBe(answer));
  relearnRouter(parts);
  expect(looks).toBe(0);
  own.current = aSession().session;
  relearnRouter(parts);
  await learnt(false);
  relearnRouter(parts);
  await learnt(true);
  relearnRouter(parts);
  expect(looks).toBe(2);
});
