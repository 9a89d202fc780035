import type { Tools } from '../src-engine/platform/tools.ts';
import type { Broom } from './broom.ts';

/** Where the two Macs of the demo stand, and how the wire between them is cut. */
export interface Place {
  /** `namespaces`: the edge has a network of its own, and a cut is a real one. `loopback`: both share this host's. */
  readonly kind: 'namespaces' | 'loopback';
  readonly coreAddress: string;
  readonly edgeAddress: string;
  /** Words before a command of the edge, so that it runs in the edge's network. */
  readonly edgePrefix: readonly string[];
  /** Takes the wire away, or gives it back; false where there is none to cut. */
  cut(isCut: boolean): Promise<boolean>;
}

const LIMIT = { timeoutMs: 10_000 };

/**
 * Namespaces on Linux as root, else loopback.
 *
 * @param mind hears of what has to be removed one day, before it is made
 */
export async function choosePlace(
  tools: Tools,
  os: NodeJS.Platform,
  uid: number | undefined,
  mind: Broom['mind'],
): Promise<Place> {
  const ip = os === 'linux' && uid === 0 ? await tools.find('ip') : null;
  return (ip === null ? null : await namespaces(tools, ip, mind)) ?? loopback;
}

const loopback: Place = {
  kind: 'loopback',
  coreAddress: '127.0.0.1',
  edgeAddress: '127.0.0.1',
  edgePrefix: [],
  cut: async () => false,
};

/** A pair of virtual wires, one end in a namespace. 198.18.0.0/15 is for tests of networks (RFC 2544). */
async function namespaces(tools: Tools, ip: string, mind: Broom['mind']): Promise<Place | null> {
  const number = process.pid % 16_384;
  const name = `tandem-demo-${process.pid}`;
  const [coreEnd, edgeEnd] = [`tdc${process.pid}`, `tde${process.pid}`];
  const [high, low] = [Math.floor(number / 64), (number % 64) * 4];
  const [coreAddress, edgeAddress] = [`198.18.${high}.${low + 1}`, `198.18.${high}.${low + 2}`];
  const run = async (...args: string[]): Promise<boolean> => {
    const { exitCode, failure } = await tools.run(ip, args, LIMIT);
    return failure === null && exitCode === 0;
  };
  const inside = (...args: string[]): Promise<boolean> => run('-n', name, ...args);
  mind({ kind: 'namespace', ip, name, wire: coreEnd });
  const made =
    (await run('netns', 'add', name)) &&
    (await run('link', 'add', coreEnd, 'type', 'veth', 'peer', 'name', edgeEnd, 'netns', name)) &&
    (await run('addr', 'add', `${coreAddress}/30`, 'dev', coreEnd)) &&
    (await run('link', 'set', coreEnd, 'up')) &&
    (await inside('addr', 'add', `${edgeAddress}/30`, 'dev', edgeEnd)) &&
    (await inside('link', 'set', 'lo', 'up')) &&
    (await inside('link', 'set', edgeEnd, 'up'));
  // What was made of it stays until the end, and is in nobody's way.
  if (!made) return null;
  return {
    kind: 'namespaces',
    coreAddress,
    edgeAddress,
    edgePrefix: [ip, 'netns', 'exec', name],
    cut: (isCut) => run('link', 'set', coreEnd, isCut ? 'down' : 'up'),
  };
}
