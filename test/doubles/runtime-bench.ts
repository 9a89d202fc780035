import { vi } from 'vitest';
import { silentLog } from '../../src-engine/platform/log.ts';
import { unknownSize } from '../../src-engine/platform/vm-size.ts';
import type { ToolResult } from '../../src-engine/platform/tools.ts';
import type { Standing } from '../../src-engine/cluster/runtime/runtime-control.ts';
import type { RuntimeHand } from '../../src-engine/cluster/runtime/runtime-hand.ts';
import { openRuntimeMemory } from '../../src-engine/cluster/runtime/runtime-memory.ts';
import { openRuntime, type RuntimePorts } from '../../src-engine/cluster/runtime/runtime-room.ts';
import { ok } from '../../src-shared/errors/result.ts';
import { fakeTime } from './fake-time.ts';

/** A runtime that is only its words: what a test says it is, and what tools that it gives do to it. */
export interface BenchMachine {
  up: boolean;
  /** Something holds its socket all the same, and does not say what it is. */
  silent: boolean;
  /** Its socket is another user's. */
  denied: boolean;
  /** What the daemon says of itself. */
  hostName: string;
  operatingSystem: string;
  socket: string;
  /** Places where something answered once, before its own. */
  dead: string[];
  guestTotalBytes: number;
  containers: unknown;
  machines: string[] | null;
  building: boolean | null;
  /** A process of its tool is at a start. */
  atStart: boolean;
  /** What a tool does; by default it starts and stops. */
  tool: (line: string) => Partial<ToolResult> | null;
  colima: Awaited<ReturnType<RuntimeHand['colimaProfiles']>>;
  touchedBytes: number | null;
}

const done: ToolResult = { exitCode: 0, stdout: '', stderr: '', failure: null };

export async function runtimeBench(runFolder: string, standing: Partial<Standing> = {}) {
  const time = fakeTime();
  const machine: BenchMachine = {
    up: true,
    silent: false,
    denied: false,
    hostName: 'colima',
    operatingSystem: 'Ubuntu 24.04.1 LTS',
    socket: '/home/me/.colima/default/docker.sock',
    dead: [],
    guestTotalBytes: 4e9,
    containers: [],
    machines: [],
    building: false,
    atStart: false,
    tool: () => null,
    colima: [{ name: 'default', status: 'Stopped', size: { memoryBytes: 4 * 2 ** 30, cpus: 2 } }],
    touchedBytes: null,
  };
  const lines: string[] = [];
  const found = vi.fn();
  const place = (path: string) =>
    ({ path, by: 'place', context: null, target: null, isPlace: true }) as const;
  const hand: RuntimeHand = {
    standing: { os: 'darwin', isRoot: false, hasSystemd: false, ...standing },
    endpoints() {
      const [first, ...others] = [...machine.dead, machine.socket];
      return [place(first), ...others.map(place)];
    },
    found,
    async info(socket) {
      if (socket !== machine.socket) return { info: null, silent: false, denied: false };
      const { denied, guestTotalBytes, hostName, operatingSystem, silent, up } = machine;
      if (silent || denied || !up) return { info: null, silent: silent || denied, denied };
      const info = { operatingSystem, hostName, kernel: '6.8', memoryBytes: guestTotalBytes, cpus: 2 };
      return { info, silent: false, denied: false };
    },
    containers: async () => machine.containers,
    isBuilding: async () => machine.building,
    installed: async () => [],
    size: async () => unknownSize,
    colimaProfiles: async () => machine.colima,
    orbMachines: async () => machine.machines,
    isAt: async ({ args }) => machine.atStart && args.includes('start'),
    async run({ tool, args }) {
      const line = [tool, ...args].join(' ');
      lines.push(line);
      const own = machine.tool(line);
      if (own !== null) return { ...done, ...own };
      machine.up = args.includes('start');
      return done;
    },
    async guest() {
      const { touchedBytes } = machine;
      return touchedBytes === null ? null : { bootId: 'one', totalBytes: 4e9, touchedBytes };
    },
    isOwnKernel: () => false,
  };
  const policy = { vitals: { reasons: [] }, role: 'single', policy: 'auto', automation: true } as ReturnType<
    RuntimePorts['policy']
  >;
  const changed = vi.fn();
  const clusters: { name: string; provider: 'kind'; verb: string | null }[] = [];
  const ports: RuntimePorts & { current: typeof policy } = {
    current: policy,
    clock: time.clock,
    scheduler: time.scheduler,
    log: silentLog,
    hand,
    memory: await openRuntimeMemory(runFolder),
    clusters: () => clusters,
    stopCluster: async () => ok(undefined),
    guestUsedBytes: () => null,
    policy: () => ports.current,
    publish: () => undefined,
    changed,
  };
  return { time, machine, lines, ports, clusters, changed, found, room: openRuntime(ports) };
}
