import { expect, test } from 'vitest';
import type { Stage } from '../../src-shared/world/vitals.ts';
import { dismissed, heard, noNotices, repeatInMs, type Happening } from './notice-policy.ts';

const stage = (to: Stage): Happening => ({
  type: 'stage',
  stage: to,
  metric: 'battery.percent',
  value: 20,
  limit: 25,
});
const at = (minutes: number) => ({ ms: minutes * 60_000, iso: '2026-01-01T00:00:00.000Z' });
const openOf = (state: typeof noNotices) =>
  state.notices.filter((notice) => notice.open).map((notice) => notice.params['stage']);

test('a stage is told once, a higher one again, a lower one not', () => {
  let state = heard(noNotices, stage('warn'), at(0));
  state = heard(state, stage('warn'), at(1));
  expect(state.notices).toHaveLength(1);
  state = heard(state, stage('drain'), at(2));
  expect(openOf(state)).toEqual(['drain']);
  state = heard(state, stage('warn'), at(3));
  expect(state.notices).toHaveLength(2);
});

test('the same stage is told again after half an hour', () => {
  let state = heard(noNotices, stage('warn'), at(0));
  expect(repeatInMs(state, 10 * 60_000)).toBe(20 * 60_000);
  state = heard(state, stage('warn'), at(29));
  expect(state.notices).toHaveLength(1);
  state = heard(state, stage('warn'), at(31));
  expect(state.notices).toHaveLength(2);
  expect(repeatInMs(heard(state, stage('ok'), at(32)), 0)).toBeNull();
});

test('a stage that is over closes its notice and is told as over, once, without a dot', () => {
  let state = heard(noNotices, stage('drain'), at(0));
  state = heard(state, stage('ok'), at(1));
  expect(openOf(state)).toEqual([]);
  expect(state.notices.at(-1)).toMatchObject({ kind: 'stageCleared', severity: 'info', open: false });
  expect(heard(state, stage('ok'), at(2))).toBe(state);
});

test('a stage that was never told has no end to tell', () => {
  expect(heard(noNotices, stage('ok'), at(0)).notices).toEqual([]);
});

test('warn, ok, warn within half an hour is told once, and its notice is open while it holds', () => {
  let state = heard(noNotices, stage('warn'), at(0));
  state = heard(state, stage('ok'), at(5));
  state = heard(state, stage('warn'), at(10));
  expect(state.notices.map(({ kind }) => kind)).toEqual(['stageEntered', 'stageCleared']);
  expect(openOf(state)).toEqual(['warn']);
  state = heard(state, stage('ok'), at(12));
  expect(state.notices).toHaveLength(2);
  expect(openOf(state)).toEqual([]);
  state = heard(state, stage('warn'), at(40));
  expect(state.notices.at(-1)).toMatchObject({ kind: 'stageEntered', open: true });
});

test('a higher stage after a clear is told at once; a dismissed notice does not open again', () => {
  let state = heard(noNotices, stage('warn'), at(0));
  state = dismissed(state, state.notices[0]?.id ?? '');
  state = heard(state, stage('ok'), at(1));
  state = heard(state, stage('warn'), at(2));
  expect(openOf(state)).toEqual([]);
  state = heard(state, stage('stop'), at(3));
  expect(openOf(state)).toEqual(['stop']);
});

test('a failed operation stays open until dismissed or followed by a newer one; a finished one does not', () => {
  const failed: Happening = {
    type: 'operationFailed',
    name: 'lab',
    verb: 'start',
    code: 'dockerDown',
    params: {},
  };
  let state = heard(noNotices, failed, at(0));
  expect(state.notices[0]?.open).toBe(true);
  state = dismissed(state, state.notices[0]?.id ?? '');
  expect(state.notices[0]?.open).toBe(false);
  state = heard(state, { type: 'operationFinished', name: 'lab', verb: 'start', elapsedMs: 1 }, at(1));
  expect(state.notices.map((notice) => notice.open)).toEqual([false, false]);
});

