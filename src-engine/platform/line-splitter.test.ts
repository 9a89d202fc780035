import { expect, test } from 'vitest';
import { lineSplitter } from './line-splitter.ts';

function collect(maxBytes: number, chunks: readonly Buffer[]) {
  const lines: string[] = [];
  let tooLong = 0;
  const push = lineSplitter(
    maxBytes,
    (line) => lines.push(line),
    () => (tooLong += 1),
  );
  for (const chunk of chunks) push(chunk);
  return { lines, tooLong };
}

test('gives the same lines wherever the stream is cut', () => {
  const bytes = Buffer.from('{"a":"가나"}\n\r\n{"b":2}\r\n{"c"');
  for (let cut = 0; cut <= bytes.length; cut += 1)
    expect(collect(100, [bytes.subarray(0, cut), bytes.subarray(cut)]).lines).toEqual([
      '{"a":"가나"}',
      '{"b":2}',
    ]);
});

test('a line over the limit is told once, and nothing after it is believed', () => {
  const result = collect(8, [Buffer.from('short\n'), Buffer.from('123456'), Buffer.from('789\nnext\n')]);
  expect(result).toEqual({ lines: ['short'], tooLong: 1 });
});
