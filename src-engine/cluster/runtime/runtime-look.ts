import type { Runtime } from '../../../src-shared/world/runtime.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DockerEndpoint } from '../../platform/docker-socket.ts';
import { unknownSize, type VmSize } from '../../platform/vm-size.ts';
import { BUILD, countsOf, parseHeld, standsIn, type Held, type OwnCluster } from './contents.ts';
import { hindrance } from './runtime-control.ts';
import type { Answered, RuntimeHand } from './runtime-hand.ts';
import type { RuntimeMemory } from './runtime-memory.ts';
import { chooseRuntime, sameRuntime, type DaemonInfo, type RuntimeRef } from './runtime-ref.ts';

/** What was seen of the runtime. */
export interface Seen extends Answered {
  /** Wall time, and the monotonic one. */
  readonly at: Date;
  readonly atMs: number;
  readonly endpoint: DockerEndpoint;
  /** Null: there is none. */
  readonly ref: RuntimeRef | null;
  readonly size: VmSize;
  /** Its containers run in a machine of their own, and not on this kernel. */
  readonly hasMachine: boolean;
  readonly held: readonly Held[] | null;
  /** What runs in it and is no container: OrbStack's Linux machines, as last asked for, and a build. Null: unknown. */
  readonly beside: readonly string[] | null;
  /** A cluster of this home stands in it, be it stopped. */
  readonly hasOwn: boolean;
}

export interface LookNeeds {
  readonly hand: RuntimeHand;
  readonly memory: RuntimeMemory;
  readonly clock: Clock;
  own(): readonly OwnCluster[];
}

/** Asks the socket, and the tools as well when somebody wants to know (`deep`): a look costs no process. */
export function createLook({ hand, memory, clock, own }: LookNeeds): (deep: boolean) => Promise<Seen> {
  let installed: readonly RuntimeRef[] | null = null;
  const askTools = toolsOf(hand);
  return async (deep) => {
    const [at, atMs] = [clock.wall(), clock.monotonicMs()];
    if (deep || installed === null) installed = await hand.installed();
    const { endpoint, info, silent, denied } = await firstThatAnswers(hand, memory.last()?.socket ?? null);
    const { path, target } = endpoint;
    const ref = chooseRuntime({ endpoint, os: hand.standing.os, info, last: memory.last(), installed });
    const up = info === null || ref === null || path === null ? null : { info, ref, path };
    if (info === null && !silent) memory.wentDown();
    const { told, machines } = await askTools(up, deep);
    const file = ref === null ? unknownSize : await hand.size(ref, target ?? path);
    const size = sizeNow(told, file, info?.memoryBytes ?? null);
    if (up !== null) memory.answered(up.ref, up.path, up.info.memoryBytes, up.info.cpus);
    const hasMachine = machineOf(hand, ref, info);
    const list = up === null ? null : await hand.containers(up.path);
    const held = list === null ? null : parseHeld(list, own());
    // Nothing else depends on a build while containers run.
    const asksBuilds = up !== null && (deep || (hasMachine && held?.length === 0));
    const building = asksBuilds ? await hand.isBuilding(up.path) : false;
    const beside =
      machines === null || building === null ? null : [...machines, ...(building ? [BUILD] : [])];
    const hasOwn = standsIn(list, own());
    return { at, atMs, endpoint, ref, info, silent, denied, size, hasMachine, held, beside, hasOwn };
  };
}

/**
 * Of the places where a runtime may be, the first that answers; and for everybody else here from then on. When none
 * does: one that may be up, then the one that answered last, then the likeliest.
 */
async function firstThatAnswers(
  hand: RuntimeHand,
  last: string | null,
): Promise<Answered & { readonly endpoint: DockerEndpoint }> {
  const asked = [];
  for (const endpoint of hand.endpoints()) {
    const { path } = endpoint;
    const answered = path === null ? nobody : await hand.info(path);
    asked.push({ endpoint, ...answered });
    if (answered.info !== null) break;
  }
  const chosen =
    asked.find(({ info }) => info !== null) ??
    asked.find(({ silent }) => silent) ??
    asked.find(({ endpoint }) => endpoint.path !== null && endpoint.path === last) ??
    asked[0];
  if (chosen === undefined) throw new Error('a runtime is somewhere, or nowhere');
  if (chosen.endpoint.path !== null) hand.found(chosen.endpoint.path);
  return chosen;
}

const nobody: Answered = { info: null, silent: false, denied: false };

interface Up {
  readonly info: DaemonInfo;
  readonly ref: RuntimeRef;
}

/** What its own tools say of it while it is up; what they said of an earlier run is forgotten. */
function toolsOf(hand: RuntimeHand) {
  let told: { readonly ref: RuntimeRef; readonly guestBytes: number | null; readonly size: VmSize } | null =
    null;
  /** Undefined: not asked for in this run. */
  let machines: readonly string[] | null | undefined;
  return async (
    up: Up | null,
    deep: boolean,
  ): Promise<{ told: VmSize; machines: readonly string[] | null }> => {
    if (up === null) {
      told = null;
      machines = undefined;
      return { told: unknownSize, machines: null };
    }
    const { ref, info } = up;
    const guestBytes = info.memoryBytes;
    if (deep && ref.name === 'colima') {
      const profile = (await hand.colimaProfiles())?.find(({ name }) => name === ref.profile);
      told = profile === undefined ? null : { ref, guestBytes, size: profile.size };
    }
    if (ref.name !== 'orbstack') machines = [];
    else if (deep || machines === undefined) machines = await hand.orbMachines();
    // With another RAM inside it is another run, which nobody saw begin.
    const isOf = told !== null && sameRuntime(told.ref, ref) && told.guestBytes === guestBytes;
    return { told: isOf && told !== null ? told.size : unknownSize, machines };
  };
}

/** Its tool's word before the file's; a guest never has more than was given, so what is below that is old. */
function sizeNow(told: VmSize, file: VmSize, guestBytes: number | null): VmSize {
  const memoryBytes = told.memoryBytes ?? file.memoryBytes;
  const isOld = memoryBytes !== null && guestBytes !== null && guestBytes > memoryBytes;
  return { memoryBytes: isOld ? guestBytes : memoryBytes, cpus: told.cpus ?? file.cpus };
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
  isOld: boolean,
): Runtime {
  const { at, endpoint, ref, info, held, beside } = seen;
  const socket = endpoint.path ?? endpoint.target;
  const state = stateOf(seen, changing);
  return {
    source: info === null ? 'files and tools' : 'Docker',
    sampledAt: at.toISOString(),
    ...(isOld ? { stale: true as const } : {}),
    name: ref?.name ?? null,
    profile: ref?.profile ?? null,
    state,
    socket,
    vm: vmOf(seen, memory),
    containers: held === null || beside === null ? null : countsOf(held, beside),
    startable: state === 'stopped' && hindrance(ref, standing, socket) === null,
    offer: null,
  };
}

function stateOf({ endpoint, ref, info, silent }: Seen, changing: Changing): Runtime['state'] {
  if (changing !== null) return changing === 'start' ? 'starting' : 'stopping';
  if (info !== null) return 'running';
  // One that is not on this Mac, or of a context that is lost, is nobody's to tell.
  if (silent || (endpoint.path === null && ref?.name === 'other')) return 'unknown';
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
