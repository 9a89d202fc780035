import { expect, test } from 'vitest';
import { answerLines, requestHead } from './header-lines.ts';

test('a request keeps its headers, their order and their spelling; what is of the connection goes', () => {
  const raw = [
    'Host',
    'a.test',
    'X-One',
    '1',
    'Connection',
    'keep-alive',
    'Keep-Alive',
    'timeout=5',
    'x-one',
    '2',
  ];
  expect(requestHead(raw, 'GET', '10.0.0.9')).toEqual({
    lines: ['Host', 'a.test', 'X-One', '1', 'x-one', '2', 'x-forwarded-for', '10.0.0.9'],
    hasBody: false,
    probe: false,
  });
});

test('who came through other proxies keeps them, in one line', () => {
  const raw = ['X-Forwarded-For', '1.1.1.1', 'Host', 'a', 'x-forwarded-for', '2.2.2.2'];
  expect(requestHead(raw, 'GET', '3.3.3.3').lines).toEqual([
    'Host',
    'a',
    'x-forwarded-for',
    '1.1.1.1, 2.2.2.2, 3.3.3.3',
  ]);
});

test('an HTTP/1.0 client need not say a host; what is passed on is 1.1 and must', () => {
  expect(requestHead(['Accept', '*'], 'GET', 'me').lines).toEqual([
    'Accept',
    '*',
    'host',
    'localhost',
    'x-forwarded-for',
    'me',
  ]);
});

test('a header that Connection names goes too, but not one that frames the message', () => {
  const raw = ['Connection', 'close, X-Secret, Content-Length', 'X-Secret', '1', 'Content-Length', '3'];
  expect(requestHead(raw, 'POST', 'me').lines).toEqual([
    'Content-Length',
    '3',
    'host',
    'localhost',
    'x-forwarded-for',
    'me',
  ]);
  expect(answerLines(['Connection', 'x-secret', 'X-Secret', '1', 'Via', 'v'], 'core')).toEqual([
    'x-tandem-backend',
    'core',
    'Via',
    'v',
  ]);
});

test('a body is told by its length or by chunks; a POST without either is sent with length 0', () => {
  expect(requestHead(['Content-Length', '0'], 'POST', 'me').hasBody).toBe(false);
  expect(requestHead(['Content-Length', '7'], 'POST', 'me').hasBody).toBe(true);
  const raw = ['Host', 'a', 'Transfer-Encoding', 'chunked', 'Expect', '100-continue'];
  expect(requestHead(raw, 'PUT', 'me')).toMatchObject({
    hasBody: true,
    lines: ['Host', 'a', 'Transfer-Encoding', 'chunked', 'x-forwarded-for', 'me'],
  });
  expect(requestHead([], 'POST', 'me').lines).toContain('content-length');
  expect(requestHead([], 'DELETE', 'me').lines).not.toContain('content-length');
});

test('a probe of ours is known', () => {
  expect(requestHead(['X-Tandem-Probe', '1'], 'GET', 'me').probe).toBe(true);
});

test('an answer says who gave it, and nobody else can say so', () => {
  const raw = [
    'X-Tandem-Backend',
    'core',
    'Transfer-Encoding',
    'chunked',
    'Keep-Alive',
    'timeout=1',
    'Set-Cookie',
    'a',
  ];
  expect(answerLines(raw, 'edge')).toEqual(['x-tandem-backend', 'edge', 'Set-Cookie', 'a']);
});
