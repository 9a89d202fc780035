// `npm start`: makes the clone ready, builds, and starts the app; without a display, the same without a window.
// On a machine where no real cluster can be made it opens the built-in pair instead (--demo and --no-demo decide it).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { inRoot, root } from './lib/repo.mjs';
import { run } from './lib/run.mjs';
import { CannotGoOn, runScript, say } from './lib/say.mjs';
import { hasClusterTool } from './setup/cluster-tool.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { ensureSystemLibraries } from './setup/system-libraries.mjs';

const hasDisplay = () =>
  process.platform === 'darwin' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

function wantsDemo() {
  const asked = process.env['TANDEM_DEMO'];
  if (process.argv.includes('--no-demo') || asked === '0') return false;
  return process.argv.includes('--demo') || asked === '1' || !hasClusterTool();
}

/** How long a Ctrl-C may take to end the child before it is taken for one that was meant for us alone. */
const CTRL_C_MS = 3000;

async function build(...flags) {
  const { code } = await run(process.execPath, [inRoot('scripts/build.mjs'), ...flags], { show: 'all' });
  if (code !== 0) throw new CannotGoOn('Tandem cannot be built: see the lines above.');
}

/** Everything that a window needs; returns the Electron that was found. */
async function prepareWindow() {
  await ensurePackages();
  const libraries = await ensureSystemLibraries();
  if (libraries !== null) throw new CannotGoOn(libraries);
  const electron = await ensureElectron();
  if ('why' in electron) throw new CannotGoOn(electron.why);
  if (!electron.official) say('start: on the test Electron, because the real one cannot be downloaded here');
  await build('--check');
  return electron;
}

async function startWithWindow() {
  say('Tandem starts in the menu bar.');
  const electron = await prepareWindow();
  const sandbox = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  return stayWith(electron.program, [...sandbox, root]);
}

async function startWithoutWindow() {
  say('There is no display here: Tandem runs without a window and shows its state in this terminal.');
  await ensurePackages();
  await build('--check', '--no-shell');
  const cli = inRoot('out/cli/main.js');
  if (!existsSync(cli))
    throw new CannotGoOn('The command line is not part of this checkout: see the lines above.');
  return stayWith(process.execPath, [cli, 'status', '--watch', '--start-engine']);
}

/** The built-in pair; its program opens the app by itself, where there is a display. */
async function startDemo() {
  const why = hasClusterTool() ? '' : 'No kind, minikube or Docker is found here. ';
  say(
    `${why}The built-in pair opens, with waits ten times shorter; without it: npm start -- --no-demo, or TANDEM_DEMO=0.`,
  );
  const demo = [inRoot('out/cli/main.js'), 'demo', '--fast'];
  if (hasDisplay()) {
    const { dist } = await prepareWindow();
    return stayWith(process.execPath, demo, { ELECTRON_OVERRIDE_DIST_PATH: dist });
  }
  await ensurePackages();
  await build('--check', '--no-shell');
  return stayWith(process.execPath, demo);
}

/** Runs a program in the foreground: signals go to it, its end is ours. */
function stayWith(program, args, more = {}) {
  const env = { ...process.env, ...more };
  delete env['ELECTRON_RUN_AS_NODE'];
  const child = spawn(program, args, { cwd: root, env, stdio: 'inherit' });
  // A Ctrl-C reaches the child by itself, a SIGINT for us alone does not: passed on if the child still runs then.
  process.on('SIGINT', () => setTimeout(() => child.kill('SIGINT'), process.stdin.isTTY ? CTRL_C_MS : 0));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  endWithNpm(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new CannotGoOn(`${program} cannot be started: ${error.message}.`)));
    child.once('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
  });
}

/** npm passes a signal on to the shell that runs us, which dies of it and tells nobody. */
function endWithNpm(end) {
  if (!process.env['npm_lifecycle_event']) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    end();
  }, 500);
  watch.unref();
}

await runScript(() => {
  if (wantsDemo()) return startDemo();
  return hasDisplay() ? startWithWindow() : startWithoutWindow();
});
