import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DemoPair } from './demo-pair.ts';
import { findApp, type AppCommand, type NoApp } from './find-app.ts';

/** The app, attached to the core's engine. */
export interface OpenApp {
  /** Undefined when it could not be started. It leads a process group. */
  readonly pid: number | undefined;
  /** Resolves when it is gone: `true` when it ended as an app does, `false` when it failed. */
  readonly ended: Promise<boolean>;
  end(): Promise<void>;
}

/** It may be showing a dialog, or hang. */
const GRACE_MS = 8000;

/** Which app would be opened here. */
export function appHere(): AppCommand | NoApp {
  return findApp({
    platform: process.platform,
    env: process.env,
    uid: process.getuid?.(),
    electron: process.versions['electron'] !== undefined,
    execPath: process.execPath,
    root: fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, ''),
    exists: existsSync,
  });
}

/** Opens it in a process group of its own, so that a Ctrl-C reaches it through us alone. */
export function openApp({ program, args }: AppCommand, { core }: DemoPair, socket: string): OpenApp {
  const { ELECTRON_RUN_AS_NODE: _unwanted, ...env } = process.env;
  const child = spawn(program, [...args], {
    detached: true,
    stdio: 'ignore',
    env: {
      ...env,
      TANDEM_HOME: core.home.root,
      VITALS_ROOT: core.sensors.path,
      TANDEM_DEMO_SOCKET: socket,
    },
  });
  const ended = new Promise<boolean>((resolve) => {
    child.once('exit', (code) => resolve(code === 0));
    child.once('error', () => resolve(false));
  });
  return {
    pid: child.pid,
    ended,
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(hard);
      // Chromium's own helpers end with it; one that hangs holds the home's files.
      sweep(child.pid);
    },
  };
}

function sweep(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
