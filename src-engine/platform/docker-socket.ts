import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Where the container runtime would answer, and why there. */
export interface DockerEndpoint {
  /** Null when there is none, or it is not local. */
  readonly path: string | null;
  /**
   * DOCKER_HOST, the current Docker context, a known place, or nowhere. `lostContext`: Docker keeps nothing of the
   * context that is chosen; its name is all that is left.
   */
  readonly by: 'environment' | 'context' | 'lostContext' | 'place' | 'nowhere';
  /** Of the context; null when it is the default one. */
  readonly context: string | null;
  /** Of a socket that is a link: where it leads, also when nothing is there now. */
  readonly target: string | null;
  /** It is, or leads to, a place where only a runtime of this Mac listens: nothing is forwarded there. */
  readonly isPlace: boolean;
}

/** The place that every tool tries first. On a Mac it is a link that the runtime in use has made. */
const FIRST_PLACE = '/var/run/docker.sock';

/** Which of the known places was found to be the one, by the environment that it was looked for in. */
const found = new WeakMap<NodeJS.ProcessEnv, string>();

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
  const [likeliest, ...others] = dockerEndpoints(env, home, first);
  return others.find(({ path }) => path === found.get(env)) ?? likeliest;
}

/**
 * Every place that it could be, the likeliest first: where nothing was chosen, several runtimes may have left
 * their sockets, and only the asking tells which of them is alive.
 */
export function dockerEndpoints(
  env: NodeJS.ProcessEnv,
  home: string = homedir(),
  first: string = FIRST_PLACE,
): [DockerEndpoint, ...DockerEndpoint[]] {
  const places = placesOf(env, home, first);
  const at = (
    path: string | null,
    by: DockerEndpoint['by'],
    context: string | null = null,
  ): DockerEndpoint => {
    const target = linkTarget(path ?? (by === 'nowhere' ? first : null));
    const isPlace = [path, target].some((one) => one !== null && one !== first && places.includes(one));
    return { path, by: by === 'nowhere' && target !== null ? 'place' : by, context, target, isPlace };
  };
  const host = env['DOCKER_HOST'];
  if (host) return [at(unixPath(host), 'environment')];
  const folder = env['DOCKER_CONFIG'] || join(home, '.docker');
  const context = env['DOCKER_CONTEXT'] || currentContext(folder);
  if (context !== null && context !== 'default') {
    const meta = contextMeta(folder, context);
    return [at(unixPath(meta?.Endpoints?.docker?.Host), meta === null ? 'lostContext' : 'context', context)];
  }
  const [likeliest, ...others] = places.filter((place) => existsSync(place)).map((path) => at(path, 'place'));
  return [likeliest ?? at(null, 'nowhere'), ...others];
}

/** Of the known places, this is the one: from now on it is meant where nothing was chosen, while it is there. */
export function foundAt(env: NodeJS.ProcessEnv, path: string): void {
  found.set(env, path);
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

function linkTarget(path: string | null): string | null {
  if (path === null) return null;
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return null;
  }
}

function unixPath(host: string | undefined): string | null {
  const path = host?.startsWith('unix://') === true ? host.slice('unix://'.length) : '';
  // Without a path Node would ask a port of this machine instead.
  return path === '' ? null : path;
}

function currentContext(folder: string): string | null {
  const config = readJson(join(folder, 'config.json')) as { currentContext?: unknown } | null;
  return typeof config?.currentContext === 'string' ? config.currentContext : null;
}

interface ContextMeta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: string } };
}

/** Docker keeps a context's endpoint under the SHA-256 of its name; null when it keeps nothing. */
function contextMeta(folder: string, context: string): ContextMeta | null {
  const id = createHash('sha256').update(context).digest('hex');
  return readJson(join(folder, 'contexts/meta', id, 'meta.json')) as ContextMeta | null;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return null;
  }
}
