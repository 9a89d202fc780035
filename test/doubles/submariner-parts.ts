import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runPlan } from '../../src-engine/cluster/run-plan.ts';
import type { Logger } from '../../src-engine/platform/log.ts';
import { makePrivateFolder } from '../../src-engine/platform/files.ts';
import type { Tools } from '../../src-engine/platform/tools.ts';
import type { OwnCluster } from '../../src-engine/tunnel/ports.ts';
import { readBrokerFile } from '../../src-engine/tunnel/submariner/broker-file.ts';
import { openMemory } from '../../src-engine/tunnel/submariner/memory.ts';
import { childNoter } from '../../src-engine/tunnel/submariner/operation.ts';
import type { Parts } from '../../src-engine/tunnel/submariner/parts.ts';
import type { PeerWord } from '../../src-engine/tunnel/submariner/peer-talk.ts';
import type { SubmarinerPorts } from '../../src-engine/tunnel/submariner/ports.ts';
import type { SubctlVerb } from '../../src-engine/tunnel/submariner/subctl-args.ts';
import type { Subctl } from '../../src-engine/tunnel/submariner/subctl.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { GIB } from '../../src-shared/units.ts';
import { brokerFile } from './broker-file.ts';
import { fakeTime } from './fake-time.ts';
import { openCluster, putSubmariner, type HandsScene } from './submariner-cluster.ts';
import { gateway, type GatewayParts } from './submariner-objects.ts';
import { temporaryFolder } from './temporary-folder.ts';

const BROKER = 'submariner-k8s-broker';
const OPERATOR = 'submariner-operator';

/** The manager's parts, over a cluster in memory: no process and no server, so that each answer can be left out. */
export interface PartsBench {
  readonly parts: Parts;
  readonly ports: SubmarinerPorts;
  readonly folder: string;
  readonly time: ReturnType<typeof fakeTime>;
  /** Of the cluster that is meant. */
  readonly cluster: HandsScene;
  readonly facts: {
    cluster: OwnCluster | null;
    /** Of this Mac as well, and not meant. */
    others: OwnCluster[];
    hasTool: boolean;
    peer: PeerWord | null;
    /** The one that the gateway says it is connected to. */
    connected: GatewayParts['peer'];
  };
  /** What subctl does, and what it did. */
  readonly subctl: Record<SubctlVerb, () => Promise<Result<void>>>;
  readonly runs: string[];
  /** IDs that the other Mac was told to forget. */
  readonly left: string[];
  readonly notes: string[];
  /** Called while the broker's address is tried: in the middle of a step that only looks. */
  onAnswers: () => void;
}

const file = brokerFile();
const read = readBrokerFile(file);
const known = read.ok ? read.value : { url: '-', print: '-' };

/** @param folder of an engine that is gone: its files are found again */
export async function openParts(
  role: 'core' | 'edge',
  folder = temporaryFolder('submariner'),
): Promise<PartsBench> {
  const time = fakeTime();
  const memory = await openMemory(folder);
  const bench: Omit<PartsBench, 'parts' | 'ports' | 'subctl'> = {
    folder,
    time,
    cluster: openCluster(),
    facts: {
      cluster: { name: 'lab', provider: 'kind', state: 'running' },
      others: [],
      hasTool: true,
      peer: peerOf(role),
      connected: null,
    },
    runs: [],
    left: [],
    notes: [],
    onAnswers: () => undefined,
  };
  const ports = portsOf(role, bench);
  const subctl = subctlOn(bench, memory.workFolder, `lab-${role}`);
  const parts: Parts = {
    ports,
    memory,
    subctl: toolOf(bench, subctl),
    talk: {
      ask: async () => bench.facts.peer,
      last: () => bench.facts.peer,
      askForBroker: async () => ok(file),
      sayLeft: (clusterId) => bench.left.push(clusterId) > 0,
      heard: () => true,
      heardSecret: () => undefined,
    },
    noteChild: childNoter({ memory, ports }),
    progress: null,
    interrupt: null,
    over: Promise.resolve(),
    claims: false,
    isRepairing: false,
    lines: [],
    word: null,
    apartSinceMs: null,
    triedMs: -Infinity,
    hands: null,
  };
  return Object.assign(bench, { parts, ports, subctl });
}

