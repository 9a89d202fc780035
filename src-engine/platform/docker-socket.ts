import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Where the container runtime would answer, and why there. */
export interface DockerEndpoint {
  /** Null when there is none, or it is not local. */
  readonly path: string | null;
  /** DOCKER_HOST, the current Docker context, a known place, or nowhere. */
  readonly by: 'environment' | 'context' | 'place' | 'nowhere';
  /** Of the context; null when it is the default one. */
  readonly context: string | null;
  /** Of a place that is a link: where it leads, also when nothing is there now. */
  readonly target: string | null;
}

/** The place that every tool tries first. On a Mac it is a link that the runtime in use has made. */
const FIRST_PLACE = '/var/run/docker.sock';

/**
 * The socket on which the container runtime would answer, from files alone: DOCKER_HOST, the current
 * Docker context, then the known places. Nothing is spawned. Null when there is none, or it is not local.
 */
export function dockerSocketPath(env: NodeJS.ProcessEnv, home: string = homedir()): string | null {
  return dockerEndpoint(env, home).path;
}

/** The same, with what tells which runtime it is. */
export function dockerEndpoint(
  env: NodeJS.ProcessEnv,
  home: string = homedir(),
  first: string = FIRST_PLACE,
): DockerEndpoint {
  const host = env['DOCKER_HOST'];
  if (host) return { path: unixPath(host), by: 'environment', context: null, target: null };
  const context = env['DOCKER_CONTEXT'] || currentContext(join(home, '.docker'));
  if (context !== null && context !== 'default')
    return { path: contextSocket(join(home, '.docker'), context), by: 'context', context, target: null };
  const path = placesOf(env, home, first).find((place) => existsSync(place)) ?? null;
  const target = path === null || path === first ? linkTarget(first) : null;
  return { path, by: path === null && target === null ? 'nowhere' : 'place', context: null, target };
}

/** Sockets of the runtimes that are known, the likeliest first. */
function placesOf(env: NodeJS.ProcessEnv, home: string, first: string): string[] {
  const own = env['XDG_RUNTIME_DIR'];
  const colima = env['COLIMA_HOME'] || join(home, '.colima');
  return [
    first,
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    ...profilesIn(colima),
    ...profilesIn(join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'colima')),
    join(home, '.rd/docker.sock'),
    ...(own ? [join(own, 'docker.sock')] : []),
  ];
}

/** A socket for each profile of Colima's, the default one first. */
function profilesIn(folder: string): string[] {
  const profiles = namesIn(folder).filter((name) => !name.startsWith('_') && !name.startsWith('.'));
  const others = profiles.filter((name) => name !== 'default').sort();
  return ['default', ...others].map((profile) => join(folder, profile, 'docker.sock'));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkTarget(path: string): string | null {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return null;
  }
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
