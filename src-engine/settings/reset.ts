import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { shortFolder, type Home } from '../platform/home.ts';
import { lockHome } from '../platform/single-engine.ts';
import { clearClusters } from './reset-clusters.ts';
import { endTraffic } from './reset-traffic.ts';

export interface ResetPorts {
  readonly home: Home;
  /** Takes the engine out of launchd or systemd, which would start it anew; its file, or null when it was no service. */
  removeService(): Promise<string | null>;
  /** Ends every process that this home started; their names. */
  endProcesses(): Promise<readonly string[]>;
  /** Clusters that live in somebody else's care, such as kind's in Docker: named, and left alone. */
  foreignClusters(): Promise<readonly string[]>;
}

/** Everything that an engine or the app writes into its home; what is not ours stays. */
const ours =
  /^((engine|handoff)\.json(\.(bad|unreadable|other)-.*)?|engine\.sock|history.*\.jsonl|logs|run|clusters|identity|shell|window.*\.json)$/;

/** Removes what this home started and its state. Needs the home for itself: a running engine refuses it. */
export function resetHandlers(ports: ResetPorts): Pick<Handlers<Caller>, 'reset.run'> {
  return {
    'reset.run': async ({ yes }) => {
      if (!yes) return fail('notConfirmed', { what: 'reset' });
      const service = await ports.removeService();
      const lock = await lockHome(ports.home);
      if (!lock.ok) return lock;
      try {
        const { removed, kept } = await reset(ports);
        return ok({ removed: service === null ? removed : [service, ...removed], kept });
      } finally {
        await lock.value.release();
      }
    },
  };
}

async function reset({ home, ...ports }: ResetPorts): Promise<{ removed: string[]; kept: string[] }> {
  const foreign = await ports.foreignClusters();
  const kept = foreign.map((name) => `cluster ${name}`);
  const ended = [...(await endTraffic(home)), ...(await ports.endProcesses())];
  const removed = ended.map((name) => `process ${name}`);
  // The engine's socket may lie there, and the sockets of embedded nodes always do.
  const short = shortFolder(home.root);
  if (await remove(short)) removed.push(short);
  if (dirname(home.socketTarget) === home.root) await remove(home.socketTarget);
  for (const name of inOrder(await readdir(home.root))) {
    const path = join(home.root, name);
    if (!ours.test(name)) kept.push(path);
    else if (path === home.clusters && foreign.length > 0) {
      const cleared = await clearClusters(path, foreign);
      removed.push(...cleared.removed);
      kept.push(...cleared.kept);
    } else if (await remove(path)) removed.push(path);
  }
  return { removed, kept };
}

/** `run` holds the lock: it goes last, so that no engine starts in the middle. */
function inOrder(names: readonly string[]): string[] {
  return [...names.filter((name) => name !== 'run'), ...names.filter((name) => name === 'run')];
}

/** True when there was something. */
async function remove(path: string): Promise<boolean> {
  try {
    await rm(path, { recursive: true });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
