import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { dockerEndpoint, type DockerEndpoint } from '../../platform/docker-socket.ts';
import type { Platform } from '../../platform/platform.ts';
import { askOverSocket } from '../../platform/socket-http.ts';
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
import { parseColimaList, parseInfo, parseOrbMachines, type ColimaProfile } from './runtime-output.ts';
import type { DaemonInfo, RuntimeRef } from './runtime-ref.ts';

/** What touches the runtimes: their sockets, files and tools. It decides nothing. */
export interface RuntimeHand {
  readonly standing: Standing;
  endpoint(): DockerEndpoint;
  /** `silent`: something holds the socket and says nothing within the limit. */
  info(socket: string): Promise<{ readonly info: DaemonInfo | null; readonly silent: boolean }>;
  /** `GET /containers/json?all=true`; null when it is not answered. */
  containers(socket: string): Promise<unknown>;
  /** Runtimes whose tools are installed, the likeliest first. */
  installed(): Promise<RuntimeRef[]>;
  /** Configured size, from files alone; Colima keeps its own beside its socket. */
  size(ref: RuntimeRef, socket: string | null): Promise<VmSize>;
  /** Null when Colima is not installed or does not answer. */
  colimaProfiles(): Promise<ColimaProfile[] | null>;
  /** Machines of OrbStack's that run; only while it is up, since asking would start it. */
  orbMachines(): Promise<string[]>;
  /** `missing` as its failure: the tool is not installed. */
  run(call: ToolCall, limitMs: number): Promise<ToolResult>;
  /** RAM of the machine, told from inside that container. */
  guest(socket: string, container: string): Promise<GuestMemory | null>;
  /** The daemon runs on this very kernel: there is no machine. */
  isOwnKernel(info: DaemonInfo): boolean;
}

const API = '/v1.41';
const INFO_MS = 2000;
const LIST_MS = 5000;
const TOOL_MS = 10_000;
/** Tools that tell a runtime is there, in the order in which people have them. */
const toolsOf: readonly (readonly [RuntimeRef, string])[] = [
  [{ name: 'orbstack', profile: null }, 'orb'],
  [{ name: 'colima', profile: 'default' }, 'colima'],
  [{ name: 'rancher-desktop', profile: null }, 'rdctl'],
];
const DESKTOP_APPS = ['/Applications/Docker.app', '/opt/docker-desktop'];
const SYSTEM_UNITS = ['/etc', '/usr/lib', '/lib'].map((root) => `${root}/systemd/system/docker.service`);

type Needs = Pick<Platform, 'clock' | 'env' | 'files' | 'os' | 'tools'>;

/** @param home the person's own, where the runtimes keep their files */
export function runtimeHand(platform: Needs, home: string): RuntimeHand {
  const { clock, env, os, tools } = platform;
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
    endpoint: () => dockerEndpoint(env, home),
    async info(socketPath) {
      const startedMs = clock.monotonicMs();
      const answer = await askOverSocket({
        socketPath,
        method: 'GET',
        path: `${API}/info`,
        limitMs: INFO_MS,
      });
      const silent = answer === null && clock.monotonicMs() - startedMs >= INFO_MS;
      return { info: answer?.status === 200 ? parseInfo(answer.text) : null, silent };
    },
    async containers(socketPath) {
      const path = `${API}/containers/json?all=true`;
      const answer = await askOverSocket({ socketPath, method: 'GET', path, limitMs: LIST_MS });
      return answer?.status === 200 ? parsed(answer.text) : null;
    },
    installed: async () => installed(platform, hasSystemd),
    size: (ref, socket) => configuredSize(ref, socket, (file) => platform.files.read(resolve(home, file))),
    async colimaProfiles() {
      const stdout = await told('colima', 'list', '--json');
      return stdout === null ? null : parseColimaList(stdout);
    },
    orbMachines: async () => parseOrbMachines((await told('orb', 'list', '-f', 'json')) ?? '') ?? [],
    run,
    async guest(socket, container) {
      const text = await runInside(socket, container, GUEST_SCRIPT);
      return text === null ? null : parseGuest(text);
    },
    isOwnKernel: ({ kernel }) => os === 'linux' && kernel === release(),
  };
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
