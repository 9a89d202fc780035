import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pause, systemScheduler } from '../src-engine/platform/clock.ts';
import { shortFolder } from '../src-engine/platform/home.ts';
import { isAlive, signal, signalGroup, type ProcessRef } from '../src-engine/platform/processes.ts';
import { systemTools, type ToolResult, type Tools } from '../src-engine/platform/tools.ts';
import { turnsOf, type Leaving } from './leavings.ts';

/** An engine writes its state and lets its cluster be; Chromium may hang. */
const GRACE_MS = 10_000;
const KILL_MS = 3000;
const POLL_MS = 50;
/** A reset is refused as long as an engine lives that was not told of: it ends by itself, its parent is gone. */
const RESETS = 5;
const AGAIN_MS = 2000;
/** It ends clusters, front and gate; one that hangs must not keep the rest from being removed. */
const RESET = { timeoutMs: 60_000 };
const TOOL = { timeoutMs: 10_000 };

const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** Removes all of it. Returns what is still there, in a word each. */
export async function sweep(leavings: readonly Leaving[], tools: Tools = systemTools): Promise<string[]> {
  const left: string[] = [];
  for (const turn of turnsOf(leavings)) {
    const gone = await Promise.all(turn.map((leaving) => remove(leaving, tools)));
    left.push(...turn.filter((_leaving, index) => gone[index] !== true).map(wordFor));
  }
  return left;
}

async function remove(leaving: Leaving, tools: Tools): Promise<boolean> {
  switch (leaving.kind) {
    case 'process':
      return endProcess(leaving, leaving.leads);
    case 'home':
      return removeHome(leaving.root, tools);
    case 'folder':
      return removeFolder(leaving.path);
    case 'namespace':
      return removeNetwork(leaving, tools);
  }
}

/** True when neither the network nor the wire is seen any more. */
async function removeNetwork({ ip, name, wire }: Network, tools: Tools): Promise<boolean> {
  await tools.run(ip, ['netns', 'del', name], TOOL);
  // Goes with the network; one that was never moved there stays.
  await tools.run(ip, ['link', 'del', wire], TOOL);
  const networks = await tools.run(ip, ['netns', 'list'], TOOL);
  const links = await tools.run(ip, ['-o', 'link', 'show'], TOOL);
  // `NAME (id: 0)` and `7: NAME@if6: <…`; who could not look has seen nothing.
  const names = namesIn(networks, /^\S+/gm);
  const wires = namesIn(links, /(?<=^\d+: )[^\s@:]+/gm);
  return names !== null && wires !== null && !names.includes(name) && !wires.includes(wire);
}

type Network = Extract<Leaving, { kind: 'namespace' }>;

function namesIn({ exitCode, failure, stdout }: ToolResult, pattern: RegExp): string[] | null {
  return failure === null && exitCode === 0 ? (stdout.match(pattern) ?? []) : null;
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
async function removeHome(root: string, tools: Tools): Promise<boolean> {
  for (let attempt = 1; !(await reset(root, tools)); attempt += 1) {
    // Its files tell what still runs: they stay.
    if (attempt === RESETS) return false;
    await pause(systemScheduler, AGAIN_MS);
  }
  return (await removeFolder(root)) && (await removeFolder(shortFolder(root)));
}

async function reset(root: string, tools: Tools): Promise<boolean> {
  const options = { ...RESET, env: { TANDEM_HOME: root } };
  const { exitCode, failure } = await tools.run(process.execPath, [cli, 'reset', '--yes'], options);
  return failure === null && exitCode === 0;
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
