// Which Electron the app runs on: the real one, or on Linux, when it cannot be had, the test Electron.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, readJson } from '../lib/repo.mjs';
import { run } from '../lib/run.mjs';
import { say, secondsSince } from '../lib/say.mjs';
import { isStamped, stamp } from '../lib/stamps.mjs';
import { TEST_ELECTRON, makeTestElectron, testElectronIsThere } from './test-electron.mjs';

const PACKAGE = inRoot('node_modules/electron');
const PROGRAM = process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
const DOWNLOAD_LIMIT_MS = 90_000;
/** Holds the day on which the download failed, so that the next run does not wait for it again. */
const FAILED = inRoot('.electron/download-failed');

/**
 * @returns {Promise<{ program: string, dist: string, official: boolean } | { why: string }>}
 *   `dist` goes into ELECTRON_OVERRIDE_DIST_PATH, by which `require('electron')` finds it
 */
export async function ensureElectron({ retry = false } = {}) {
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (given) return found(given, false);
  if (officialIsThere() || (await download(retry))) return found(join(PACKAGE, 'dist'), true);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      why: 'Electron cannot be downloaded: check the network and run "node scripts/setup.mjs --retry".',
    };
  }
  if (!testElectronIsThere()) {
    const why = await makeTestElectron();
    if (why !== null) return { why };
  }
  return found(TEST_ELECTRON, false);
}

const found = (dist, official) => ({ dist, official, program: join(dist, PROGRAM) });

function officialIsThere() {
  const version = readJson(join(PACKAGE, 'package.json'))?.version;
  return isStamped(join(PACKAGE, 'dist/version'), version) && existsSync(join(PACKAGE, 'dist', PROGRAM));
}

/** The electron package's own installer, within a time limit; an install never fails because it does. */
async function download(retry) {
  const today = new Date().toISOString().slice(0, 10);
  if (!retry && isStamped(FAILED, today)) return false;
  const began = performance.now();
  say(`set-up: downloading Electron (at most ${DOWNLOAD_LIMIT_MS / 1000} s)`);
  const { code } = await run(process.execPath, [join(PACKAGE, 'install.js')], {
    timeoutMs: DOWNLOAD_LIMIT_MS,
  });
  if (code === 0 && officialIsThere()) {
    say(`set-up: Electron is there (${secondsSince(began)})`);
    return true;
  }
  stamp(FAILED, today);
  say(
    `set-up: Electron cannot be downloaded here (${secondsSince(began)}); tried again tomorrow, or with "node scripts/setup.mjs --retry"`,
  );
  return false;
}
