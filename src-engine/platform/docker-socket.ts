import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The socket on which the container runtime would answer, from files alone: DOCKER_HOST, the current
 * Docker context, then the known places. Nothing is spawned. Null when there is none, or it is not local.
 */
export function dockerSocketPath(env: NodeJS.ProcessEnv, home: string = homedir()): string | null {
  const host = env['DOCKER_HOST'];
  if (host) return unixPath(host);
  const context = env['DOCKER_CONTEXT'] || currentContext(join(home, '.docker'));
  if (context !== null && context !== 'default') return contextSocket(join(home, '.docker'), context);
  const places = [
    '/var/run/docker.sock',
    join(home, '.docker/run/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    join(home, '.colima/default/docker.sock'),
  ];
  return places.find((path) => existsSync(path)) ?? null;
}

function unixPath(host: string | undefined): string | null {
  return host?.startsWith('unix://') === true ? host.slice('unix://'.length) : null;
}

function currentContext(folder: string): string | null {
  const config = readJson(join(folder, 'config.json')) as { currentContext?: unknown } | null;
  return typeof config?.currentContext === 'string' ? config.currentContext : null;
}

/** Docker keeps a context's endpoint under the SHA-256 of its name. */
function contextSocket(folder: string, context: string): string | null {
  const id = createHash('sha256').update(context).digest('hex');
  const meta = readJson(join(folder, 'contexts/meta', id, 'meta.json')) as {
    Endpoints?: { docker?: { Host?: string } };
  } | null;
  return unixPath(meta?.Endpoints?.docker?.Host);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return null;
  }
}
