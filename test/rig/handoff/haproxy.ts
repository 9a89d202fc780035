import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseStats } from '../../../src-engine/traffic/haproxy/stats.ts';
import { eventually } from '../../engine/tandem.ts';
import type { Mac } from '../net/pair.ts';

/** HAProxy beside the engine's: its runtime socket, and processes of the test's own that are made of its configuration. */

const ANSWER_MS = 5000;
const START_MS = 10_000;

/** What HAProxy answers to a line; rejects where nobody answers. */
export function askSocket(path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(path, () => socket.write(`${command}\n`));
    socket.setEncoding('utf8');
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer to "${command}"`)));
    socket.on('data', (chunk: string) => (reply += chunk));
    socket.on('end', () => resolve(reply));
    socket.on('error', reject);
  });
}

/** The front of a core, as its engine recorded it. */
export function frontOf({ rig }: Mac): { readonly pid: number; readonly socket: string } {
  return JSON.parse(readFileSync(join(rig.home, 'run', 'front.json'), 'utf8')) as {
    pid: number;
    socket: string;
  };
}

/** The configuration that the core's front was started with, as soon as it fits. */
export function configOf({ rig }: Mac, fits: (text: string) => boolean): Promise<string> {
  return eventually('the configuration of the front', async () => {
    const text = readFileSync(join(rig.home, 'run', 'haproxy.cfg'), 'utf8');
    return fits(text) ? text : null;
  });
}

/** A HAProxy of the test's own. */
export interface OwnHaproxy {
  ask(command: string): Promise<string>;
  /** Requests that it gave to its edge so far. */
  edgeRequests(): Promise<number>;
  /** Resolves when it has given so many to its edge. */
  dealt(requests: number): Promise<void>;
  /** It takes no new connection and ends what it has: what a reload does to the process before. */
  retire(): void;
  close(): Promise<void>;
}

/**
 * Starts one in a Mac's network.
 *
 * @param text its configuration; its runtime socket becomes its own
 */
export async function startHaproxy(
  { space }: Mac,
  text: string,
  args: readonly string[] = [],
): Promise<OwnHaproxy> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-hap-'));
  const [file, path] = [join(folder, 'haproxy.cfg'), join(folder, 'hap.sock')];
  writeFileSync(file, text.replace(/stats socket '[^']*'/, `stats socket '${path}'`));
  const [command = '', ...words] = [...space.prefix, 'haproxy', '-db', '-f', file, ...args];
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const close = async (): Promise<void> => {
    await kill(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually('a HAProxy that answers', () => answers(child, path), START_MS);
  } catch (error) {
    await close();
    throw new Error(`HAProxy did not begin: ${said}`, { cause: error });
  }
  const edgeRequests = async (): Promise<number> => {
    const stats = parseStats(await askSocket(path, 'show stat'));
    return ['be/edge', 'bp/edge'].reduce((sum, name) => sum + (stats?.get(name)?.stot ?? 0), 0);
  };
  return {
    ask: (line) => askSocket(path, line),
    edgeRequests,
    async dealt(requests) {
      await eventually(`${requests} requests to the edge`, async () => (await edgeRequests()) >= requests);
    },
    retire: () => void child.kill('SIGUSR1'),
    close,
  };
}

async function answers(child: ChildProcess, path: string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
  return askSocket(path, 'show info').then(
    (info) => info.includes(`Pid: ${child.pid}`),
    () => false,
  );
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
