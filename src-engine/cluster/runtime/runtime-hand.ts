import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { dockerEndpoints, foundAt, type DockerEndpoint } from '../../platform/docker-socket.ts';
import type { Platform } from '../../platform/platform.ts';
import { askOverSocket, tryOverSocket } from '../../platform/socket-http.ts';
import type { ToolResult } from '../../platform/tools.ts';
import {
  parseColimaSize,
  parseDockerDesktopSize,
  parseOrbstackSize,
  parseRancherDesktopSize,
  sizeFiles,
  unknownSize,
  type VmSize,
} from '../../platform/vm-size.ts';
import { runInside } from '../docker/docker-exec.ts';
import type { Standing, ToolCall } from './runtime-control.ts';
import { GUEST_SCRIPT, parseGuest, type GuestMemory } from './guest-memory.ts';
import {
  isCallOf,
  parseBuilding,
  parseColimaList,
  parseInfo,
  parseOrbMachines,
  type ColimaProfile,
} from './runtime-output.ts';
import type { DaemonInfo, RuntimeRef } from './runtime-ref.ts';

/** What touches the runtimes: their sockets, files and tools. It decides nothing. */
export interface RuntimeHand {
  readonly standing: Standing;
  /** Where it could be, the likeliest first. */
  endpoints(): readonly [DockerEndpoint, ...DockerEndpoint[]];
  /** Of these it is the one at that socket: everybody else asks there, too. */
  found(socket: string): void;
  info(socket: string): Promise<Answered>;
  /** `GET /containers/json?all=true`; null when it is not answered. */
  containers(socket: string): Promise<unknown>;
  /** Something is being built in it, which is no container; null when it does not say. */
  isBuilding(socket: string): Promise<boolean | null>;
  /** Runtimes whose tools are installed, the likeliest first. */
  installed(): Promise<RuntimeRef[]>;
  /** Configured size, from files alone; Colima keeps its own beside its socket. */
  size(ref: RuntimeRef, socket: string | null): Promise<VmSize>;
  /** Null when Colima is not installed or does not answer. */
  colimaProfiles(): Promise<ColimaProfile[] | null>;
  /** Machines of OrbStack's that run; only while it is up, since asking would start it. Null: it did not say. */
  orbMachines(): Promise<string[] | null>;
  /** A process is at that call, such as one that an engine which was killed has left behind. */
  isAt(call: ToolCall): Promise<boolean>;
  /** `missing` as its failure: the tool is not installed. */
  run(call: ToolCall, limitMs: number): Promise<ToolResult>;
  /** RAM of the machine, told from inside that container. */
  guest(socket: string, container: string): Promise<GuestMemory | null>;
  /** The daemon runs on this very kernel: there is no machine. */
  isOwnKernel(info: DaemonInfo): boolean;
}

/** What the question for its name came to. */
export interface Answered {
  /** Null: it did not answer as Docker does. */
  readonly info: DaemonInfo | null;
  /** Something holds the socket, and does not say what it is: it may be up. */
  readonly silent: boolean;
  /** Of what is silent: this user may not ask. */
  readonly denied: boolean;
}

// Without a version before its path a daemon speaks its own: newer ones refuse the versions of older ones.
const INFO_MS = 2000;
const LIST_MS = 5000;
/** It counts what its builds have left. */
const BUILDS_MS = 10_000;
const TOOL_MS = 10_000;
/** Tools that tell a runtime is there, in the order in which people have them. */
const toolsOf: readonly (readonly [RuntimeRef, string])[] = [
  [{ name: 'orbstack', profile: null }, 'orb'],
  [{ name: 'colima', profile: 'default' }, 'colima'],
  [{ name: 'rancher-desktop', profile: null }, 'rdctl'],
];
const DESKTOP_APPS = ['/Applications/Docker.app', '/opt/docker-desktop'];
const SYSTEM_UNITS = ['/etc', '/usr/lib', '/lib'].map((root) => `${root}/systemd/system/docker.service`);

type Needs = Pick<Platform, 'env' | 'files' | 'os' | 'tools'>;

