import { execa } from 'execa';
import { readdir, readFile, stat } from 'node:fs/promises';

/** A process of this user, and the words that it was started with, in one line. */
export interface OwnCommand {
  readonly pid: number;
  readonly line: string;
}

const PS_LIMIT_MS = 2000;

/** All of this user that run now, by pid; none where the system does not tell. */
export async function ownCommands(): Promise<readonly OwnCommand[]> {
  const uid = process.getuid?.();
  if (uid === undefined) return [];
  return process.platform === 'linux' ? commandsInProc(uid) : commandsByPs(uid);
}

async function commandsInProc(uid: number): Promise<readonly OwnCommand[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => commandInProc(pid, uid)));
  return found.filter((one) => one !== null).sort((one, other) => one.pid - other.pid);
}

/** Null: gone meanwhile, a zombie, or somebody else's. */
async function commandInProc(pid: number, uid: number): Promise<OwnCommand | null> {
  try {
    if ((await stat(`/proc/${pid}`)).uid !== uid) return null;
    const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' ').trim();
    return line === '' ? null : { pid, line };
  } catch {
    return null;
  }
}

async function commandsByPs(uid: number): Promise<readonly OwnCommand[]> {
  const { stdout } = await execa('/bin/ps', ['-ww', '-U', String(uid), '-o', 'pid=,command='], {
    reject: false,
    timeout: PS_LIMIT_MS,
    env: { LC_ALL: 'C' },
  });
  return commandsIn(stdout);
}

/** What `ps -o pid=,command=` prints. */
export function commandsIn(stdout: string): readonly OwnCommand[] {
  return stdout.split('\n').flatMap((row) => {
    const [, pid, line] = /^\s*(\d+)\s+(.+)$/.exec(row) ?? [];
    return pid === undefined || line === undefined ? [] : [{ pid: Number(pid), line: line.trim() }];
  });
}