function peerOf(role: 'core' | 'edge'): PeerWord {
  return {
    type: 'submariner.facts',
    id: '00000000-0000-4000-8000-000000000000',
    wallMs: 0,
    skewMs: 0,
    clusterId: role === 'core' ? 'lab-edge' : 'lab-core',
    joined: false,
    podCidrs: ['10.10.0.0/16'],
    serviceCidrs: ['10.110.0.0/16'],
    nodeCidrs: ['172.30.1.0/24'],
    broker: role === 'core' ? null : { url: known.url, print: known.print },
    registered: [],
  };
}

type Inner = Omit<PartsBench, 'parts' | 'ports' | 'subctl'>;

function portsOf(role: 'core' | 'edge', bench: Inner): SubmarinerPorts {
  const { facts, time, folder, notes } = bench;
  const quiet = (): void => undefined;
  return {
    ...time,
    log: { info: quiet, warn: quiet, error: quiet, debug: quiet } as unknown as Logger,
    tools: { find: async () => null } as unknown as Tools,
    folder,
    runPlan: (plan, events, interrupted) =>
      runPlan({ ...plan, expected: [] }, { ...events, part: quiet }, interrupted, time.scheduler),
    cluster: () => facts.cluster,
    clusterNamed: (name) => [facts.cluster, ...facts.others].find((one) => one?.name === name) ?? null,
    role: () => role,
    link: () => 'up',
    linkHost: () => '192.168.1.10',
    kubeconfig: async (name) => `kubeconfig of ${name}`,
    openHands: async () => bench.cluster.hands,
    privately: async (_text, { name }) => ({ text: 'THE ADMINISTRATOR', context: name, authority: '' }),
    runtime: async () => ({
      up: true,
      memoryBytes: 8 * GIB,
      published: ['6443/tcp', '4500/udp', '4490/udp'].map((port) => ({ port, hostPort: 6443, onLan: true })),
      networks: ['172.30.2.0/24'],
      kernelConfig: null,
    }),
    lanNetworks: () => ['192.168.1.0/24'],
    async answers() {
      bench.onAnswers();
      return true;
    },
    freeDiskBytes: () => 20 * GIB,
    planBytes: () => 2 * GIB,
    send: () => true,
    sendSecret: () => true,
    usualMs: () => null,
    took: quiet,
    clearLan: async () => true,
    changed: quiet,
    note: (_kind, what) => void notes.push(what),
  };
}

/** What a subctl that works leaves behind. */
function subctlOn(bench: Inner, workFolder: string, clusterId: string): PartsBench['subctl'] {
  const { cluster } = bench;
  return {
    async 'deploy-broker'() {
      cluster.namespaces.add(BROKER).add(OPERATOR);
      cluster.put('brokers', BROKER, 'submariner-broker');
      await makePrivateFolder(workFolder);
      await writeFile(join(workFolder, 'broker-info.subm'), file);
      return ok(undefined);
    },
    async join() {
      putSubmariner(cluster, clusterId);
      const updatedSeconds = Math.floor(bench.time.clock.wall().getTime() / 1000);
      const { facts } = bench;
      cluster.put('gateways', OPERATOR, 'lab-worker', {
        ...gateway({ clusterId, updatedSeconds, peer: facts.connected ?? null }),
        annotations: { 'update-timestamp': String(updatedSeconds) },
      });
      return ok(undefined);
    },
    async uninstall() {
      for (const name of [OPERATOR, BROKER]) await cluster.hands.removeNamespace(name);
      return ok(undefined);
    },
  };
}

function toolOf({ facts, runs }: Inner, subctl: PartsBench['subctl']): Subctl {
  return {
    probe: async () =>
      facts.hasTool
        ? ok({ path: 'subctl', version: 'v0.22.2', flags: new Set(['broker-url']) })
        : fail('subctlMissing'),
    async run(_probed, [verb = '']) {
      runs.push(verb);
      return subctl[verb as SubctlVerb]();
    },
  };
}
