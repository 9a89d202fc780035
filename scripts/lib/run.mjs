// Running a program: shown, or caught, or ended after a while; and ended when we are.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { inRoot, root } from './repo.mjs';

/** After the polite signal. */
const GRACE_MS = 5000;
/** After the program's end, for the rest of what it wrote. */
const PIPES_MS = 500;

/**
 * Runs a program to its end, in the checkout, without standard input.
 * @param {{ env?: Record<string, string>, show?: 'all' | 'errors', timeoutMs?: number, cwd?: string, sweep?: boolean }} options
 *   `show` lets all of its output through as it comes, or its standard error; what is not let through is caught.
 *   `sweep` ends whatever is left of its process group afterwards.
 * @returns {Promise<{ code: number, stdout: string, stderr: string, timedOut: boolean }>} code 127 when it is missing
 */
export function run(program, args, { env = {}, show, timeoutMs, cwd = root, sweep = false } = {}) {
  return new Promise((resolve) => {
    const catching = show === 'all' ? 'inherit' : 'pipe';
    // A group of its own, so that its children end with it.
    const options = {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', catching, catching],
    };
    const child = spawn(program, args, options);
    const caught = collect(child, show === 'errors');
    let timedOut = false;
    let patience;
    const limit = timeoutMs && setTimeout(() => ((timedOut = true), endGroup(child)), timeoutMs);
    const forget = endWithUs(child);
    const finish = (code) => {
      clearTimeout(limit);
      clearTimeout(patience);
      forget();
      if (sweep) signalGroup(child, 'SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ code, stdout: caught.stdout, stderr: caught.stderr, timedOut });
    };
    child.once('error', () => finish(127));
    child.once('close', (code) => finish(code ?? 1));
    // A daemon that it left behind may hold its pipes open for ever.
    child.once('exit', (code) => (patience = setTimeout(finish, PIPES_MS, code ?? 1)));
  });
}

function collect(child, echo) {
  const caught = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name]?.setEncoding('utf8').on('data', (text) => {
      caught[name] += text;
      if (echo && name === 'stderr') process.stderr.write(text);
    });
  }
  return caught;
}

/** Passes on what ends us, and ends after the child. Returns a function that forgets it. */
function endWithUs(child) {
  const listeners = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const listener = () => {
      endGroup(child);
      child.once('close', () => process.exit(128 + constants.signals[signal]));
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => listeners.forEach((off) => off());
}

function endGroup(child) {
  signalGroup(child, 'SIGTERM');
  setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS).unref();
}

function signalGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}

/** Path of a package's program. */
export const bin = (name) => inRoot('node_modules/.bin', name);

/** True when a program is on the PATH. */
export function hasProgram(name) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, name)));
}
