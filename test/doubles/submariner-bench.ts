import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { runPlan } from '../../src-engine/cluster/run-plan.ts';
import { privateKubeconfig } from '../../src-engine/kube/private-kubeconfig.ts';
import { openSubmarinerHands } from '../../src-engine/kube/submariner-hands.ts';
import {
  systemClock,
  systemScheduler,
  type Disposable,
  type Scheduler,
} from '../../src-engine/platform/clock.ts';
import type { Logger } from '../../src-engine/platform/log.ts';
import { systemTools } from '../../src-engine/platform/tools.ts';
import type { OwnCluster } from '../../src-engine/tunnel/ports.ts';
import type { RuntimeFacts, Step, SubmarinerPorts } from '../../src-engine/tunnel/submariner/ports.ts';
import type { Submariner } from '../../src-engine/tunnel/submariner/submariner-port.ts';
import { openSubmariner } from '../../src-engine/tunnel/submariner/submariner.ts';
import { GIB } from '../../src-shared/units.ts';
import type { LinkState } from '../../src-shared/world/peer.ts';
import type { Role } from '../../src-shared/world/role.ts';
import { testKube } from './fake-kube.ts';
import type { FakeKube } from './fake-kube-types.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What goes wrong with subctl; test/doubles/subctl.mjs reads it at each call. */
export interface Scene {
  readonly version?: string;
  /** A verb, or a phase of one, in which it hangs. */
  readonly hangIn?: string;
  readonly failIn?: string;
  readonly failure?: string;
  readonly lacks?: readonly string[];
  readonly uninstall?: 'nothing';
  readonly brokerFile?: 'small' | 'truncated' | 'other' | 'none';
  /** `none`: none starts; else why it cannot work. */
  readonly gateway?: string;
  readonly delayMs?: number;
}

/** One Mac: the manager, over a cluster that is only its API, with an executable for subctl. */
export interface BenchMac {
  submariner: Submariner;
  readonly kube: FakeKube;
  readonly folder: string;
  readonly facts: {
    cluster: OwnCluster | null;
    link: LinkState;
    runtime: RuntimeFacts | null;
    hasTool: boolean;
    /** Of LAN mode, which a join takes away. */
    lanCleared: number;
    /** So much of the time that something is waited for is over already. */
    aheadMs: number;
  };
  readonly logged: string[];
  readonly notes: string[];
  scene(scene: Scene): void;
  /** Verbs and arguments of subctl, without the questions for its version and flags. */
  calls(): string[][];
  /**
   * The engine is gone at that step as by kill -9: nothing of it goes on, nothing is undone. Resolves when it is so, with
   * another engine at the same home.
   */
  dieAt(step: string, when: 'before' | 'after', verb: () => Promise<unknown>): Promise<void>;
  /** Everything that is written in its folder now. */
  written(): { readonly name: string; readonly mode: number; readonly text: string }[];
}

export interface Bench {
  readonly core: BenchMac;
  readonly edge: BenchMac;
}

/** Two Macs whose link carries every frame at once while both say that it is up. */
export async function openBench(): Promise<Bench> {
  const macs: { core?: BenchMac; edge?: BenchMac } = {};
  macs.core = await openMac('core', () => macs.edge);
  macs.edge = await openMac('edge', () => macs.core);
  return { core: macs.core, edge: macs.edge };
}

const program = fileURLToPath(new URL('./subctl.mjs', import.meta.url));
const subnets = {
  core: { pods: '10.10.0.0/16', services: '10.110.0.0/16', nodes: '172.30.1.0/24' },
  edge: { pods: '10.20.0.0/16', services: '10.120.0.0/16', nodes: '172.30.2.0/24' },
};

