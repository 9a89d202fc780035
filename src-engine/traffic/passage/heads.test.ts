import { describe, expect, test } from 'vitest';
import { answerHead, headText, requestHead, takesChunks, without } from './heads.ts';

const HOST = ['Host', 'a'];
const gate = { host: 'upstream:1', from: null };
const front = { host: 'localhost', from: '10.0.0.9' };
/** What the gate passes on of a request that names its host. */
const head = (raw: string[], method = 'GET') => {
  const { lines, ...rest } = requestHead([...HOST, ...raw], method, gate);
  expect(lines.slice(0, 2)).toEqual(HOST);
  return { lines: lines.slice(2), ...rest };
};
const get = (raw: string[]) => head(raw).lines;
const plain = { by: null, close: null, chunks: true };
const answered = (raw: string[], way = {}) => answerHead(raw, { ...plain, ...way });

describe('a request', () => {
  test('loses what belongs to its connection, and keeps order, spelling and repetitions', () => {
    const raw = ['Cookie', '1', 'Connection', 'keep-alive, X-Mine', 'X-Mine', 'y', 'cookie', '2'];
    expect(get(raw)).toEqual(['Cookie', '1', 'cookie', '2']);
    const gone = [
      'Keep-Alive',
      'timeout=5',
      'Upgrade',
      'h2c',
      'HTTP2-Settings',
      'AAM',
      'Expect',
      '100-continue',
    ];
    expect(get(gone)).toEqual([]);
  });

  test('nobody takes away by name what says where it ends and who asks', () => {
    const raw = ['Connection', 'Content-Length, Host, X-Forwarded-For', 'Content-Length', '5'];
    expect(head(raw, 'POST').lines).toEqual(['Content-Length', '5']);
    expect(requestHead([...HOST, 'Connection', 'x-forwarded-for'], 'GET', front).lines).toEqual([
      ...HOST,
      'x-forwarded-for',
      '10.0.0.9',
    ]);
  });

  test('of HTTP/1.0 that names no host gets one, since it is passed on as 1.1', () => {
    expect(requestHead(['A', 'b'], 'GET', gate).lines).toEqual(['A', 'b', 'host', 'upstream:1']);
  });

  test('says in one line who came through which proxies, where its passer adds one', () => {
    const raw = ['X-Forwarded-For', '1.1.1.1', ...HOST, 'x-forwarded-for', '2.2.2.2'];
    expect(requestHead(raw, 'GET', front).lines).toEqual([
      ...HOST,
      'x-forwarded-for',
      '1.1.1.1, 2.2.2.2, 10.0.0.9',
    ]);
    expect(requestHead(raw, 'GET', gate).lines).toEqual(raw);
  });

  test('has a body by its length or its chunks; a POST without either has length 0', () => {
    expect(head(['Content-Length', '5'], 'POST')).toMatchObject({ hasBody: true, chunked: false });
    expect(head(['content-length', '0'], 'POST')).toMatchObject({
      hasBody: false,
      lines: ['content-length', '0'],
    });
    expect(head([], 'POST')).toMatchObject({ hasBody: false, lines: ['content-length', '0'] });
    for (const method of ['GET', 'DELETE'])
      expect(head([], method)).toMatchObject({ hasBody: false, lines: [] });
    expect(head(['Transfer-Encoding', 'chunked', 'Trailer', 'x-sum'], 'PUT')).toEqual({
      lines: ['transfer-encoding', 'chunked', 'Trailer', 'x-sum'],
      chunked: true,
      hasBody: true,
      probe: false,
    });
  });

  test('keeps the coding below its chunks, in one line', () => {
    const raw = ['Transfer-Encoding', 'gzip', 'Transfer-Encoding', 'chunked'];
    expect(get(raw)).toEqual(['transfer-encoding', 'gzip, chunked']);
  });

  test('announces and asks for trailers only where they can be had', () => {
    expect(get(['Trailer', 'x-sum', 'Connection', 'TE', 'TE', 'trailers'])).toEqual(['TE', 'trailers']);
    expect(get(['TE', 'gzip'])).toEqual([]);
  });

  test('is known as a probe of ours', () => {
    expect([head(['X-Tandem-Probe', '1']).probe, head([]).probe]).toEqual([true, false]);
  });
});

describe('an answer', () => {
  const raw = ['x-tandem-unsent', '1', 'Keep-Alive', 'timeout=5', 'Connection', 'close', 'A', 'b'];

  test('of the gate says how long the connection lasts', () => {
    expect(answered(raw, { close: false }).lines).toEqual(['A', 'b', 'connection', 'keep-alive']);
    expect(answered(raw, { close: true }).lines).toEqual(['A', 'b', 'connection', 'close']);
  });

  test('that says it was unsent is known, and does not say it further', () => {
    expect(answered(raw)).toMatchObject({ unsent: true, lines: ['A', 'b'] });
    expect(answered(['A', 'b']).unsent).toBe(false);
  });

  test('of the front says who gave it, and nobody else can say so or take it away', () => {
    const own = ['X-Tandem-Backend', 'core', 'Connection', 'x-tandem-backend, x-secret', 'X-Secret', '1'];
    expect(answered([...own, 'Set-Cookie', 'a', 'Set-Cookie', 'b'], { by: 'edge' }).lines).toEqual([
      'x-tandem-backend',
      'edge',
      'Set-Cookie',
      'a',
      'Set-Cookie',
      'b',
    ]);
    expect(answered(own).lines).toEqual([]);
  });

  test('comes in chunks, with the trailers that it announces, to who takes them', () => {
    const chunks = ['Transfer-Encoding', 'chunked', 'Trailer', 'x', 'A', 'b'];
    expect(answered(chunks)).toMatchObject({
      lines: ['A', 'b', 'transfer-encoding', 'chunked', 'Trailer', 'x'],
      chunked: true,
    });
    expect(answered(chunks, { chunks: false })).toMatchObject({ lines: ['A', 'b'], chunked: false });
    expect(answered(['Transfer-Encoding', 'identity', 'Trailer', 'x'])).toMatchObject({ lines: [] });
  });

  test('has no chunks for HTTP/1.0, and none where it has no body', () => {
    const asked = (method: string, httpVersion: string, status = 200) =>
      takesChunks({ method, httpVersion }, status);
    expect([asked('GET', '1.1'), asked('POST', '1.1', 500)]).toEqual([true, true]);
    expect([asked('GET', '1.0'), asked('HEAD', '1.1')]).toEqual([false, false]);
    expect([asked('GET', '1.1', 204), asked('GET', '1.1', 304)]).toEqual([false, false]);
  });
});

test('a head is written line by line, and lines are taken out by name, however they are spelled', () => {
  const lines = ['Host', 'a', 'KEEP-ALIVE', '1', 'X', 'keep-alive'];
  expect(headText('GET / HTTP/1.1', without(lines, ['keep-alive']))).toBe(
    'GET / HTTP/1.1\r\nHost: a\r\nX: keep-alive\r\n\r\n',
  );
});
