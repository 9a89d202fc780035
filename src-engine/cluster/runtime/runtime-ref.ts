import type { RuntimeName } from '../../../src-shared/world/runtime.ts';
import type { DockerEndpoint } from '../../platform/docker-socket.ts';

/** Which runtime: its name, and its profile where it may have several. */
export interface RuntimeRef {
  readonly name: RuntimeName;
  /** Of Colima; `rootless` of a dockerd of this user alone. Null: it has only one. */
  readonly profile: string | null;
}

/** What `GET /info` says of itself. */
export interface DaemonInfo {
  readonly operatingSystem: string;
  readonly hostName: string;
  readonly kernel: string;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
}

const one = (name: RuntimeName): RuntimeRef => ({ name, profile: null });

/** Paths that only one runtime has. */
const places: readonly (readonly [RegExp, (match: RegExpExecArray) => RuntimeRef])[] = [
  [/\/\.?colima\/([^/]+)\/docker\.sock$/, ([, profile]) => ({ name: 'colima', profile: profile ?? null })],
  [/\/\.orbstack\/run\/docker\.sock$/, () => one('orbstack')],
  [/\/\.docker\/(run|desktop)\/docker\.sock$/, () => one('docker-desktop')],
  [/\/\.rd\/docker\.sock$/, () => one('rancher-desktop')],
  [/^\/run\/user\/\d+\/docker\.sock$/, () => ({ name: 'dockerd', profile: 'rootless' })],
];

/** The runtime whose socket that is; null when the path does not say. */
export function refOfSocket(path: string, os: NodeJS.Platform): RuntimeRef | null {
  for (const [pattern, refOf] of places) {
    const match = pattern.exec(path);
    if (match !== null) return refOf(match);
  }
  // On a Mac anybody may have linked it.
  return os === 'linux' && /^(\/var)?\/run\/docker\.sock$/.test(path) ? one('dockerd') : null;
}

/** The runtime that makes a Docker context of that name; null when a person may have made it. */
export function refOfContext(context: string): RuntimeRef | null {
  if (context === 'desktop-linux') return one('docker-desktop');
  if (context === 'orbstack') return one('orbstack');
  if (context === 'rancher-desktop') return one('rancher-desktop');
  if (context === 'rootless') return { name: 'dockerd', profile: 'rootless' };
  return colimaNamed(context);
}

/** The runtime that a daemon says it runs in; null when it is only Docker. */
export function refOfInfo({ operatingSystem, hostName }: DaemonInfo): RuntimeRef | null {
  if (operatingSystem === 'Docker Desktop' || hostName === 'docker-desktop') return one('docker-desktop');
  if (operatingSystem === 'OrbStack' || hostName === 'orbstack') return one('orbstack');
  if (hostName === 'lima-rancher-desktop') return one('rancher-desktop');
  return colimaNamed(hostName);
}

/** Colima calls its machine and its context `colima`, or `colima-PROFILE`. */
function colimaNamed(name: string): RuntimeRef | null {
  if (name === 'colima') return { name: 'colima', profile: 'default' };
  const profile = /^colima-([a-zA-Z0-9][\w.-]*)$/.exec(name)?.[1];
  return profile === undefined ? null : { name: 'colima', profile };
}

/** What there is to choose from. */
export interface Sighted {
  readonly endpoint: DockerEndpoint;
  readonly os: NodeJS.Platform;
  /** What the daemon on the socket says now; null when none answers. */
  readonly info: DaemonInfo | null;
  /** What answered last on this Mac, and where. */
  readonly last: { readonly ref: RuntimeRef; readonly socket: string } | null;
  /** Whose tools are installed, the likeliest first. */
  readonly installed: readonly RuntimeRef[];
}

/**
 * Which runtime the clusters run in, or would. What answers comes first, then what the person has chosen
 * (socket, context, link), then what answered last, then what is installed. Null: there is none.
 *
 * A name alone makes nothing ours to start and stop: on a socket that is no place of that runtime the machine of
 * another Mac may answer, forwarded, while ours of the same name is somebody's work.
 */
export function chooseRuntime({ endpoint, os, info, last, installed }: Sighted): RuntimeRef | null {
  const { by, context, isPlace, path, target } = endpoint;
  const bySocket = [target, path].flatMap((one) => (one === null ? [] : (refOfSocket(one, os) ?? [])))[0];
  if (info !== null) {
    const told = refOfInfo(info);
    if (bySocket !== undefined) return told === null || told.name === bySocket.name ? bySocket : one('other');
    return (isPlace ? told : null) ?? one('other');
  }
  if (bySocket !== undefined) return bySocket;
  const byContext = context === null ? null : refOfContext(context);
  if (byContext !== null && (isPlace || by === 'lostContext')) return byContext;
  if (isPlace && last !== null && last.socket === path) return last.ref;
  if (by === 'environment' || by === 'context' || by === 'lostContext') return one('other');
  const same = (ref: RuntimeRef): boolean => ref.name === last?.ref.name;
  return (installed.some(same) ? last?.ref : null) ?? installed[0] ?? null;
}

export function sameRuntime(a: RuntimeRef | null, b: RuntimeRef | null): boolean {
  return a?.name === b?.name && a?.profile === b?.profile;
}
