import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The load's process. */
export interface RunningLoad {
  readonly pid: number;
  /** No new request; resolves when all that was begun has ended. */
  end(): Promise<void>;
}

const program = fileURLToPath(new URL('demo-load.js', import.meta.url));

/** @param tell hears each document of the load */
export function runLoad(
  url: string,
  perSecond: number,
  tell: (document: Record<string, unknown>) => void,
): RunningLoad {
  const child = spawn(process.execPath, [program, `--url=${url}`, `--rps=${perSecond}`], {
    // Its standard input ends with us, however we end.
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  createInterface(child.stdout).on('line', (line) => tell(JSON.parse(line) as Record<string, unknown>));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    async end() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
