import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { colima, idleColima } from '../../test/doubles/runtimes.ts';
import type { Runtime } from '../../src-shared/world/runtime.ts';
import { runtimeLines } from './runtime-lines.ts';

const lines = (runtime: Runtime, language: 'en' | 'ko' = 'en'): string[] =>
  runtimeLines(runtime, { t: translator(language), now: new Date() });

test('one that runs: its size, what it holds, whose containers', () => {
  expect(lines(colima({ profile: 'work' }))).toEqual([
    'Colima (work) · running · 4 GB, 2 CPUs',
    "  Its machine has come to hold 3 GB of this Mac's memory",
    '  It usually comes to hold 2.5 GB',
    "  In it: nodes of Tandem's clusters 0, containers of others 2",
    '  Of others: db, web',
    '  Socket: /Users/me/.colima/default/docker.sock',
  ]);
});

test('nothing runs in it: what its stop gives back, by the best that is known', () => {
  expect(lines(idleColima())).toContain(
    '  Nothing runs in Colima. Its stop gives back about 3 GB of memory.',
  );
  const vm = { ...colima().vm!, touchedBytes: null };
  expect(lines(idleColima({ vm }))).toContain(
    '  Nothing runs in Colima. Its stop gives back up to 4 GB of memory.',
  );
});

test('one that is down, one without a machine, and none', () => {
  const down = { state: 'stopped', containers: null, socket: null } as const;
  expect(lines(colima({ ...down, vm: null, name: 'dockerd' }))).toEqual(['dockerd · stopped']);
  expect(lines(colima({ ...down, name: null, state: 'missing', vm: null }))).toEqual([
    'No container runtime was found',
  ]);
  expect(lines(colima({ state: 'unknown' }), 'ko')[0]).toBe('Colima · 응답 없음 · 4 GB, CPU 2개');
});
