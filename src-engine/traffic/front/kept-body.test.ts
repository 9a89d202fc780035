import { expect, test } from 'vitest';
import { KEPT_BODY_BYTES, keepChunk, newBody } from './kept-body.ts';

test('64 KiB are kept, to the byte; one more and nothing is, since half a body is none', () => {
  const body = newBody();
  keepChunk(body, Buffer.alloc(KEPT_BODY_BYTES - 1));
  keepChunk(body, Buffer.from('a'));
  expect(body.whole).toBe(true);
  expect(Buffer.concat(body.chunks)).toHaveLength(KEPT_BODY_BYTES);
  keepChunk(body, Buffer.from('b'));
  keepChunk(body, Buffer.from('c'));
  expect(body).toEqual({ chunks: [], bytes: KEPT_BODY_BYTES + 2, whole: false, ended: false });
});
