import { fail, ok } from '../../src-shared/errors/result.ts';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import type { World } from '../../src-shared/world/world.ts';
import { breaks, pairing } from './pair-worlds.ts';

type PeerMethods = Extract<keyof Handlers<Caller>, `pair.${string}` | `peer.${string}`>;

/** Ten minutes of heartbeat gaps: calm, a busy minute, one outage that was decided, and its silence. */
export const gaps: (number | null)[] = Array.from({ length: 60 }, (_, at) => {
  if (at === 0) return null;
  if (at === 40) return 1700;
  if (at === 47) return 2600;
  if (at === 48 || at === 49) return null;
  return at > 20 && at < 27 ? 420 + at * 10 : 255 + ((at * 37) % 60);
});

/** What an engine of scripted Worlds says of the other Mac. */
export function peerHandlers(world: () => World): Pick<Handlers<Caller>, PeerMethods> {
  const both = () => ({ link: world().link, peer: world().peer });
  return {
    'pair.open': async () => ok(pairing({ stage: 'listening' })),
    'pair.dial': async () => ok(pairing({ stage: 'dialling', side: 'dialler' })),
    'pair.answer': async () =>
      world().link.pairing === null ? fail('nothingToAnswer') : ok(pairing({ stage: 'waiting' })),
    'pair.cancel': async () => ok({}),
    'pair.nearby': async () => ok({ found: [{ name: 'Mac mini', host: '192.0.2.20:47321' }] }),
    'peer.unpair': async () => ok(both()),
    'peer.get': async () => ok(both()),
    'peer.breaks': async () => ok({ breaks: breaks() }),
    'peer.record': async ({ on }) => ok({ file: on ? '/tmp/home/link-trace.jsonl' : null }),
    'peer.ask': async ({ command }) => ok({ asked: command }),
    'peer.network': async () => ok(both()),
  };
}
