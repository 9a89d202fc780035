// The tiers that need a desktop: a real Electron, a display of its own, a session bus of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../lib/run.mjs';
import { ensureElectron } from '../setup/electron.mjs';
import { ensureSystemLibraries } from '../setup/system-libraries.mjs';
import { skipped } from './outcome.mjs';
import { runVitest } from './vitest.mjs';

export async function runOnDesktop(project, timeoutMs) {
  if (process.platform !== 'linux')
    return skipped('The end-to-end tests drive a Linux desktop: run them there.');
  const libraries = await ensureSystemLibraries({ tests: true });
  if (libraries !== null) return skipped(libraries);
  const electron = await ensureElectron();
  if ('why' in electron) return skipped(electron.why);
  const env = electron.official ? {} : { ELECTRON_OVERRIDE_DIST_PATH: electron.dist };
  const lacking = ['xvfb-run', 'dbus-run-session'].find((program) => !hasProgram(program));
  if (lacking) return skipped(`The program "${lacking}" is missing: install Xvfb and D-Bus.`);
  return runUnderXvfb(project, env, timeoutMs);
}

async function runUnderXvfb(project, env, timeoutMs) {
  const runtime = mkdtempSync(join(tmpdir(), 'tandem-runtime-'));
  const screen = ['-screen', '0', '1280x800x24', '-nolisten', 'tcp'].join(' ');
  const around = ['xvfb-run', '-a', '-s', screen, 'dbus-run-session', '--'];
  try {
    return await runVitest(project, { env: { ...env, XDG_RUNTIME_DIR: runtime }, timeoutMs, around });
  } finally {
    rmSync(runtime, { recursive: true, force: true });
  }
}
