import { fail, ok, type TandemError } from '../../src-shared/errors/result.ts';
import type { OwnLink } from '../../src-shared/world/peer.ts';
import { createTrace } from './beat/trace.ts';
import { breaksFrom } from './break-records.ts';
import { wantsToFind } from './link-events.ts';
import type { LinkParts } from './link-parts.ts';
import type { LinkHandlers, LinkHistory } from './link-ports.ts';
import { ownLinkSlice } from './link-state.ts';
import { homeNetwork, NO_ROUTER, routerKey } from './network/home-network.ts';

/** So long Bonjour is listened to before the answer. */
const NEARBY_MS = 1500;

/** The verbs of the link. */
export function linkHandlers(parts: LinkParts): LinkHandlers {
  const { state, pairing, peers, commands, ports } = parts;
  return {
    'pair.open': () => pairing.open(),
    'pair.dial': ({ host }) => pairing.dial(host),
    'pair.answer': async ({ same }) => pairing.answer(same),
    'pair.cancel': async () => pairing.cancel(),
    'pair.nearby': () => nearby(parts),
    'peer.get': async () => shown(parts),
    'peer.breaks': ({ limit }) => breaks(ports.history, limit),
    'peer.record': ({ on }) => record(parts, on),
    'peer.network': ({ trust }) => decide(parts, trust),
    async 'peer.unpair'({ yes }) {
      if (state.paired === null) return fail('notPaired');
      if (!yes) return fail('notConfirmed', { what: 'unpair' });
      const gone = await peers.unpair('here');
      return gone.ok ? shown(parts) : gone;
    },
    async 'peer.ask'({ command, name }) {
      if (state.paired === null) return fail('notPaired');
      return commands.ask(command, name ?? null);
    },
  };
}

/** While this Mac's keys cannot be read: every act of the link says so; looking still works. */
export function shutHandlers(error: TandemError, link: OwnLink, history: LinkHistory): LinkHandlers {
  const refuse = async () => ({ ok: false, error }) as const;
  return {
    'pair.open': refuse,
    'pair.dial': refuse,
    'pair.answer': refuse,
    'pair.cancel': refuse,
    'pair.nearby': refuse,
    'peer.unpair': refuse,
    'peer.record': refuse,
    'peer.ask': refuse,
    'peer.network': refuse,
    'peer.get': async () => ok({ link, peer: null }),
    'peer.breaks': ({ limit }) => breaks(history, limit),
  };
}

function shown({ state, publish }: LinkParts) {
  const peer = publish();
  return ok({ link: ownLinkSlice(state), peer });
}

async function breaks(history: LinkHistory, limit: number) {
  await history.settled();
  return ok({ breaks: await breaksFrom(history.records(), limit) });
}

/** Macs nearby that have a window open. Bonjour is a hint: an address to try. */
async function nearby(parts: LinkParts) {
  const { discovery, ports } = parts;
  discovery.browse(true);
  await new Promise<void>((resolve) => void ports.scheduler.after(NEARBY_MS, resolve));
  const found = discovery
    .found()
    .filter(({ pairing }) => pairing)
    .map(({ name, host, port }) => ({ name, host: `${host}:${port}` }));
  discovery.browse(wantsToFind(parts));
  return ok({ found });
}

async function record(parts: LinkParts, on: boolean) {
  const { ports, state } = parts;
  if (on) parts.trace ??= createTrace(ports.logsFolder, ports.scheduler);
  else {
    await parts.trace?.flush();
    parts.trace?.dispose();
    parts.trace = null;
  }
  state.recording = parts.trace?.path ?? null;
  parts.publish();
  return ok({ file: state.recording });
}

/** A person's answer for the network that this Mac is on; remembered by its router. */
async function decide(parts: LinkParts, trust: boolean) {
  const { state, peers, presence, ports } = parts;
  if (state.paired === null) return fail('notPaired');
  // An answer is remembered by the router: before it is known, there is nothing to remember it by.
  if (state.network === null || homeNetwork(state.paired, state.network) === null) return fail('noNetwork');
  const key = routerKey(state.network);
  const { homeRouters, refusedRouters } = state.paired;
  if (trust) {
    // Also what was refused by its address before its hardware address could be read, and the network of the pairing.
    const { gateway, gatewayMac } = state.network;
    const refused = refusedRouters.filter(
      (router) => router !== (gateway ?? NO_ROUTER) && router !== gatewayMac,
    );
    const home = homeRouters.includes(key) ? homeRouters : [...homeRouters, key];
    await peers.update({ homeRouters: home, refusedRouters: refused });
  } else {
    const kept = homeRouters.filter((router, index) => index === 0 || router !== key);
    const refused = [...new Set([...refusedRouters, key ?? NO_ROUTER])];
    await peers.update({ homeRouters: kept, refusedRouters: refused });
  }
  ports.tell({ type: 'settled', category: 'pairing' });
  await presence.refresh();
  return shown(parts);
}
