import { expect, test } from 'vitest';
import {
  comparing,
  context,
  dial,
  frame,
  last,
  machine,
  open,
  PINS,
  wireTo,
  type Machine,
} from '../../../test/doubles/pairing-machines.ts';
import { step } from './pairing-machine.ts';
import type { PairingEvent } from './pairing-state.ts';

test('link 19: the same six digits on both sides, and both store the other when both said yes', () => {
  const { listener, dialler } = comparing();
  expect(listener.state.stage).toBe('compare');
  expect(listener.digits()).toMatch(/^\d{6}$/);
  expect(dialler.digits()).toBe(listener.digits());
  dialler.do({ type: 'answer', same: true });
  expect(dialler.took('store')).toBe(0);
  listener.do(frame(last(dialler)));
  expect(listener.took('store')).toBe(0);
  listener.do({ type: 'answer', same: true });
  dialler.do(frame(last(listener)));
  for (const side of [listener, dialler]) {
    expect(side.state.stage).toBe('storing');
    side.do({ type: 'closed' }, { type: 'stored', error: null });
    expect(side.state.stage).toBe('done');
    expect(side.took('store')).toBe(1);
    expect(side.took('clearFailures')).toBe(1);
    expect(side.took('countFailure')).toBe(0);
  }
  expect(listener.state).toMatchObject({
    known: { pin: PINS.dialler, name: 'Edge', ownRole: 'core', peerRole: 'edge' },
  });
  expect(dialler.state).toMatchObject({
    known: { pin: PINS.listener, name: 'Core', ownRole: 'edge', peerRole: 'core' },
  });
});

test('link 19: the same keys, nonces and frames over two TLS connections are different digits', () => {
  const listener = machine(context(PINS.listener)).do(open);
  const dialler = machine(context(PINS.dialler)).do(dial);
  listener.do(wireTo(PINS.dialler, true, 'bb'.repeat(32), Buffer.alloc(32, 1)));
  dialler.do(wireTo(PINS.listener, false, 'aa'.repeat(32), Buffer.alloc(32, 2)));
  listener.do(frame(last(dialler)));
  dialler.do(frame(last(listener)));
  listener.do(frame(last(dialler)));
  expect([listener.state.stage, dialler.state.stage]).toEqual(['compare', 'compare']);
  expect(listener.digits()).not.toBe(dialler.digits());
});

test('link 19: a wrong reveal is refused on both sides and is a try', () => {
  const listener = machine(context(PINS.listener)).do(open, wireTo(PINS.dialler, true));
  const dialler = machine(context(PINS.dialler)).do(dial, wireTo(PINS.listener, false));
  listener.do(frame(last(dialler)));
  dialler.do(frame(last(listener)));
  listener.do(frame({ type: 'REVEAL', nonce: 'cc'.repeat(32) }));
  expect(listener.error()).toMatchObject({ code: 'pairingForged' });
  expect(listener.took('countFailure')).toBe(1);
  dialler.do(frame(last(listener)));
  expect(dialler.error()).toMatchObject({ code: 'pairingForged' });
});

test('link 19: who commits to one battery and role and shows others is forged', () => {
  const listener = machine(context(PINS.listener)).do(open, wireTo(PINS.dialler, true));
  const dialler = machine(context(PINS.dialler)).do(dial, wireTo(PINS.listener, false));
  listener.do(frame({ ...last(dialler), role: 'core' }));
  dialler.do(frame(last(listener)));
  listener.do(frame(last(dialler)));
  expect(listener.error()).toMatchObject({ code: 'pairingForged' });
});

test('link 19: a window of 120 s; who knocks later is refused', () => {
  const listener = machine(context(PINS.listener)).do(open).later(119_999);
  expect(listener.state.stage).toBe('listening');
  listener.later(1);
  expect(listener.error()).toMatchObject({ code: 'pairingExpired' });
  listener.do(wireTo(PINS.dialler, true));
  expect(listener.effects.at(-1)).toEqual({ type: 'refuse', code: 'pairingNotOpen' });
  expect(listener.took('countFailure')).toBe(0);
});

test('an event that comes with the end of the window comes too late, though the timer is late', () => {
  const listener = machine(context(PINS.listener)).do(open);
  const late = step(listener.state, wireTo(PINS.dialler, true), listener.context, 120_000);
  expect(late.state).toMatchObject({ stage: 'failed', error: { code: 'pairingExpired' } });
  const { dialler } = comparing();
  const yes = step(dialler.state, { type: 'answer', same: true }, dialler.context, 60_000);
  expect(yes.state).toMatchObject({ stage: 'failed', error: { code: 'pairingExpired' } });
  expect(yes.effects).not.toContainEqual({ type: 'send', frame: { type: 'CONFIRM' } });
});