/** @param home the person's own, where the runtimes keep their files */
export function runtimeHand(platform: Needs, home: string): RuntimeHand {
  const { env, os, tools } = platform;
  const hasSystemd = existsSync('/run/systemd/system');
  const run: RuntimeHand['run'] = async ({ tool, args }, timeoutMs) => {
    const path = await tools.find(tool);
    if (path === null) return { exitCode: null, stdout: '', stderr: '', failure: 'missing' };
    return tools.run(path, args, { timeoutMs });
  };
  const told = async (tool: string, ...args: string[]): Promise<string | null> => {
    const result = await run({ tool, args }, TOOL_MS);
    return result.failure === null && result.exitCode === 0 ? result.stdout : null;
  };
  return {
    standing: { os, isRoot: process.getuid?.() === 0, hasSystemd },
    endpoints: () => dockerEndpoints(env, home),
    found: (socket) => foundAt(env, socket),
    info,
    containers: (socket) => listed(socket, '/containers/json?all=true', LIST_MS),
    isBuilding: async (socket) =>
      parseBuilding(await listed(socket, '/system/df?type=build-cache', BUILDS_MS)),
    installed: async () => installed(platform, hasSystemd),
    size: (ref, socket) => configuredSize(ref, socket, (file) => platform.files.read(resolve(home, file))),
    async colimaProfiles() {
      const stdout = await told('colima', 'list', '--json');
      return stdout === null ? null : parseColimaList(stdout);
    },
    orbMachines: async () => parseOrbMachines((await told('orb', 'list', '-f', 'json')) ?? ''),
    async isAt(call) {
      const stdout = await told('ps', '-axwwo', 'args=');
      return stdout?.split('\n').some((line) => isCallOf(line, call)) === true;
    },
    run,
    async guest(socket, container) {
      const text = await runInside(socket, container, GUEST_SCRIPT);
      return text === null ? null : parseGuest(text);
    },
    isOwnKernel: ({ kernel }) => os === 'linux' && kernel === release(),
  };
}

/** Only a socket that is gone, or that nobody has open, is a daemon that is down. */
async function info(socketPath: string): Promise<Answered> {
  // Asked anew each time: a connection that was kept breaks when its daemon goes, and says nothing more.
  const asked = { socketPath, method: 'GET', path: '/info', limitMs: INFO_MS, isFresh: true } as const;
  const outcome = await tryOverSocket(asked);
  if (outcome.is !== 'answered')
    return { info: null, silent: outcome.is !== 'refused', denied: outcome.is === 'denied' };
  const { status, text } = outcome.answer;
  const read = status === 200 ? parseInfo(text) : null;
  return { info: read, silent: read === null, denied: false };
}

async function listed(socketPath: string, path: string, limitMs: number): Promise<unknown> {
  const answer = await askOverSocket({ socketPath, method: 'GET', path, limitMs });
  return answer?.status === 200 ? parsed(answer.text) : null;
}

async function installed({ os, tools }: Needs, hasSystemd: boolean): Promise<RuntimeRef[]> {
  const found: RuntimeRef[] = DESKTOP_APPS.some((path) => existsSync(path))
    ? [{ name: 'docker-desktop', profile: null }]
    : [];
  for (const [ref, tool] of toolsOf) if ((await tools.find(tool)) !== null) found.push(ref);
  if (
    os === 'linux' &&
    ((hasSystemd && SYSTEM_UNITS.some((path) => existsSync(path))) || (await tools.find('dockerd')))
  )
    found.push({ name: 'dockerd', profile: null });
  return found;
}

async function configuredSize(
  { name, profile }: RuntimeRef,
  socket: string | null,
  read: (file: string) => Promise<string | null>,
): Promise<VmSize> {
  switch (name) {
    case 'docker-desktop':
      return parseDockerDesktopSize(await read(sizeFiles.dockerDesktop));
    case 'orbstack':
      return parseOrbstackSize(await read(sizeFiles.orbstack));
    case 'rancher-desktop':
      return parseRancherDesktopSize(await read(sizeFiles.rancherDesktop));
    case 'colima': {
      const beside = socket === null ? null : await read(join(dirname(socket), 'colima.yaml'));
      return parseColimaSize(beside ?? (await read(sizeFiles.colima(profile ?? 'default'))));
    }
    case 'dockerd':
    case 'other':
      return unknownSize;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
