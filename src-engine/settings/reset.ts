import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import { fail, ok } from '../../src-shared/errors/result.ts';
import type { Home } from '../platform/home.ts';
import { lockHome } from '../platform/single-engine.ts';

export interface ResetPorts {
  readonly home: Home;
  /** Ends every process that this home started; their names. */
  endProcesses(): Promise<readonly string[]>;
  /** Clusters that live in somebody else's care, such as kind's in Docker: named, and left alone. */
  foreignClusters(): Promise<readonly string[]>;
}

/** Everything that an engine writes into its home; what is not ours stays. */
const ours =
  /^(engine\.json(\.bad-.*)?|engine\.sock|history.*\.jsonl|logs|run|clusters|identity|window.*\.json)$/;

/** Removes what this home started and its state. Needs the home for itself: a running engine refuses it. */
export function resetHandlers(ports: ResetPorts): Pick<Handlers<Caller>, 'reset.run'> {
  const { home } = ports;
  return {
    'reset.run': async ({ yes }) => {
      if (!yes) return fail('notConfirmed', { what: 'reset' });
      const lock = await lockHome(home);
      if (!lock.ok) return lock;
      const kept = (await ports.foreignClusters()).map((name) => `cluster ${name}`);
      const removed = (await ports.endProcesses()).map((name) => `process ${name}`);
      await rm(dirname(home.socketTarget) === home.root ? home.socketTarget : dirname(home.socketTarget), {
        recursive: true,
        force: true,
      });
      for (const name of await readdir(home.root).catch(() => [])) {
        if (!ours.test(name)) {
          kept.push(join(home.root, name));
          continue;
        }
        await rm(join(home.root, name), { recursive: true, force: true });
        removed.push(join(home.root, name));
      }
      return ok({ removed, kept });
    },
  };
}
