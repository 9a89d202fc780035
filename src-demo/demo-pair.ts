import type { World } from '../src-shared/world/world.ts';
import { freePorts } from './free-ports.ts';
import { removeMac, startMac, type Mac } from './mac.ts';
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
  close(): Promise<void>;
}

const FRONT_MS = 30_000;
/** First admission of a pair takes 30 s (limits.md), and a little. */
const SETTLE_MS = 180_000;

/** @param say hears of each step that is over */
export async function openDemoPair(
  options: DemoOptions,
  place: Place,
  say: (step: string) => void,
): Promise<DemoPair> {
  const macs: Mac[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(macs.map(removeMac));
    await place.remove();
  };
  try {
    const settings = settingsOf(options, place, await freePorts(7));
    for (const side of ['core', 'edge'] as const) {
      const prefix = side === 'edge' ? place.edgePrefix : [];
      macs.push(await startMac({ side, prefix, settings: settings[side], timeScale: options.timeScale }));
    }
    const [core, edge] = macs as [Mac, Mac];
    say('engines');
    await Promise.all(
      macs.map(({ client, side }) => must(client, 'cluster.create', { name: side, provider: 'embedded' })),
    );
    say('clusters');
    await pairMacs(core, edge, settings.coreAt);
    say('paired');
    await reach(core, 'a front that answers', FRONT_MS, ({ traffic }) => traffic?.state === 'up');
    const front = `http://${settings.core.traffic.listen}/`;
    return { place, core, edge, front, battery: { percent: 80, onAC: true }, close };
  } catch (error) {
    await close();
    throw error;
  }
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
