import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A request that did not get its answer; times are those of the machine's monotonic clock. */
export interface Failure {
  readonly method: 'GET' | 'POST';
  readonly why: string;
  readonly sentMs: number;
  readonly failedMs: number;
}

/** Somebody else's client, in a process of its own, that calls the front. */
export interface OutsideLoad {
  /** Those that failed so far. */
  readonly failures: readonly Failure[];
  /** Answered so far, as it said last. */
  answered(): number;
  end(): Promise<void>;
}

const program = fileURLToPath(new URL('../doubles/outside-load.mjs', import.meta.url));

export function startOutsideLoad(url: string, perSecond: number): OutsideLoad {
  const child = spawn(process.execPath, [program, url, String(perSecond)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const failures: Failure[] = [];
  let answered = 0;
  const lines = createInterface(child.stdout).on('line', (line) => {
    const said = JSON.parse(line) as { event: string; answered?: number };
    if (said.event === 'failed') failures.push(said as unknown as Failure);
    else answered = said.answered ?? answered;
  });
  return {
    failures,
    answered: () => answered,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // What it said last is told when its output ends.
      const heard = once(lines, 'close');
      child.kill('SIGTERM');
      await heard;
    },
  };
}
