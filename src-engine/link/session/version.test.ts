import { expect, test } from 'vitest';
import { agree, seenFromHere } from './version.ts';

const r = (min: number, max: number) => ({ min, max });

test.each([
  ['equal', r(0, 0), r(0, 0), 0, 0],
  ['the lower of two highest', r(0, 3), r(1, 2), 0, 2],
  ['one common version', r(2, 5), r(0, 2), 2, 2],
  ['at the ratchet', r(0, 5), r(0, 4), 4, 4],
])('%s is agreed', (_what, ours, theirs, ratchet, minor) => {
  expect(agree(ours, theirs, ratchet)).toEqual({ ok: true, minor });
  expect(agree(theirs, ours, ratchet)).toEqual({ ok: true, minor });
});

test.each([
  ['they stopped before we begin', r(2, 3), r(0, 1), 0, 'peerIsOld', '1.1', '1.3'],
  ['we stop before they begin', r(0, 1), r(2, 3), 0, 'selfIsOld', '1.3', '1.1'],
  ['they are below what was agreed once', r(0, 5), r(0, 4), 5, 'peerIsOld', '1.4', '1.5'],
  ['we are below what was agreed once', r(0, 4), r(0, 6), 5, 'selfIsOld', '1.6', '1.4'],
] as const)('%s: %s', (_what, ours, theirs, ratchet, code, theirName, ourName) => {
  expect(agree(ours, theirs, ratchet)).toEqual({
    ok: false,
    code,
    params: { theirs: theirName, ours: ourName },
  });
});

test('what the other side calls old is new here', () => {
  expect([seenFromHere('peerIsOld'), seenFromHere('selfIsOld')]).toEqual(['selfIsOld', 'peerIsOld']);
});
