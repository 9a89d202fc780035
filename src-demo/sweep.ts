import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pause, systemScheduler } from '../src-engine/platform/clock.ts';
import { shortFolder } from '../src-engine/platform/home.ts';
import { isAlive, signal, signalGroup, type ProcessRef } from '../src-engine/platform/processes.ts';
import { systemTools } from '../src-engine/platform/tools.ts';
import { turnsOf, type Leaving } from './leavings.ts';

/** An engine writes its state and lets its cluster be; Chromium may hang. */
const GRACE_MS = 10_000;
const KILL_MS = 3000;
const POLL_MS = 50;
/** A reset is refused as long as an engine lives that was not told of: it ends by itself, its parent is gone. */
const RESETS = 5;
const AGAIN_MS = 2000;
const TOOL = { timeoutMs: 10_000 };

const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** Removes all of it. Returns what is still there, in a word each. */
export async function sweep(leavings: readonly Leaving[]): Promise<string[]> {
  const left: string[] = [];
  for (const turn of turnsOf(leavings)) {
    const gone = await Promise.all(turn.map(remove));
    left.push(...turn.filter((_leaving, index) => gone[index] !== true).map(wordFor));
  }
  return left;
}

async function remove(leaving: Leaving): Promise<boolean> {
  switch (leaving.kind) {
    case 'process':
      return endProcess(leaving, leaving.leads);
    case 'home':
      return removeHome(leaving.root);
    case 'folder':
      return removeFolder(leaving.path);
    case 'namespace':
      await systemTools.run(leaving.ip, ['netns', 'del', leaving.name], TOOL);
      // Goes with the network; one that was never moved there stays.
      await systemTools.run(leaving.ip, ['link', 'del', leaving.wire], TOOL);
      return true;
  }
}

async function endProcess(ref: ProcessRef, leads: boolean): Promise<boolean> {
  await signal(ref, 'SIGTERM');
  // One that was frozen hears nothing until it goes on.
  await signal(ref, 'SIGCONT');
  if (await isGoneWithin(ref, GRACE_MS)) return true;
  await (leads ? signalGroup : signal)(ref, 'SIGKILL');
  return isGoneWithin(ref, KILL_MS);
}

async function isGoneWithin(ref: ProcessRef, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (await isAlive(ref)) {
    if (performance.now() > end) return false;
    await pause(systemScheduler, POLL_MS);
  }
  return true;
}

/** Clusters, front and gate outlive an engine: `tandem reset` ends them. Then the files go. */
async function removeHome(root: string): Promise<boolean> {
  for (let attempt = 1; !(await reset(root)); attempt += 1) {
    // Its files tell what still runs: they stay.
    if (attempt === RESETS) return false;
    await pause(systemScheduler, AGAIN_MS);
  }
  return (await removeFolder(root)) && (await removeFolder(shortFolder(root)));
}

function reset(root: string): Promise<boolean> {
  const child = spawn(process.execPath, [cli, 'reset', '--yes'], {
    stdio: 'ignore',
    env: { ...process.env, TANDEM_HOME: root },
  });
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code === 0));
    child.once('error', () => resolve(false));
  });
}

function removeFolder(path: string): Promise<boolean> {
  return rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).then(
    () => true,
    () => false,
  );
}

function wordFor(leaving: Leaving): string {
  switch (leaving.kind) {
    case 'process':
      return `pid ${leaving.pid}`;
    case 'home':
      return leaving.root;
    case 'folder':
      return leaving.path;
    case 'namespace':
      return leaving.name;
  }
}
