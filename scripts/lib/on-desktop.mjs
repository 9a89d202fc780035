// A program in TypeScript that needs a desktop: compiled, then run with a display and a session bus of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureElectron } from '../setup/electron.mjs';
import { ensurePackages } from '../setup/packages.mjs';
import { inRoot } from './repo.mjs';
import { hasProgram, run } from './run.mjs';
import { CannotGoOn } from './say.mjs';

/** Builds the app and the program, and runs it. Returns its exit code. */
export async function runOnDesktop(source, args) {
  await ensurePackages();
  await run(process.execPath, [inRoot('scripts/build.mjs'), '--check'], { show: 'errors' });
  const electron = await ensureElectron();
  if ('why' in electron) throw new CannotGoOn(electron.why);
  const env = electron.official ? {} : { ELECTRON_OVERRIDE_DIST_PATH: electron.dist };
  return underXvfb(await compiled(source), args, env);
}

/** Such programs share the tests' doubles, which are TypeScript; packages stay outside. */
async function compiled(source) {
  const { build } = await import('vite');
  const outDir = inRoot('out/programs');
  const name = basename(source).replace(/(\.bench)?\.ts$/, '.js');
  // What is loaded late lies beside it: it finds the built programs by where it is.
  const output = { entryFileNames: name, chunkFileNames: '[name].js', format: 'esm' };
  const rolldownOptions = { output };
  await build({
    configFile: false,
    logLevel: 'warn',
    root: inRoot('.'),
    publicDir: false,
    build: { ssr: source, outDir, emptyOutDir: false, target: 'node20', rolldownOptions },
  });
  return join(outDir, name);
}

async function underXvfb(program, args, env) {
  const lacking = ['xvfb-run', 'dbus-run-session'].find((tool) => !hasProgram(tool));
  if (lacking)
    throw new CannotGoOn(
      `The program "${lacking}" is missing: run "npm test" once, it installs what is needed.`,
    );
  const runtime = mkdtempSync(join(tmpdir(), 'tandem-desktop-'));
  const around = ['-a', '-s', '-screen 0 1280x800x24 -nolisten tcp', 'dbus-run-session', '--'];
  try {
    const { code } = await run('xvfb-run', [...around, process.execPath, program, ...args], {
      env: { ...env, XDG_RUNTIME_DIR: runtime },
      show: 'all',
      sweep: true,
    });
    return code;
  } finally {
    rmSync(runtime, { recursive: true, force: true });
  }
}
