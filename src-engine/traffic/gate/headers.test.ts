import { expect, test } from 'vitest';
import { answerHead, requestHead } from './headers.ts';

const get = (raw: string[]) => requestHead(raw, 'GET').lines;

test('a request loses what belongs to its connection, and keeps order, case and repetitions', () => {
  const raw = ['Host', 'a', 'Cookie', '1', 'Connection', 'keep-alive, X-Mine', 'X-Mine', 'y', 'cookie', '2'];
  expect(get(raw)).toEqual(['Host', 'a', 'Cookie', '1', 'cookie', '2']);
  expect(get(['Host', 'a', 'Keep-Alive', 'timeout=5', 'Upgrade', 'h2c', 'Expect', '100-continue'])).toEqual([
    'Host',
    'a',
  ]);
});

test('nobody takes away by name what says where the message ends', () => {
  const { lines } = requestHead(
    ['Connection', 'Content-Length, Host', 'Host', 'a', 'Content-Length', '5'],
    'POST',
  );
  expect(lines).toEqual(['Host', 'a', 'Content-Length', '5']);
});

test('a body is known by its length or its chunks; a POST without either has length 0', () => {
  expect(requestHead(['Content-Length', '5'], 'POST')).toMatchObject({ hasBody: true, chunked: false });
  expect(requestHead(['content-length', '0'], 'POST')).toMatchObject({
    hasBody: false,
    lines: ['content-length', '0'],
  });
  expect(requestHead([], 'POST')).toMatchObject({ hasBody: false, lines: ['content-length', '0'] });
  expect(requestHead([], 'GET')).toMatchObject({ hasBody: false, lines: [] });
  expect(requestHead(['Transfer-Encoding', 'chunked', 'Trailer', 'x-sum'], 'PUT')).toEqual({
    lines: ['transfer-encoding', 'chunked', 'Trailer', 'x-sum'],
    chunked: true,
    hasBody: true,
  });
});

test('trailers are announced and asked for only where they can be had', () => {
  expect(get(['Trailer', 'x-sum', 'TE', 'trailers'])).toEqual(['TE', 'trailers']);
  expect(get(['TE', 'gzip'])).toEqual([]);
});

test('an answer says how long the connection lasts, and never what the workload says of being unsent', () => {
  const raw = ['x-tandem-unsent', '1', 'Keep-Alive', 'timeout=5', 'Connection', 'close', 'A', 'b'];
  expect(answerHead(raw, { close: false, chunks: true }).lines).toEqual([
    'A',
    'b',
    'connection',
    'keep-alive',
  ]);
  expect(answerHead(raw, { close: true, chunks: true }).lines).toEqual(['A', 'b', 'connection', 'close']);
});

test('who does not know chunks gets none', () => {
  const raw = ['Transfer-Encoding', 'chunked', 'Trailer', 'x', 'A', 'b'];
  expect(answerHead(raw, { close: true, chunks: false })).toEqual({
    lines: ['A', 'b', 'connection', 'close'],
    chunked: false,
    hasBody: true,
  });
});
