import { join } from 'node:path';
import { shortFolder, type Home } from '../../platform/home.ts';
import { askOverSocket } from '../../platform/socket-http.ts';
import type { Launch, ProcessName } from './process-ports.ts';

const ANSWER_MS = 1000;

/** Where a process of ours reads its configuration from: 0600, written before each start. */
export function configFileOf(home: Home, name: ProcessName): string {
  return join(home.run, `${name}-config.json`);
}

/** The control socket of a program of ours; the short folder holds it, since a home's own path may be too long. */
export function controlSocketOf(home: Home, name: ProcessName): string {
  return join(shortFolder(home.root), `${name}.sock`);
}

/**
 * out/engine/front.js as front or gate, on the Node that runs this engine (in the package: Electron's). Its argv
 * names the home, so that whoever looks for processes of a home finds it.
 */
export function launchOwn(
  program: string,
  home: Home,
  name: ProcessName,
  nodeOptions: readonly string[] = [],
): Launch {
  return {
    program: process.execPath,
    args: [
      ...nodeOptions,
      program,
      `--mode=${name}`,
      `--home=${home.root}`,
      `--config=${configFileOf(home, name)}`,
      `--socket=${controlSocketOf(home, name)}`,
    ],
  };
}

/**
 * A program of ours answers GET /state with a JSON document that has its `pid`; null when nobody does. It closes the
 * connection behind the answer: over a kept one the process of before would go on answering.
 */
export async function pidOfState(socketPath: string): Promise<number | null> {
  const answer = await askOverSocket({ socketPath, method: 'GET', path: '/state', limitMs: ANSWER_MS });
  if (answer?.status !== 200) return null;
  try {
    const { pid } = JSON.parse(answer.text) as { pid?: unknown };
    return typeof pid === 'number' ? pid : null;
  } catch {
    return null;
  }
}

/** Asks a program of ours to end: POST /stop. */
export function askToStop(socketPath: string): Promise<unknown> {
  return askOverSocket({ socketPath, method: 'POST', path: '/stop', limitMs: ANSWER_MS });
}
