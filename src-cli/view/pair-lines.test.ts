import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { coreWorlds, edgeWorlds } from '../../test/doubles/handoff-worlds.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { statusLines } from './status-lines.ts';

const now = new Date(WORLD_AT);
const lines = (world: Parameters<typeof statusLines>[0], language: 'en' | 'ko' = 'en', at = now) =>
  statusLines(world, translator(language), at);

test('who serves which requests, what was wished, and through which front', () => {
  expect(lines(edgeWorlds.serving)).toEqual(
    expect.arrayContaining([
      '  Traffic   Mac mini 21\u00a0% · MacBook 79\u00a0% · wanted 20/80 · 118 requests/s · in flight 1/7',
      '  Front     HAProxy at 127.0.0.1:47380 (HAProxy was found)',
      '  Gate      ready',
      '  Hand-off  serving',
    ]),
  );
});

test('a departure shows its steps, its reason and how long it may still take', () => {
  const text = lines(edgeWorlds.draining).join('\n');
  expect(text).toContain('Hand-off  letting requests finish · Battery at 24 % · at most 1 min 32 s left');
  expect(text).toMatch(/✓ Can Mac mini carry it all\? {2}2\.9 s\n {2}✓ .*\n {2}✓ .*\n {2}● Let open/);
});

test('a hold says why and what to do; a front that is down says so', () => {
  expect(lines(edgeWorlds.hold).join('\n')).toMatch(
    /on hold[^]*requests still reached the edge[^]*leave again/,
  );
  const down = lines(coreWorlds.frontDown).join('\n');
  expect(down).toContain('the front is down');
  expect(down).toContain('port 47380 is taken');
  expect(down).not.toContain('  Traffic ');
});

test("the core's old word is told with its age", () => {
  const later = new Date(now.getTime() + 40_000);
  expect(lines(edgeWorlds.serving, 'en', later).join('\n')).toContain('serving · as of 41 s ago');
});

test('every state has words in both languages, without holes', () => {
  for (const language of ['en', 'ko'] as const)
    for (const world of [...Object.values(edgeWorlds), ...Object.values(coreWorlds)])
      expect(lines(world, language).join('\n')).not.toMatch(
        /\{\{|handoff\.|traffic\.(why|front|rate|head)|gate\./,
      );
});
