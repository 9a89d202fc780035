import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout, electronProgram } from '../e2e/harness.ts';
import { cases, type CaseReport } from './link-security/cases.ts';
import type { FloodReport } from './link-security/flood.ts';
import { isWholeRig } from './net/tiers.ts';

/**
 * Link test 20 over TLS: the packaged engine runs on Electron's own Node (BoringSSL), so the same program
 * is run by both.
 */
interface Report {
  readonly runtime: { readonly node: string; readonly electron: string | null };
  readonly cases: readonly CaseReport[];
  readonly flooded: FloodReport;
}

const PROGRAM_MS = 100_000;
const MIB = 1024 * 1024;

let folder: string;
let program: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-security-'));
  program = join(folder, 'program.mjs');
  await build({
    root: checkout,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(checkout, 'test/rig/link-security/program.ts'),
      outDir: folder,
      target: 'node20.18',
      emptyOutDir: true,
      rolldownOptions: { output: { format: 'esm', entryFileNames: 'program.mjs', banner: COMMON_JS } },
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What CommonJS packages inside an ES module still ask for. */
const COMMON_JS = [
  `import { createRequire as __createRequire } from 'node:module';`,
  `const require = __createRequire(import.meta.url);`,
  `const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
].join('');

async function reportOf(runtime: string, env: Record<string, string>): Promise<Report> {
  const path = { PATH: process.env['PATH'] ?? '', ...env };
  const child = spawn(runtime, [program], { env: path, stdio: ['ignore', 'pipe', 'pipe'] });
  const late = setTimeout(() => child.kill('SIGKILL'), PROGRAM_MS);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await once(child, 'close');
  clearTimeout(late);
  const line = out.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{'))
    throw new Error(`${runtime} printed no report:\n${out.slice(-1000)}${err.slice(-3000)}`);
  return JSON.parse(line) as Report;
}

function electronHere(): string | null {
  try {
    const found = electronProgram();
    return existsSync(found) ? found : null;
  } catch {
    // The package is there and its download is not.
    return null;
  }
}

const electron = electronHere();
const runtimes = [
  { name: 'Node', program: process.execPath, env: {}, isElectron: false },
  // `npm run test:rig` fetches it.
  ...(isWholeRig
    ? [{ name: 'Electron', program: electron, env: { ELECTRON_RUN_AS_NODE: '1' }, isElectron: true }]
    : []),
];

describe.each(runtimes)("link 20 in $name's Node", ({ program: runtime, env, isElectron }) => {
  // Skipped where no Electron can be had.
  const here = test.skipIf(runtime === null);
  let report: Report | null = null;
  beforeAll(async () => {
    if (runtime !== null) report = await reportOf(runtime, env);
  }, PROGRAM_MS + 10_000);

  here('link 20: the suite ran in the runtime that it is about', () => {
    expect(report?.runtime.electron !== null).toBe(isElectron);
    expect(report?.cases.map(({ name }) => name)).toEqual(Object.keys(cases));
  });

  here.each(Object.keys(cases))('link 20: %s', (name) => {
    expect(report?.cases.find((one) => one.name === name)).toEqual({ name, got: null });
  });

  here('link 20: a flood leaves the session as it was and grows memory by less than 5 MiB', () => {
    expect(report?.flooded.harmed).toBeNull();
    expect(report?.flooded.rssGrowthBytes).toBeLessThan(5 * MIB);
  });
});
