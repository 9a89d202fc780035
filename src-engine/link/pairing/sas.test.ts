import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { commitHolds, commitOf, digitsOf, type SasSide } from './sas.ts';

const dialler: SasSide = {
  pin: 'aa'.repeat(32),
  nonce: '11'.repeat(32),
  minors: { min: 1, max: 2 },
  role: 'single',
  hasBattery: true,
};
const listener: SasSide = {
  pin: 'bb'.repeat(32),
  nonce: '22'.repeat(32),
  minors: { min: 1, max: 1 },
  role: 'core',
  hasBattery: false,
};
const exporterOf = (number: number) => {
  const exporter = Buffer.alloc(32, 7);
  exporter.writeUInt32BE(number);
  return exporter;
};

test('commit and digits as another program computes them (Python hashlib and hmac)', () => {
  expect(commitOf(dialler)).toBe('5deb819a12f929c102ba3deb01164651edb4f2f6283db93626dbbd73c4109caa');
  expect(digitsOf(exporterOf(0), dialler, listener)).toBe('583862');
  // Zeros stay: six digits always.
  expect(digitsOf(exporterOf(293), dialler, listener)).toBe('000223');
});

test('a commitment holds for what was committed and for nothing else', () => {
  const commit = commitOf(dialler);
  expect(commitHolds(commit, dialler)).toBe(true);
  for (const other of changesOf(dialler)) expect(commitHolds(commit, other)).toBe(false);
  expect(commitHolds('', dialler)).toBe(false);
});

test('whatever differs between the two sides changes the digits', () => {
  const digits = digitsOf(exporterOf(0), dialler, listener);
  expect(digitsOf(exporterOf(1), dialler, listener)).not.toBe(digits);
  expect(digitsOf(exporterOf(0), listener, dialler)).not.toBe(digits);
  for (const other of changesOf(dialler)) expect(digitsOf(exporterOf(0), other, listener)).not.toBe(digits);
  for (const other of changesOf(listener)) expect(digitsOf(exporterOf(0), dialler, other)).not.toBe(digits);
});

test('digits are drawn evenly', () => {
  const tens = Array.from({ length: 10 }, () => 0);
  const draws = 5000;
  for (let draw = 0; draw < draws; draw += 1) {
    const first = Number(digitsOf(randomBytes(32), dialler, listener)[0]);
    tens[first] = (tens[first] ?? 0) + 1;
  }
  // 500 each; six standard deviations are 127.
  for (const count of tens) expect(Math.abs(count - draws / 10)).toBeLessThan(128);
});

function changesOf(side: SasSide): SasSide[] {
  return [
    { ...side, pin: `${side.pin.slice(0, -1)}0` },
    { ...side, nonce: `${side.nonce.slice(0, -1)}0` },
    { ...side, minors: { ...side.minors, min: 0 } },
    { ...side, minors: { ...side.minors, max: 9 } },
    { ...side, role: 'edge' },
    { ...side, hasBattery: !side.hasBattery },
  ];
}
