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
} from '../../../test/doubles/pairing-machines.ts';
import type { PairingEvent } from './pairing-state.ts';

test('the own key is the own Mac, whatever its address', () => {
  const dialler = machine(context(PINS.dialler)).do(dial, wireTo(PINS.dialler, false));
  expect(dialler.error()).toEqual({ code: 'ownAddress', params: { host: '192.0.2.7', port: 47_321 } });
  const listener = machine(context(PINS.listener)).do(open, wireTo(PINS.listener, true));
  expect(listener.state.stage).toBe('listening');
  expect(listener.effects).toEqual([{ type: 'refuse', code: 'ownAddress' }]);
});

test('paired with another key: told by its name, before any digits, on both sides; the same key may pair again', () => {
  const paired = (name: string, pin: string) => ({ pin, name });
  for (const [name, code] of [
    ['Edge', 'peerKeyChanged'],
    ['Other', 'alreadyPaired'],
  ] as const) {
    const listener = machine({ ...context(PINS.listener), paired: paired(name, PINS.stranger) });
    const dialler = machine(context(PINS.dialler, { name: 'Edge' })).do(dial, wireTo(PINS.listener, false));
    listener.do(open, wireTo(PINS.dialler, true), frame(last(dialler)));
    expect(listener.error()).toMatchObject({ code, params: { name } });
    dialler.do(frame(last(listener)));
    // Whom it is paired with is not said to a stranger.
    expect(dialler.error()).toEqual({ code: 'alreadyPaired', params: { why: 'there' } });
    expect(listener.took('countFailure') + dialler.took('countFailure')).toBe(0);
  }
  const again = machine({ ...context(PINS.dialler), paired: paired('Core', PINS.stranger) });
  const listener = machine(context(PINS.listener, { name: 'Core' })).do(open, wireTo(PINS.dialler, true));
  again.do(dial, wireTo(PINS.listener, false));
  listener.do(frame(last(again)));
  again.do(frame(last(listener)));
  expect(again.error()).toEqual({
    code: 'peerKeyChanged',
    params: { name: 'Core', address: '192.0.2.7', pin: '11111111' },
  });
  again.context = { ...again.context, paired: paired('Core', PINS.listener) };
  again.do(dial, wireTo(PINS.listener, false));
  listener.do({ type: 'cancel' }, open, wireTo(PINS.dialler, true), frame(last(again)));
  again.do(frame(last(listener)));
  expect(again.state.stage).toBe('compare');
});

test('equal roles are refused on both sides in words, each with its own role', () => {
  const { listener, dialler } = comparing({ role: 'edge' }, { role: 'edge' });
  expect(listener.error()).toMatchObject({ code: 'rolesEqual', params: { role: 'edge' } });
  expect(dialler.error()).toMatchObject({ code: 'rolesEqual', params: { role: 'edge' } });
});

test('roles as they are set, or by battery, are on both screens', () => {
  const { listener, dialler } = comparing({ hasBattery: true }, {});
  expect(listener.state).toMatchObject({ known: { ownRole: 'edge', peerRole: 'core' } });
  expect(dialler.state).toMatchObject({ known: { ownRole: 'core', peerRole: 'edge' } });
});

test('versions without a common one: each says which side is old; else the highest common one', () => {
  const far = comparing({ minors: { min: 5, max: 9 } });
  expect(far.listener.error()).toEqual({
    code: 'peerIsOld',
    params: { name: 'Edge', theirs: '1.3', ours: '1.9' },
  });
  expect(far.dialler.error()).toEqual({ code: 'selfIsOld', params: { theirs: '1.9', ours: '1.3' } });
  const near = comparing({ minors: { min: 2, max: 9 } });
  expect(near.listener.state).toMatchObject({ known: { minor: 3 } });
  expect(near.dialler.state).toMatchObject({ known: { minor: 3 } });
});

test('a dial that finds nobody, or somebody else, or somebody who says nothing', () => {
  const dialling = () => machine(context(PINS.dialler)).do(dial);
  const error = { code: 'pairingNotOpen', params: { host: 'x' } } as const;
  expect(dialling().do({ type: 'dialFailed', error }).error()).toEqual(error);
  expect(dialling().later(10_000).error()).toEqual({
    code: 'peerUnreachable',
    params: { host: '192.0.2.7', port: 47_321 },
  });
  const connected = () => dialling().do(wireTo(PINS.listener, false));
  expect(connected().do(frame('HTTP/1.1')).error()?.code).toBe('peerNotTandem');
  expect(connected().do({ type: 'closed' }).error()?.code).toBe('pairingBroken');
  expect(connected().later(5000).error()?.code).toBe('pairingBroken');
  expect(
    connected()
      .do(frame({ type: 'ABORT', code: 'pairingBusy' }))
      .error()?.code,
  ).toBe('pairingBusy');
  expect(connected().do({ type: 'cancel' }).state.stage).toBe('idle');
});

test('a network that changes ends what is under way, and nothing that is over', () => {
  const error = { code: 'noNetwork', params: {} } as const;
  const interrupt: PairingEvent = { type: 'interrupt', error };
  expect(machine(context(PINS.listener)).do(open, interrupt).error()).toEqual(error);
  expect(machine(context(PINS.dialler)).do(dial, interrupt).error()).toEqual(error);
  const { listener, dialler } = comparing();
  listener.do(interrupt);
  expect(listener.error()).toEqual(error);
  dialler.do(frame(last(listener)));
  expect(dialler.error()).toMatchObject({ code: 'pairingBroken' });
  expect(dialler.do(interrupt).error()).toMatchObject({ code: 'pairingBroken' });
  expect(listener.do(open).state.stage).toBe('listening');
});

test('what cannot be stored is told', () => {
  const { listener, dialler } = comparing();
  dialler.do({ type: 'answer', same: true });
  listener.do({ type: 'answer', same: true }, frame(last(dialler)));
  listener.do({ type: 'cancel' });
  expect(listener.state.stage).toBe('storing');
  listener.do({ type: 'stored', error: { code: 'diskFull', params: {} } });
  expect(listener.error()).toEqual({ code: 'diskFull', params: {} });
});

test('an outcome stays for a minute, or until the next pairing', () => {
  const listener = machine(context(PINS.listener)).do(open).later(120_000);
  expect(listener.later(59_999).state.stage).toBe('failed');
  expect(listener.later(1).state.stage).toBe('idle');
  const again = machine(context(PINS.listener)).do(open).later(120_000).do(open);
  expect(again.state.stage).toBe('listening');
});
