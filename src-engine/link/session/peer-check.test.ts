import { expect, test } from 'vitest';
import { failureOf } from './dial.ts';
import { judgePeer, type PeerFacts, type PeerVerdict } from './peer-check.ts';

const [friend, own, stranger] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)];
const good: PeerFacts = {
  protocol: 'TLSv1.3',
  alpn: 'tandem/1',
  resumed: false,
  certificates: 1,
  curve: 'prime256v1',
  pin: friend,
};
const cases: readonly [string, Partial<PeerFacts>, PeerVerdict][] = [
  ['the friend', {}, 'ok'],
  ['TLS 1.2', { protocol: 'TLSv1.2' }, 'notTandem'],
  ['no protocol', { alpn: null }, 'notTandem'],
  ['the pairing protocol', { alpn: 'tandem-pair/1' }, 'notTandem'],
  ['a resumed session with the right key', { resumed: true }, 'resumed'],
  ['no certificate', { certificates: 0, curve: null, pin: null }, 'noCertificate'],
  ['two certificates', { certificates: 2 }, 'noCertificate'],
  ['another curve', { curve: 'secp384r1' }, 'noCertificate'],
  ['an RSA key', { curve: null }, 'noCertificate'],
  ['our own key', { pin: own }, 'ownKey'],
  ['a stranger', { pin: stranger }, 'otherKey'],
  ['half a pin', { pin: friend.slice(0, 32) }, 'otherKey'],
];
test.each(cases)('%s', (_who, facts, verdict) => {
  expect(judgePeer({ ...good, ...facts }, { alpn: 'tandem/1', ownPin: own, pin: friend })).toBe(verdict);
});

test('a pairing takes any key but our own', () => {
  const wanted = { alpn: 'tandem-pair/1', ownPin: own, pin: null } as const;
  const verdicts = [stranger, own].map((pin) => judgePeer({ ...good, alpn: 'tandem-pair/1', pin }, wanted));
  expect(verdicts).toEqual(['ok', 'ownKey']);
});

test.each([
  ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', true, 'alpnRefused'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', true, 'notTls'],
  ['ECONNRESET', true, 'closed'],
  ['ECONNREFUSED', false, 'refused'],
  ['ETIMEDOUT', false, 'timeout'],
  ['EHOSTUNREACH', false, 'unreachable'],
  ['ENETUNREACH', false, 'unreachable'],
  ['ENOTFOUND', false, 'unreachable'],
  ['EPERM', false, 'denied'],
  [undefined, false, 'unreachable'],
])('%s, connected %s: %s', (code, connected, failure) => {
  expect(failureOf(code, connected)).toBe(failure);
});
