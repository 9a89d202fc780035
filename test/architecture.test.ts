import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Verdict {
  readonly exitCode: number;
  readonly output: string;
}

/** What the script of `npm run lint` says about the imports of a tree. */
function boundariesOf(tree: string): Promise<Verdict> {
  const script = join(root, 'scripts/lib/boundaries.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, tree], (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

/** A tree in which every rule is broken once: the file, its text, and the rule that must speak. */
const planted: readonly (readonly [file: string, text: string, rule: string])[] = [
  ['src-shared/words.ts', `export { tray } from '../src-main/tray.ts';`, 'shared-is-the-ground'],
  ['src-shared/reads.ts', `import { readFileSync } from 'node:fs'; readFileSync('x');`, 'shared-has-no-node'],
  ['src-shared/draws.ts', `import { useState } from 'react'; useState(0);`, 'shared-has-no-screen'],
  ['src-cli/verb.ts', `export { tray } from '../src-main/tray.ts';`, 'programs-meet-at-the-door'],
  [
    'src-renderer/view.tsx',
    `import { beat } from '../src-engine/link/beat.ts'; export const View = () => <b title="x">{beat}</b>;`,
    'screens-know-the-words',
  ],
  [
    'src-renderer/file.tsx',
    `import { join } from 'node:path'; export const F = () => <i>{join('a')}</i>;`,
    'screens-have-no-node',
  ],
  [
    'src-renderer/shell.ts',
    `import { shell } from 'electron'; export const s = shell;`,
    'screens-have-no-electron',
  ],
  [
    'src-engine/power.ts',
    `import { powerMonitor } from 'electron'; export const p = powerMonitor;`,
    'engine-is-headless',
  ],
  [
    'src-engine/traffic/weights.ts',
    `import type { Beat } from '../link/beat.ts'; export type W = Beat;`,
    'rooms-meet-in-the-wiring',
  ],
  [
    'src-engine/traffic/later.ts',
    `export const late = () => import('../link/beat.ts');`,
    'rooms-meet-in-the-wiring',
  ],
  ['src-engine/world-store.ts', `export { beat } from './link/beat.ts';`, 'only-the-wiring-knows-rooms'],
  [
    'src-main/tray.ts',
    `export { double } from '../test/double.ts'; export const tray = 1;`,
    'tests-stay-outside',
  ],
  [
    'src-engine/link/beat.ts',
    `export { ring } from './ring.ts'; export const beat = 1; export type Beat = number;`,
    'no-cycles',
  ],
  ['src-cli/lost.ts', `export { nothing } from './nowhere.ts';`, 'everything-is-found'],
  ['src-cli/tools.ts', `import { build } from 'vite'; export const b = build;`, 'nothing-for-development'],
  ['src-cli/hidden.ts', `import ms from 'ms'; export const m = ms;`, 'nothing-undeclared'],
];
/** What they import, and what is allowed: none of these may be named. */
const innocent: readonly (readonly [file: string, text: string])[] = [
  ['src-engine/link/ring.ts', `export { beat } from './beat.ts'; export const ring = 1;`],
  ['src-engine/platform/clock.ts', `export const clock = 1;`],
  ['src-engine/wire-link.ts', `export { beat } from './link/beat.ts';`],
  ['src-engine/link/timed.ts', `export { clock } from '../platform/clock.ts';`],
  ['src-cli/timed.ts', `export { clock } from '../src-engine/platform/clock.ts';`],
  ['src-main/timed.test.ts', `import '../test/double.ts'; import 'vitest';`],
  ['test/double.ts', `export const double = 1;`],
];

/** Each check is a process of its own. */
vi.setConfig({ testTimeout: 60_000 });

let tree: string;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'tandem-planted-'));
  for (const [file, text] of [...planted, ...innocent]) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), text);
  }
  await cp(join(root, 'package.json'), join(tree, 'package.json'));
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
});

afterAll(() => rm(tree, { recursive: true, force: true }));

test('each rule about imports sees the violation that is planted for it', async () => {
  const { exitCode, output } = await boundariesOf(tree);
  expect(exitCode).toBe(1);
  const lines = output.split('\n');
  for (const [file, , rule] of planted) {
    expect(lines, `${rule} in ${file}`).toContainEqual(expect.stringContaining(`${rule}: ${file} -> `));
  }
  for (const [file] of innocent) {
    expect(output).not.toContain(`: ${file} -> `);
  }
});

test('a tree in which no import is seen is not called clean', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'tandem-empty-'));
  await mkdir(join(empty, 'src-shared'));
  await writeFile(join(empty, 'src-shared/alone.ts'), 'export const alone = 1;');
  expect(await boundariesOf(empty)).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('no import'),
  });
  await rm(empty, { recursive: true });
});

test('the house keeps its own rules', async () => {
  expect(await boundariesOf(root)).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining(' 0 violations'),
  });
});

test('ARCHITECTURE.md names every room', async () => {
  const text = await readFile(join(root, 'ARCHITECTURE.md'), 'utf8');
  const folders = async (path: string, pattern: RegExp) =>
    (await readdir(path, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && pattern.test(entry.name))
      .map(({ name }) => name);
  const rooms = [...(await folders(root, /^src-/)), ...(await folders(join(root, 'src-engine'), /./))];
  expect(rooms.filter((room) => !new RegExp(`(^|[^\\w-])${room}/`, 'm').test(text))).toEqual([]);
});
