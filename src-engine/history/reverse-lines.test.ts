import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { linesFromEnd } from './reverse-lines.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder('lines');
  file = join(folder, 'lines');
});

async function read(text: string, chunkBytes: number): Promise<string[]> {
  await writeFile(file, text);
  const lines: string[] = [];
  for await (const line of linesFromEnd(file, chunkBytes)) lines.push(line);
  return lines;
}

test('lines and letters that lie across the borders of chunks are whole', async () => {
  const lines = ['first', '한국어 문장', '', 'a much longer line than any chunk', 'é', 'last'];
  const expected = lines.filter((line) => line !== '').reverse();
  for (let chunkBytes = 1; chunkBytes <= 90; chunkBytes += 1) {
    expect(await read(`${lines.join('\n')}\n`, chunkBytes)).toEqual(expected);
    expect(await read(lines.join('\n'), chunkBytes)).toEqual(expected);
  }
});

test('an empty file and no file have no lines', async () => {
  expect(await read('', 8)).toEqual([]);
  for await (const line of linesFromEnd(join(folder, 'none'))) expect(line).toBe('never');
});
