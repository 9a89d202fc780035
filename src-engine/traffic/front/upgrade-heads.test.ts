import { expect, test } from 'vitest';
import { LONGEST_HEAD_BYTES, readUpgradeAnswer, upgradeRequest } from './upgrade-heads.ts';

const head = (...lines: string[]): string => [...lines, '', ''].join('\r\n');

test('a request to upgrade keeps what upgrades, and says who asks', () => {
  const raw = ['Host', 'a', 'Connection', 'Upgrade', 'Upgrade', 'websocket', 'X-Forwarded-For', '1.1.1.1'];
  expect(upgradeRequest({ method: 'GET', path: '/ws?a=1', raw }, '2.2.2.2').toString()).toBe(
    head(
      'GET /ws?a=1 HTTP/1.1',
      'Host: a',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'x-forwarded-for: 1.1.1.1, 2.2.2.2',
    ),
  );
});

test('the answer says its side, and what came behind the head is not lost', () => {
  const bytes = Buffer.from(`${head('HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade')}frame`);
  const answer = readUpgradeAnswer(bytes, 'edge');
  expect(answer).toMatchObject({ status: 101, unsent: false, rest: Buffer.from('frame') });
  expect(answer !== null && answer !== 'invalid' && answer.forClient.toString()).toBe(
    head('HTTP/1.1 101 Switching Protocols', 'x-tandem-backend: edge', 'Connection: Upgrade'),
  );
});

test('an answer that does not upgrade ends the connection: the next request has its own turn', () => {
  const bytes = Buffer.from(head('HTTP/1.1 400 Bad Request', 'connection: keep-alive', 'X-Tandem-Unsent: 1'));
  const answer = readUpgradeAnswer(bytes, 'core');
  expect(answer).toMatchObject({ status: 400, unsent: true });
  expect(answer !== null && answer !== 'invalid' && answer.forClient.toString()).toBe(
    head('HTTP/1.1 400 Bad Request', 'x-tandem-backend: core', 'Connection: close'),
  );
});

test('half a head is waited for; something else, or a head without an end, is not', () => {
  expect(readUpgradeAnswer(Buffer.from('HTTP/1.1 101 Sw'), 'edge')).toBeNull();
  expect(readUpgradeAnswer(Buffer.from(head('SSH-2.0-OpenSSH')), 'edge')).toBe('invalid');
  expect(readUpgradeAnswer(Buffer.alloc(LONGEST_HEAD_BYTES + 1, 'a'), 'edge')).toBe('invalid');
});
