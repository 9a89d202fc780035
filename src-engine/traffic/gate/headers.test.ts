import { expect, test } from 'vitest';
import { answerHead, requestHead } from './headers.ts';

const HOST = ['Host', 'a'];
/** Of a request that names its host. */
const head = (raw: string[], method: string) => {
  const { lines, ...rest } = requestHead([...HOST, ...raw], method, 'upstream:1');
  expect(lines.slice(0, 2)).toEqual(HOST);
  return { lines: lines.slice(2), ...rest };
};
const get = (raw: string[]) => head(raw, 'GET').lines;

test('a request loses what belongs to its connection, and keeps order, case and repetitions', () => {
  const raw = ['Cookie', '1', 'Connection', 'keep-alive, X-Mine', 'X-Mine', 'y', 'cookie', '2'];
  expect(get(raw)).toEqual(['Cookie', '1', 'cookie', '2']);
  expect(get(['Keep-Alive', 'timeout=5', 'Upgrade', 'h2c', 'Expect', '100-continue'])).toEqual([]);
});

test('nobody takes away by name what says where the message ends', () => {
  const { lines } = head(['Connection', 'Content-Length, Host', 'Content-Length', '5'], 'POST');
  expect(lines).toEqual(['Content-Length', '5']);
});

test('a request of HTTP/1.0 that names no host gets one, since it is passed on as 1.1', () => {
  expect(requestHead(['A', 'b'], 'GET', 'upstream:1').lines).toEqual(['A', 'b', 'host', 'upstream:1']);
});

test('a body is known by its length or its chunks; a POST without either has length 0', () => {
  expect(head(['Content-Length', '5'], 'POST')).toMatchObject({ hasBody: true, chunked: false });
  expect(head(['content-length', '0'], 'POST')).toMatchObject({
    hasBody: false,
    lines: ['content-length', '0'],
  });
  expect(head([], 'POST')).toMatchObject({ hasBody: false, lines: ['content-length', '0'] });
  expect(head([], 'GET')).toMatchObject({ hasBody: false, lines: [] });
  expect(head(['Transfer-Encoding', 'chunked', 'Trailer', 'x-sum'], 'PUT')).toEqual({
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
