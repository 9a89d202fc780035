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
  /** What the daemon says of itself. */
  hostName: string;
  operatingSystem: string;
  socket: string;
  containers: unknown;
  machines: string[];
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
    hostName: 'colima',
    operatingSystem: 'Ubuntu 24.04.1 LTS',
    socket: '/home/me/.colima/default/docker.sock',
    containers: [],
    machines: [],
    tool: () => null,
    colima: [{ name: 'default', status: 'Stopped', size: { memoryBytes: 4 * 2 ** 30, cpus: 2 } }],
    touchedBytes: null,
  };
  const lines: string[] = [];
  const hand: RuntimeHand = {
    standing: { os: 'darwin', isRoot: false, hasSystemd: false, ...standing },
    endpoint: () => ({ path: machine.socket, by: 'place', context: null, target: null }),
    async info() {
      const { hostName, operatingSystem, up } = machine;
      const info = { operatingSystem, hostName, kernel: '6.8', memoryBytes: 4e9, cpus: 2 };
      return { info: up ? info : null, silent: false };
    },
    containers: async () => machine.containers,
    installed: async () => [],
    size: async () => unknownSize,
    colimaProfiles: async () => machine.colima,
    orbMachines: async () => machine.machines,
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
  return { time, machine, lines, ports, clusters, changed, room: openRuntime(ports) };
}
