// `npm run bench -- NAME [argument...]`: one benchmark of scripts/bench; it prints JSON lines
// {bench, metric, value, unit, peer?}, ours and its peer's from the same run.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './lib/repo.mjs';
import { hasProgram, run } from './lib/run.mjs';
import { CannotGoOn, runScript } from './lib/say.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePackages } from './setup/packages.mjs';

await runScript(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const names = readdirSync(inRoot('scripts/bench')).flatMap(
    (file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? [],
  );
  if (!names.includes(name)) throw new CannotGoOn(`Which benchmark? There are: ${names.join(', ')}.`);
  await ensurePackages();
  await run(process.execPath, [inRoot('scripts/build.mjs'), '--check'], { show: 'errors' });
  const electron = await ensureElectron();
  if ('why' in electron) throw new CannotGoOn(electron.why);
  const env = electron.official ? {} : { ELECTRON_OVERRIDE_DIST_PATH: electron.dist };
  process.exitCode = await onDesktop(await compiled(name), args, env);
});

/** Benchmarks are TypeScript, since they share the tests' doubles; packages stay outside. */
async function compiled(name) {
  const { build } = await import('vite');
  const outDir = inRoot('out/bench');
  const ssr = inRoot('scripts/bench', `${name}.bench.ts`);
  const output = { entryFileNames: `${name}.js`, format: 'esm' };
  await build({
    configFile: false,
    logLevel: 'warn',
    root: inRoot('.'),
    publicDir: false,
    build: { ssr, outDir, emptyOutDir: false, target: 'node20', rolldownOptions: { output } },
  });
  return join(outDir, `${name}.js`);
}

/** A display and a session bus of its own, so that the tray has a host and nothing else speaks. */
async function onDesktop(program, args, env) {
  const runtime = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  const lacking = ['xvfb-run', 'dbus-run-session'].find((tool) => !hasProgram(tool));
  if (lacking)
    throw new CannotGoOn(
      `The program "${lacking}" is missing: run "npm test" once, it installs what is needed.`,
    );
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
