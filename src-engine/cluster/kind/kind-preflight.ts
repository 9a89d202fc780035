import { readFile } from 'node:fs/promises';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { GIB } from '../../../src-shared/units.ts';
import type { HostPort, Publisher } from '../docker/docker-shapes.ts';
import type { ClusterRecord, Step } from '../provider.ts';
import { kindConfig } from './kind-config.ts';
import { configFacts, type ConfigFacts } from './kind-config-file.ts';
import type { KindHands } from './kind-hands.ts';
import { kindNodes } from './kind-observe.ts';

/** A node's own volume, fresh (recordings of kind, note 20). */
const NODE_BYTES = 490 * 1024 * 1024;
/** kind's node image, unpacked (research/cluster-tools.md, section 5). */
const IMAGE_BYTES = 1.23 * GIB;

/** What ports are looked at with. */
type PortEyes = Pick<KindHands, 'docker' | 'probePort'>;

export function checkDocker({ docker }: Pick<KindHands, 'docker'>): Step {
  return {
    id: 'checkDocker',
    limitMs: 10_000,
    harmless: true,
    async run() {
      if (await docker.ping()) return ok(undefined);
      // Slow is not down; and a ping tells no reason.
      const asked = await docker.publishers();
      return asked.ok ? ok(undefined) : asked;
    },
  };
}

/** What a create of it will make: of the file that was given, or of our own configuration. */
export async function factsOf(
  hands: Pick<KindHands, 'readYaml'>,
  record: ClusterRecord,
): Promise<Result<ConfigFacts>> {
  if (record.config === '') return configFacts(JSON.parse(kindConfig(record)), '');
  const text = await readFile(record.config, 'utf8').catch(() => null);
  return configFacts(text === null ? undefined : await hands.readYaml(text), record.config);
}

/** Before a create: kind finds a taken port only after the image and the first node, and then throws both away. */
export function checkPorts(hands: PortEyes, wanted: readonly HostPort[]): Step {
  return {
    id: 'checkPorts',
    limitMs: 10_000,
    harmless: true,
    run: () => portsFree(hands, wanted, []),
  };
}

/** Before a start: the ports of its nodes that do not run now. Docker would leave such a node as `exited`. */
export function checkOwnPorts(hands: KindHands, record: ClusterRecord): Step {
  return {
    id: 'checkPorts',
    limitMs: 10_000,
    harmless: true,
    async run() {
      const nodes = await kindNodes(hands.docker, record.name);
      if (!nodes.ok) return nodes;
      const down = nodes.value.filter(({ state }) => state !== 'running' && state !== 'paused');
      const details = await Promise.all(down.map(({ name }) => hands.docker.inspect(name)));
      const wanted = details.flatMap((detail) => (detail.ok ? detail.value.bindings : []));
      return portsFree(
        hands,
        wanted.filter(({ port }) => port > 0),
        nodes.value.map(({ name }) => name),
      );
    },
  };
}

async function portsFree(
  hands: PortEyes,
  wanted: readonly HostPort[],
  own: readonly string[],
): Promise<Result<void>> {
  const publishers = await hands.docker.publishers();
  const others = publishers.ok ? publishers.value.filter(({ container }) => !own.includes(container)) : [];
  for (const port of wanted) {
    const holder = holderOf(port, others);
    if (holder !== null) return fail('portTaken', { port: String(port.port), why: 'holder', holder });
    const trouble = await hands.probePort(port);
    if (trouble === 'foreign') return fail('addressNotHere', { address: port.host });
    if (trouble === 'taken') return fail('portTaken', { port: String(port.port) });
  }
  return ok(undefined);
}

/** The container that publishes it; two addresses of one machine do not meet, every address meets all. */
export function holderOf(wanted: HostPort, publishers: readonly Publisher[]): string | null {
  const isEvery = (host: string): boolean => ['', '0.0.0.0', '::'].includes(host);
  const found = publishers.find(
    ({ port, protocol, host }) =>
      port === wanted.port &&
      protocol === wanted.protocol &&
      (host === wanted.host || isEvery(host) || isEvery(wanted.host)),
  );
  return found?.container ?? null;
}

/**
 * Before a create: room for its nodes, and for the image where it has to be fetched first. Only a daemon on this very
 * machine tells its disk by its folder; that of a VM is judged by this Mac's own disk (memory guard), and by its failure.
 */
export function checkDisk(hands: KindHands, images: readonly string[], nodes: number): Step {
  return {
    id: 'checkDisk',
    limitMs: 10_000,
    harmless: true,
    async run() {
      const info = await hands.docker.info();
      if (info === null || !info.isLocal || info.rootFolder === '') return ok(undefined);
      const freeBytes = await hands.freeBytes(info.rootFolder);
      const there = await Promise.all(images.map((image) => hands.docker.hasImage(image)));
      const needBytes = nodes * NODE_BYTES + there.filter((is) => !is).length * IMAGE_BYTES;
      if (freeBytes === null || freeBytes >= needBytes) return ok(undefined);
      const gb = (bytes: number): string => (bytes / GIB).toFixed(1);
      return fail('runtimeDiskShort', { freeGb: gb(freeBytes), needGb: gb(needBytes) });
    },
  };
}