test('link 19: one yes alone stores nothing: time', () => {
  const { listener, dialler } = comparing();
  listener.do({ type: 'answer', same: true });
  dialler.do(frame(last(listener)));
  dialler.later(60_000);
  expect(dialler.error()).toMatchObject({ code: 'pairingExpired' });
  // The one that waits gives the other's yes of the last moment time to arrive.
  listener.later(60_000);
  expect(listener.state.stage).toBe('compare');
  listener.later(5000);
  expect(listener.error()).toMatchObject({ code: 'pairingExpired' });
  for (const side of [listener, dialler]) {
    expect(side.took('store')).toBe(0);
    expect(side.took('countFailure')).toBe(1);
  }
});

test('link 19: one yes alone stores nothing: the other says different, or goes, or the connection is cut', () => {
  for (const end of ['different', 'cancel', 'cut'] as const) {
    const { listener, dialler } = comparing();
    dialler.do({ type: 'answer', same: true });
    listener.do(frame(last(dialler)));
    if (end === 'cut') {
      listener.do({ type: 'closed' });
      dialler.do({ type: 'closed' });
    } else {
      listener.do(end === 'cancel' ? { type: 'cancel' } : { type: 'answer', same: false });
      dialler.do(frame(last(listener)), { type: 'closed' });
    }
    expect(dialler.error()?.code).toBe(end === 'cut' ? 'pairingBroken' : 'pairingDeclined');
    expect(listener.state.stage).toBe(end === 'cancel' ? 'idle' : 'failed');
    if (end === 'different') expect(listener.error()?.code).toBe('pairingDifferent');
    for (const side of [listener, dialler]) {
      expect(side.took('store')).toBe(0);
      expect(side.took('countFailure')).toBe(1);
    }
  }
});

test('the cut that no protocol of two can heal: who has both answers stores, the other says broken', () => {
  const { listener, dialler } = comparing();
  listener.do({ type: 'answer', same: true });
  dialler.do(frame(last(listener)), { type: 'answer', same: true }, { type: 'closed' });
  listener.do({ type: 'closed' });
  expect(dialler.state.stage).toBe('storing');
  expect(listener.error()).toMatchObject({ code: 'pairingBroken' });
  listener.do(open);
  expect(listener.state.stage).toBe('listening');
});

test('a second connection is told that this Mac is busy and disturbs nothing', () => {
  const { listener } = comparing();
  const before = listener.state;
  listener.do(wireTo(PINS.stranger, true));
  expect(listener.state).toBe(before);
  expect(listener.effects.at(-1)).toEqual({ type: 'refuse', code: 'pairingBusy' });
});

test('who connects and is no Tandem, or goes, or says nothing, does not end the window', () => {
  const ends: ((side: Machine) => Machine)[] = [
    (side) => side.do(frame({ type: 'HELLO' })),
    (side) => side.do(frame({ type: 'CONFIRM' })),
    (side) => side.do({ type: 'closed' }),
    (side) => side.later(5000),
  ];
  for (const end of ends) {
    const listener = end(machine(context(PINS.listener)).do(open, wireTo(PINS.stranger, true)));
    expect(listener.state).toMatchObject({ stage: 'listening', untilMs: 120_000 });
    expect(listener.effects.at(-1)).toEqual({ type: 'close' });
    expect(listener.took('countFailure')).toBe(0);
  }
});

test('from NONCE on every end is a try: digits could be drawn and thrown away', () => {
  const knock = () => {
    const { sent } = machine(context(PINS.dialler)).do(dial, wireTo(PINS.listener, false));
    return machine(context(PINS.listener)).do(open, wireTo(PINS.dialler, true), frame(sent()[0]));
  };
  const ends: PairingEvent[] = [
    { type: 'closed' },
    frame({ type: 'ABORT', code: 'pairingBusy' }),
    frame(null),
    frame({ type: 'CONFIRM' }),
    { type: 'cancel' },
  ];
  for (const end of ends) expect(knock().do(end).took('countFailure'), JSON.stringify(end)).toBe(1);
  expect(knock().later(5000).took('countFailure')).toBe(1);
});

test('link 19: CONFIRM that is said again and again changes nothing, and still counts once', () => {
  const { listener } = comparing();
  listener.do(frame({ type: 'CONFIRM' }));
  const before = listener.state;
  const effects = listener.effects.length;
  for (let turn = 0; turn < 5; turn += 1) listener.do(frame({ type: 'CONFIRM' }));
  // The runner shows a state, and sets its timer, when it is another object.
  expect(listener.state).toBe(before);
  expect(listener.effects).toHaveLength(effects);
  expect(listener.do({ type: 'answer', same: true }).state.stage).toBe('storing');
  expect(listener.took('store')).toBe(1);
});
