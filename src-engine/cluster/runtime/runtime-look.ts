import type { Runtime } from '../../../src-shared/world/runtime.ts';
import type { DockerEndpoint } from '../../platform/docker-socket.ts';
import { unknownSize, type VmSize } from '../../platform/vm-size.ts';
import { countsOf, parseHeld, type Held, type OwnCluster } from './contents.ts';
import { hindrance } from './runtime-control.ts';
import type { RuntimeHand } from './runtime-hand.ts';
import type { RuntimeMemory } from './runtime-memory.ts';
import { chooseRuntime, sameRuntime, type DaemonInfo, type RuntimeRef } from './runtime-ref.ts';

/** What was seen of the runtime, now. */
export interface Seen {
  readonly endpoint: DockerEndpoint;
  /** Null: there is none. */
  readonly ref: RuntimeRef | null;
  /** Null: it does not answer. */
  readonly info: DaemonInfo | null;
  /** It neither answers nor refuses. */
  readonly silent: boolean;
  readonly size: VmSize;
  /** Its containers run in a machine of their own, and not on this kernel. */
  readonly hasMachine: boolean;
  readonly held: readonly Held[] | null;
  /** OrbStack's Linux machines that run, as they were last asked for. */
  readonly machines: readonly string[];
}

/** Asks the socket, and the tools as well when somebody wants to know (`deep`): a look costs no process. */
export function createLook(
  hand: RuntimeHand,
  memory: RuntimeMemory,
  own: () => readonly OwnCluster[],
): (deep: boolean) => Promise<Seen> {
  let installed: readonly RuntimeRef[] | null = null;
  let told: { readonly ref: RuntimeRef; readonly size: VmSize } | null = null;
  let machines: readonly string[] = [];
  async function askTools(ref: RuntimeRef, up: boolean): Promise<void> {
    if (ref.name === 'colima') {
      const profile = (await hand.colimaProfiles())?.find(({ name }) => name === ref.profile);
      if (profile !== undefined) told = { ref, size: profile.size };
    }
    machines = ref.name === 'orbstack' && up ? await hand.orbMachines() : [];
  }
  return async (deep) => {
    if (deep || installed === null) installed = await hand.installed();
    const endpoint = hand.endpoint();
    const { path } = endpoint;
    const { info, silent } = path === null ? { info: null, silent: false } : await hand.info(path);
    const { standing } = hand;
    const ref = chooseRuntime({ endpoint, os: standing.os, info, last: memory.last(), installed });
    if (ref !== null && deep) await askTools(ref, info !== null);
    if (info === null) {
      memory.wentDown();
      machines = [];
    }
    const file = ref === null ? unknownSize : await hand.size(ref, endpoint.target ?? endpoint.path);
    const known = told !== null && sameRuntime(told.ref, ref) ? told.size : unknownSize;
    const size = { memoryBytes: known.memoryBytes ?? file.memoryBytes, cpus: known.cpus ?? file.cpus };
    if (info !== null && ref !== null && path !== null)
      memory.answered(ref, path, info.memoryBytes, info.cpus);
    const held = info === null || path === null ? null : parseHeld(await hand.containers(path), own());
    return { endpoint, ref, info, silent, size, hasMachine: machineOf(hand, ref, info), held, machines };
  };
}

function machineOf(hand: RuntimeHand, ref: RuntimeRef | null, info: DaemonInfo | null): boolean {
  if (info !== null) return !hand.isOwnKernel(info);
  return ref !== null && ref.name !== 'dockerd' && ref.name !== 'other';
}

/** What is being done to it. */
export type Changing = 'start' | 'stop' | null;

/** The World's slice, but for what it offers. */
export function runtimeOf(
  seen: Seen,
  changing: Changing,
  memory: RuntimeMemory,
  standing: RuntimeHand['standing'],
  sampledAt: Date,
): Runtime {
  const { endpoint, ref, info, held, machines } = seen;
  const socket = endpoint.path ?? endpoint.target;
  const state = stateOf(seen, changing);
  return {
    source: info === null ? 'files and tools' : 'Docker',
    sampledAt: sampledAt.toISOString(),
    name: ref?.name ?? null,
    profile: ref?.profile ?? null,
    state,
    socket,
    vm: vmOf(seen, memory),
    containers: held === null ? null : countsOf(held, machines),
    startable: state === 'stopped' && hindrance(ref, standing, socket) === null,
    offer: null,
  };
}

function stateOf({ endpoint, ref, info, silent }: Seen, changing: Changing): Runtime['state'] {
  if (changing !== null) return changing === 'start' ? 'starting' : 'stopping';
  if (info !== null) return 'running';
  // One that is not on this Mac is nobody's to tell.
  const isElsewhere = endpoint.path === null && (endpoint.by === 'environment' || endpoint.by === 'context');
  if (silent || isElsewhere) return 'unknown';
  return ref === null ? 'missing' : 'stopped';
}

function vmOf({ ref, info, size, hasMachine }: Seen, memory: RuntimeMemory): Runtime['vm'] {
  if (ref === null || !hasMachine) return null;
  const last = memory.last();
  const before = sameRuntime(last?.ref ?? null, ref) ? last : null;
  return {
    memoryBytes: size.memoryBytes,
    cpus: size.cpus ?? info?.cpus ?? before?.cpus ?? null,
    guestTotalBytes: info === null ? (before?.guestTotalBytes ?? null) : info.memoryBytes,
    touchedBytes: info === null ? null : memory.touchedBytes(ref, size.memoryBytes),
    learnedBytes: memory.learnedBytes(ref, size.memoryBytes),
  };
}
