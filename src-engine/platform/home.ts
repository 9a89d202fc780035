import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Every path of a home (design/interface.md, Files). */
export interface Home {
  readonly root: string;
  readonly settings: string;
  /** What people and tools connect to; a link to `socketTarget` when the path would be too long. */
  readonly socket: string;
  readonly socketTarget: string;
  readonly history: string;
  readonly logs: string;
  readonly run: string;
  readonly clusters: string;
  readonly identity: string;
}

/** The longest path that every system accepts for a Unix socket (design decision 18). */
const MAX_SOCKET_BYTES = 100;

export function homeAt(root: string): Home {
  const socket = join(root, 'engine.sock');
  return {
    root,
    settings: join(root, 'engine.json'),
    socket,
    socketTarget:
      Buffer.byteLength(socket) <= MAX_SOCKET_BYTES ? socket : join(shortFolder(root), 'engine.sock'),
    history: join(root, 'history.jsonl'),
    logs: join(root, 'logs'),
    run: join(root, 'run'),
    clusters: join(root, 'clusters'),
    identity: join(root, 'identity'),
  };
}

/** TANDEM_HOME, or the system's place for it. */
export function homeFromEnvironment(env: NodeJS.ProcessEnv = process.env, platform = process.platform): Home {
  return homeAt(resolve(env['TANDEM_HOME'] || defaultRoot(env, platform)));
}

function defaultRoot(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(homedir(), 'Library/Application Support/Tandem');
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'tandem');
}

/** A folder with a short path for sockets of this home; 0700, made by who binds. */
export function shortFolder(root: string): string {
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join(tmpdir(), `tandem-${process.getuid?.() ?? 0}-${hash}`);
}