async function openMac(side: 'core' | 'edge', other: () => BenchMac | undefined): Promise<BenchMac> {
  const folder = temporaryFolder('submariner');
  const tool = join(folder, 'subctl');
  copyFileSync(program, tool);
  chmodSync(tool, 0o755);
  const { pods, services, nodes } = subnets[side];
  const kube = await testKube({ name: 'lab', pods, services });
  const facts: BenchMac['facts'] = {
    cluster: { name: 'lab', provider: 'kind', state: 'running' },
    link: 'up',
    runtime: {
      up: true,
      memoryBytes: 8 * GIB,
      published: ['6443/tcp', '4500/udp', '4490/udp'].map((port) => ({
        port,
        hostPort: kube.port,
        onLan: true,
      })),
      networks: [nodes],
      kernelConfig: [
        'CONFIG_NET=y',
        'CONFIG_XFRM_USER=m',
        'CONFIG_INET_ESP=m',
        'CONFIG_IP_SET=m',
        'CONFIG_VXLAN=m',
      ].join('\n'),
    },
    hasTool: true,
    lanCleared: 0,
    aheadMs: 0,
  };
  const logged: string[] = [];
  const notes: string[] = [];
  const env = { SUBCTL_SCENE: join(folder, 'scene.json'), SUBCTL_CALLS: join(folder, 'calls') };
  const ports: Writable<SubmarinerPorts> = {
    ...quietPorts(side, logged, notes),
    folder: join(folder, 'run'),
    clock: { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + facts.aheadMs },
    tools: {
      ...systemTools,
      find: async () => (facts.hasTool ? tool : null),
      run: (path, args, options) =>
        systemTools.run(path, args, { ...options, env: { ...options.env, ...env } }),
    },
    cluster: () => facts.cluster,
    clusterNamed: (name) => (facts.cluster?.name === name ? facts.cluster : null),
    link: () => facts.link,
    kubeconfig: async () => (kube.down ? null : kube.kubeconfig()),
    runtime: async () => facts.runtime,
    async clearLan() {
      facts.lanCleared += 1;
      return true;
    },
    send(payload) {
      const there = other();
      if (facts.link !== 'up' || there?.facts.link !== 'up') return false;
      there.submariner.heard(JSON.parse(JSON.stringify(payload)));
      return true;
    },
    sendSecret(name, value) {
      other()?.submariner.heardSecret(name, value);
      return true;
    },
  };
  const fate = openFate();
  ports.scheduler = fate.scheduler;
  ports.runPlan = fate.runPlan;
  const mac: BenchMac = {
    submariner: await openSubmariner(ports),
    kube,
    folder,
    facts,
    logged,
    notes,
    scene: (scene) => writeFileSync(env.SUBCTL_SCENE, JSON.stringify(scene)),
    calls: () => callsIn(env.SUBCTL_CALLS),
    async dieAt(step, when, verb) {
      const gone = fate.at(step, when);
      void verb();
      await gone;
      mac.submariner = await openSubmariner(ports);
    },
    written: () => writtenIn(ports.folder),
  };
  onTestFinished(() => mac.submariner.dispose());
  return mac;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Steps as the engine runs them, until the one at which it dies. */
function openFate() {
  const timers = new Set<Disposable>();
  const own = (timer: Disposable): Disposable => {
    timers.add(timer);
    return timer;
  };
  let end: { readonly step: string; readonly when: 'before' | 'after'; gone(): void } | null = null;
  const scheduler: Scheduler = {
    after: (delayMs, task) => own(systemScheduler.after(delayMs, task)),
    every: (periodMs, task) => own(systemScheduler.every(periodMs, task)),
  };
  const die = (): Promise<never> => {
    for (const timer of timers) timer.dispose();
    timers.clear();
    end?.gone();
    end = null;
    return new Promise(() => undefined);
  };
  const runPlanTo: SubmarinerPorts['runPlan'] = (plan, events, interrupted) => {
    const steps = plan.steps.map((step): Step => ({
      ...step,
      async run(context) {
        if (end?.step === step.id && end.when === 'before') return die();
        const result = await step.run(context);
        return end?.step === step.id && result.ok ? die() : result;
      },
    }));
    const whole = { ...plan, steps, expected: [] };
    return runPlan(whole, { ...events, part: () => undefined }, interrupted, scheduler);
  };
  return {
    scheduler,
    runPlan: runPlanTo,
    at: (step: string, when: 'before' | 'after') => new Promise<void>((gone) => (end = { step, when, gone })),
  };
}

function quietPorts(side: Role, logged: string[], notes: string[]) {
  const hear = (...what: unknown[]): void => void logged.push(JSON.stringify(what));
  return {
    clock: systemClock,
    scheduler: systemScheduler,
    runPlan: openFate().runPlan,
    log: { info: hear, warn: hear, error: hear, debug: hear } as unknown as Logger,
    role: () => side,
    linkHost: () => '127.0.0.1',
    openHands: (kubeconfig: string) => openSubmarinerHands(kubeconfig, systemScheduler),
    privately: privateKubeconfig,
    lanNetworks: () => ['192.168.1.0/24'],
    answers: async () => true,
    freeDiskBytes: () => 20 * GIB,
    planBytes: () => 2 * GIB,
    usualMs: () => null,
    took: () => undefined,
    changed: () => undefined,
    note: (kind: string, what: string, evidence: unknown) =>
      void notes.push(`${kind}: ${what} ${JSON.stringify(evidence)}`),
  };
}

function callsIn(file: string): string[][] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  return lines
    .map((line) => JSON.parse(line) as string[])
    .filter((call) => call[0] !== 'version' && !call.includes('--help'));
}

function readFile(path: string): string | null {
  return statSync(path).isFile() ? readFileSync(path, 'utf8') : null;
}

function writtenIn(folder: string): { name: string; mode: number; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(folder, name);
    const text = readFile(path);
    return text === null ? [] : [{ name, mode: statSync(path).mode & 0o777, text }];
  });
}