test('keeps the newest twenty', () => {
  let state = noNotices;
  for (let minute = 0; minute < 30; minute += 1)
    state = heard(
      state,
      { type: 'operationFinished', name: 'lab', verb: 'start', elapsedMs: minute },
      at(minute),
    );
  expect(state.notices).toHaveLength(20);
  expect(state.notices[0]?.params['elapsedMs']).toBe(10);
});

const peer = (kind: Extract<Happening, { type: 'peer' }>['kind']): Happening => ({
  type: 'peer',
  kind,
  params: { name: 'Edge' },
});
const openKinds = (state: typeof noNotices) =>
  state.notices.filter(({ open }) => open).map(({ kind }) => kind);

test('a lost link is open until it is back; "back" itself is not', () => {
  let state = heard(noNotices, peer('peerLost'), at(0));
  expect(state.notices).toMatchObject([{ category: 'link', severity: 'warning', open: true }]);
  state = heard(state, { type: 'settled', category: 'link' }, at(1));
  expect(openKinds(state)).toEqual([]);
  state = heard(state, peer('peerBack'), at(1));
  expect(openKinds(state)).toEqual([]);
  expect(state.notices.at(-1)).toMatchObject({ kind: 'peerBack', severity: 'info' });
});

test('the link, the question of a network and the stage do not close each other', () => {
  let state = heard(noNotices, stage('warn'), at(0));
  for (const kind of ['networkAsked', 'peerWeak', 'peerLost'] as const)
    state = heard(state, peer(kind), at(1));
  expect(openKinds(state)).toEqual(['stageEntered', 'networkAsked', 'peerLost']);
  state = heard(state, { type: 'settled', category: 'pairing' }, at(2));
  expect(openKinds(state)).toEqual(['stageEntered', 'peerLost']);
});

test('unpaired from the other side: told, and the question of a network is over', () => {
  let state = heard(noNotices, peer('networkAsked'), at(0));
  state = heard(state, peer('peerUnpaired'), at(1));
  expect(openKinds(state)).toEqual([]);
  expect(state.notices.at(-1)).toMatchObject({ kind: 'peerUnpaired', category: 'pairing' });
});

test('digits that wait for an answer are open until it was given', () => {
  let state = heard(noNotices, peer('pairingAsked'), at(0));
  expect(state.notices).toMatchObject([{ category: 'digits', severity: 'warning', open: true }]);
  state = heard(state, { type: 'settled', category: 'digits' }, at(1));
  expect(openKinds(state)).toEqual([]);
});

test('digits that wait do not answer for the network, nor its answer for them', () => {
  let state = heard(noNotices, peer('networkAsked'), at(0));
  state = heard(state, peer('pairingAsked'), at(1));
  expect(openKinds(state)).toEqual(['networkAsked', 'pairingAsked']);
  const answered = heard(state, { type: 'settled', category: 'digits' }, at(2));
  expect(openKinds(answered)).toEqual(['networkAsked']);
  state = heard(state, { type: 'settled', category: 'pairing' }, at(2));
  expect(openKinds(state)).toEqual(['pairingAsked']);
});

test('what is over untold changes nothing, so that nothing is published', () => {
  const state = heard(noNotices, stage('warn'), at(0));
  expect(heard(state, { type: 'settled', category: 'link' }, at(1))).toBe(state);
});

test('a countdown and a hold stay open until they are over; "moved" and "back" are only told', () => {
  const told = (kind: Extract<Happening, { type: 'handoff' }>['kind']): Happening => ({
    type: 'handoff',
    kind,
    params: {},
  });
  let state = heard(noNotices, stage('drain'), at(0));
  state = heard(state, told('handoffWarned'), at(0));
  expect(openKinds(state)).toEqual(['stageEntered', 'handoffWarned']);
  state = heard(state, { type: 'settled', category: 'handoff' }, at(1));
  state = heard(state, told('handoffMoved'), at(1));
  expect(openKinds(state)).toEqual(['stageEntered']);
  state = heard(state, told('handoffHeld'), at(2));
  state = heard(state, told('handoffReturned'), at(3));
  expect(openKinds(state)).toEqual(['stageEntered']);
});
