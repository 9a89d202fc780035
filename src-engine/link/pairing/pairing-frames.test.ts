import { expect, test } from 'vitest';
import { cleanName, parsePairFrame } from './pairing-frames.ts';

const commit = {
  type: 'COMMIT',
  name: 'Kitchen',
  role: 'single',
  hasBattery: true,
  port: 47_321,
  minors: { min: 1, max: 1 },
  commit: 'ab'.repeat(32),
};

test('frames of ours pass; what a newer version adds is dropped', () => {
  expect(parsePairFrame(commit)).toEqual(commit);
  expect(parsePairFrame({ type: 'CONFIRM', more: true })).toEqual({ type: 'CONFIRM' });
  expect(parsePairFrame({ type: 'ABORT', code: 'pairingBusy' })).toEqual({
    type: 'ABORT',
    code: 'pairingBusy',
  });
});

test('an end for a reason that this version does not know is an end', () => {
  expect(parsePairFrame({ type: 'ABORT', code: 'eclipse' })).toEqual({
    type: 'ABORT',
    code: 'pairingBroken',
  });
});

test('everything else is no frame', () => {
  const junk: unknown[] = [
    null,
    undefined,
    7,
    'COMMIT',
    [],
    {},
    { type: 'HELLO' },
    { type: ['CONFIRM'] },
    { ...commit, commit: 'AB'.repeat(32) },
    { ...commit, commit: 'ab' },
    { ...commit, name: 'x'.repeat(64) },
    { ...commit, name: 7 },
    { ...commit, role: 'boss' },
    { ...commit, hasBattery: 'yes' },
    { ...commit, port: 0 },
    { ...commit, port: 1.5 },
    { ...commit, minors: { min: 2, max: 1 } },
    { ...commit, minors: null },
    { type: 'NONCE', nonce: '11'.repeat(32) },
    { type: 'REVEAL' },
    { type: 'REVEAL', nonce: '11'.repeat(4096) },
  ];
  for (const frame of junk) expect(parsePairFrame(frame), JSON.stringify(frame)).toBeNull();
});

test('a name can neither leave its line nor turn the text round nor be nothing', () => {
  expect(cleanName('Kit\u0007chen\n\r\tMac\u2028')).toBe('KitchenMac');
  expect(cleanName('\u202Egnp.cam\u2066')).toBe('gnp.cam');
  expect(cleanName('\u200B\u0000 ')).toBe('Mac');
  expect(cleanName(' 부엌의 맥 ')).toBe('부엌의 맥');
  const long = cleanName(`${'x'.repeat(62)}😀😀`);
  expect(long).toBe('x'.repeat(62));
  expect(parsePairFrame({ ...commit, name: '\u001b[31mred' })).toMatchObject({ name: '[31mred' });
});
