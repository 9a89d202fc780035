import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { refOf } from '../src-engine/platform/processes.ts';
import { parseLeaving, type Leaving } from './leavings.ts';
import { sweep } from './sweep.ts';

/**
 * Removes what the demo leaves behind, however the demo ends: a process of its own that is told of each thing when
 * it is made, and begins when its standard input ends, be that on purpose or because the demo was killed.
 */
export interface Broom {
  mind(leaving: Leaving): void;
  /** The same for a process; one that is gone already is none. */
  mindProcess(pid: number | undefined, leads: boolean): Promise<void>;
  /** Removes all of it now. Returns what is still there. */
  sweep(): Promise<readonly string[]>;
}

const program = fileURLToPath(new URL('demo.js', import.meta.url));

export function takeBroom(): Broom {
  const minded: Leaving[] = [];
  const child = spawn(process.execPath, [program, '--broom'], {
    // In a group of its own: a Ctrl-C at the terminal is the demo's.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const isSwept = new Promise<boolean>((resolve) => {
    child.once('exit', (code) => resolve(code === 0));
    child.once('error', () => resolve(false));
  });
  child.stdin.on('error', () => undefined);
  const mind = (leaving: Leaving): void => {
    minded.push(leaving);
    child.stdin.write(`${JSON.stringify(leaving)}\n`);
  };
  return {
    mind,
    async mindProcess(pid, leads) {
      const ref = pid === undefined ? null : await refOf(pid);
      if (ref !== null) mind({ kind: 'process', ...ref, leads });
    },
    async sweep() {
      child.stdin.end();
      // It was killed, could not start, or could not remove all of it.
      return (await isSwept) ? [] : sweep(minded);
    },
  };
}

/** The broom's own process: hears until its input ends, then sweeps. Returns its exit code. */
export async function runBroom(input: NodeJS.ReadableStream): Promise<number> {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
  const leavings: Leaving[] = [];
  for await (const line of createInterface({ input })) {
    const leaving = parseLeaving(line);
    if (leaving !== null) leavings.push(leaving);
  }
  return (await sweep(leavings)).length === 0 ? 0 : 1;
}
