import type { Peer } from '../../../src-shared/world/peer.ts';
import type { World } from '../../../src-shared/world/world.ts';
import { connectToEngine, type EngineClient } from '../../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../../src-engine/platform/home.ts';
import { nowMs } from './wire.ts';

/** What an engine said of the link, and when it said it. */
export interface Seen {
  /** On the clock of `nowMs`, as it arrived here: up to 50 ms after it happened, since the door gathers. */
  readonly atMs: number;
  readonly peer: Peer | null;
  readonly notices: World['notices'];
  readonly world: World;
}

/** A connection to an engine that writes down every change of the link. */
export interface Watch {
  readonly client: EngineClient;
  readonly seen: readonly Seen[];
  /** The first sighting after `fromMs` that fits; fails after `withinMs`, counted from `fromMs`, with what there was. */
  see(what: string, fromMs: number, withinMs: number, fits: (seen: Seen) => boolean): Promise<Seen>;
  /** As `see`, where the last sighting counts as well. */
  reach(what: string, withinMs: number, fits: (seen: Seen) => boolean): Promise<Seen>;
  /** `link:CLASS` in their order without repetition, from the one that held at `fromMs`. */
  course(fromMs: number): string[];
  /** The same with times and silences, for the message of a test that fails. */
  story(fromMs: number): string;
  close(): void;
}

/** @param homePath TANDEM_HOME of a running engine */
export async function watchEngine(homePath: string): Promise<Watch> {
  const connected = await connectToEngine(homeAt(homePath));
  if (!connected.ok) throw new Error(`no engine in ${homePath}`);
  const client = connected.value;
  const seen: Seen[] = [];
  const waiting = new Set<() => void>();
  const take = (world: World): void => {
    seen.push({ atMs: nowMs(), peer: world.peer, notices: world.notices, world });
    for (const look of waiting) look();
  };
  client.on('status.changed', take);
  const first = await client.call('status.subscribe', {});
  if (!first.ok) throw new Error(`cannot subscribe: ${first.error.code}`);
  take(first.value);
  const course = (fromMs: number): string[] => {
    const start = seen.findLastIndex(({ atMs }) => atMs <= fromMs);
    const words = seen.slice(Math.max(0, start)).map(wordOf);
    return words.filter((word, index) => word !== words[index - 1]);
  };
  const see: Watch['see'] = (what, fromMs, withinMs, fits) =>
    new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => {
          waiting.delete(look);
          reject(
            new Error(`not seen within ${withinMs} ms: ${what}; the course was ${course(fromMs).join(' ')}`),
          );
        },
        Math.max(0, fromMs + withinMs - nowMs()),
      );
      function look(): void {
        const found = seen.find((one) => one.atMs >= fromMs && fits(one));
        if (found === undefined) return;
        clearTimeout(limit);
        waiting.delete(look);
        resolve(found);
      }
      waiting.add(look);
      look();
    });
  return {
    client,
    seen,
    see,
    reach: async (what, withinMs, fits) => {
      const last = seen.at(-1);
      return last !== undefined && fits(last) ? last : see(what, nowMs(), withinMs, fits);
    },
    course,
    story: (fromMs) =>
      seen
        .filter(({ atMs }, index) => atMs >= fromMs || (seen[index + 1]?.atMs ?? fromMs) >= fromMs)
        .filter((one, index, all) => index === 0 || wordOf(one) !== wordOf(all[index - 1] ?? one))
        .map(
          (one) =>
            `${(one.atMs - fromMs).toFixed(0)} ms ${wordOf(one)} (silent ${one.peer?.lastSeenMs?.toFixed(0)})`,
        )
        .join(', '),
    close: () => client.close(),
  };
}

/** Such as `up`, `down:APP_CRASHED`. */
function wordOf({ peer }: Seen): string {
  if (peer === null) return 'unpaired';
  return peer.class === null ? peer.link : `${peer.link}:${peer.class}`;
}
