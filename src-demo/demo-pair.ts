import type { World } from '../src-shared/world/world.ts';
import type { Broom } from './broom.ts';
import { freePorts } from './free-ports.ts';
import { startMac, type Mac } from './mac.ts';
import type { DemoOptions } from './options.ts';
import { must, pairMacs, reach } from './pair-macs.ts';
import type { Place } from './place.ts';

/** Two real engines that are paired, each with a cluster, and a front before them. */
export interface DemoPair {
  readonly place: Place;
  readonly core: Mac;
  readonly edge: Mac;
  /** Where clients call. */
  readonly front: string;
  /** What the edge's battery was told last. */
  readonly battery: { percent: number; onAC: boolean };
}

const FRONT_MS = 60_000;
/** First admission of a pair takes 30 s (limits.md), and a little. */
const SETTLE_MS = 180_000;

/**
 * Starts both engines, gives each a cluster, pairs them and waits for the front. What was made is the broom's, also
 * when this fails half-way.
 *
 * @param say hears of each step that is over
 * @param stop nothing new is begun once it is aborted
 */
export async function openDemoPair(
  options: DemoOptions,
  place: Place,
  broom: Broom,
  say: (step: string) => void,
  stop: AbortSignal,
): Promise<DemoPair> {
  const settings = settingsOf(options, place, await freePorts(7));
  const start = async (side: 'core' | 'edge'): Promise<Mac> => {
    stop.throwIfAborted();
    const prefix = side === 'edge' ? place.edgePrefix : [];
    return startMac({ side, prefix, settings: settings[side], timeScale: options.timeScale }, broom);
  };
  const macs = [await start('core'), await start('edge')] as const;
  const [core, edge] = macs;
  const letGo = (): void => macs.forEach(({ client }) => client.close());
  // What waits for an answer has it then.
  stop.addEventListener('abort', letGo, { once: true });
  stop.throwIfAborted();
  say('engines');
  await Promise.all(
    macs.map(({ client, side }) => must(client, 'cluster.create', { name: side, provider: 'embedded' })),
  );
  say('clusters');
  await pairMacs(core, edge, settings.coreAt);
  say('paired');
  await reach(core, 'a front that answers', FRONT_MS, ({ traffic }) => traffic?.state === 'up');
  const front = `http://${settings.core.traffic.listen}/`;
  return { place, core, edge, front, battery: { percent: 80, onAC: true } };
}

/** Waits until traffic flows at the settled shares. */
export function settled({ core }: DemoPair): Promise<World> {
  return reach(core, 'traffic at 20 and 80', SETTLE_MS, ({ traffic, handoff }) => {
    return handoff?.state === 'SERVING' && traffic?.weights.edge === 80;
  });
}

function settingsOf(options: DemoOptions, place: Place, ports: readonly number[]) {
  const [coreLink = 0, edgeLink = 0, listen = 0, gate = 0, coreHost = 0, edgeHost = 0] = ports;
  const link = (address: string, port: number) => ({ address, port, discovery: false });
  return {
    coreAt: `${place.coreAddress}:${coreLink}`,
    core: {
      cluster: { name: 'core', provider: 'embedded', hostPort: coreHost },
      link: link(place.coreAddress, coreLink),
      traffic: { front: options.front, listen: `127.0.0.1:${listen}` },
    },
    edge: {
      cluster: { name: 'edge', provider: 'embedded', hostPort: edgeHost },
      link: link(place.edgeAddress, edgeLink),
      traffic: { front: options.front, gateListen: `${place.edgeAddress}:${gate}` },
    },
  };
}
