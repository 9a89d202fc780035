// The tier of two hosts on one wire: what it needs of the system, and Electron's own Node where that is to be had.
import { say } from '../lib/say.mjs';
import { ensureElectron } from '../setup/electron.mjs';
import { ensureRigTools, ensureSystemLibraries } from '../setup/system-libraries.mjs';
import { runVitest } from './vitest.mjs';

/** Every numbered test, not one pass of each scenario. */
const isWhole = process.env['TANDEM_RIG'] === 'all';

/** @param {number} timeoutMs */
export async function runRig(timeoutMs) {
  const lacking = await ensureRigTools();
  // The tests that need it are skipped, and say why.
  if (lacking !== null) say(lacking);
  return runVitest('rig', { timeoutMs, env: isWhole ? await electronEnv() : {} });
}

/** The packaged engine runs on Electron's Node: test 20 runs there too. */
async function electronEnv() {
  if (process.platform !== 'linux' || (await ensureSystemLibraries({ tests: true })) !== null) return {};
  const electron = await ensureElectron();
  return 'why' in electron || electron.official ? {} : { ELECTRON_OVERRIDE_DIST_PATH: electron.dist };
}
