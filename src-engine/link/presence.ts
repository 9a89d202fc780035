import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { createTurns } from '../platform/turns.ts';
import type { LinkState } from './link-state.ts';
import { homeNetwork, routerKey } from './network/home-network.ts';
import type { OwnNetwork, Sessions } from './ports.ts';

export interface PresencePorts {
  readonly state: LinkState;
  readonly sessions: Pick<Sessions, 'listen' | 'stopListening' | 'setPeer' | 'dialNow'>;
  port(): number;
  network(): Promise<OwnNetwork | null>;
  /** The network is not the home one and nobody was asked of it yet. */
  ask(): void;
  /** What was asked needs no answer any more. */
  answered(): void;
  /** Before this Mac falls silent here, the other one is told. */
  sayBye(): void;
  /** This Mac shows itself no more: nothing is known of the other one from now on. */
  lookAway(): void;
  /** True while the paired Mac itself is heard: no router can say more of where this Mac is. */
  isHeard(): boolean;
  /** Calls `refresh` again in a second or two. */
  again(): void;
  announce(): void;
  changed(): void;
}

/** Where this Mac shows itself: it listens and dials at home, and anywhere while a person pairs. */
export interface Presence {
  /** After any change of network, setting, pairing or peer. One at a time; the last one counts. */
  refresh(): Promise<void>;
  /** For pairing: listens although the network is not home. */
  ensureListening(): Promise<Result<{ address: string; port: number }>>;
  /** Nothing is opened or dialled after this. */
  dispose(): Promise<void>;
}

export function createPresence(ports: PresencePorts): Presence {
  const { state } = ports;
  const presence: Shown = { ports, asked: null, disposed: false, unread: 0 };
  const { inTurn, settled } = createTurns();
  return {
    refresh: () => inTurn(() => settle(presence)),
    ensureListening: () =>
      inTurn(async () => {
        state.network = await ports.network();
        if (presence.disposed) return fail('noNetwork');
        const listening = await listenAt(ports, state.network);
        ports.changed();
        return listening;
      }),
    async dispose() {
      presence.disposed = true;
      await settled();
    },
  };
}

interface Shown {
  readonly ports: PresencePorts;
  /** The router of the network that a person was asked of, until it is answered or left for home; null: nobody was. */
  asked: { readonly router: string | null } | null;
  disposed: boolean;
  /** Readings in a row in which the router's MAC address was missing. */
  unread: number;
}

async function settle(presence: Shown): Promise<void> {
  if (presence.disposed) return;
  const { ports } = presence;
  const { state, sessions } = ports;
  const before = { home: state.home, network: state.network };
  state.network = await ports.network();
  if (presence.disposed) return;
  state.home = whereAmI(presence, before);
  const isHome = isAtHome(state.home);
  const isLeaving = isAtHome(before.home) && (state.home === 'other' || state.home === 'refused');
  // Without a network nobody hears it, and this Mac would judge nothing afterwards, its own fault included.
  if (isLeaving) ports.sayBye();
  if (isHome || pairs(state)) await listenAt(ports, state.network);
  else await beSilent(ports);
  sessions.setPeer(isHome ? state.paired : null);
  if (isLeaving) ports.lookAway();
  askOnce(presence);
  ports.announce();
  ports.changed();
}

const isAtHome = (home: LinkState['home']): boolean => home === 'home' || home === 'trusted';

/** So many readings may miss the router's MAC address before the network counts as another one. */
const UNREAD_TIMES = 5;

function whereAmI(
  presence: Shown,
  before: { readonly home: LinkState['home']; readonly network: OwnNetwork | null },
): LinkState['home'] {
  const { ports } = presence;
  const { paired, network } = ports.state;
  if (paired === null) return 'unpaired';
  const found = homeNetwork(paired, network);
  // One forged ARP reply, or a router that was exchanged, must not end a link that stands with the paired Mac itself.
  if (found === 'other' && isAtHome(before.home) && ports.isHeard() && isSamePlace(before.network, network))
    return before.home;
  if (found !== null) {
    presence.unread = 0;
    return found;
  }
  presence.unread += 1;
  if (presence.unread > UNREAD_TIMES) return 'other';
  ports.again();
  return before.home === 'unpaired' ? 'none' : before.home;
}

function isSamePlace(before: OwnNetwork | null, now: OwnNetwork | null): boolean {
  return before !== null && before.address === now?.address && before.gateway === now.gateway;
}

/** A network that comes and goes is asked of once; another one anew, so that a yes is never for what nobody saw. */
function askOnce(presence: Shown): void {
  const { ports, asked } = presence;
  const { home, network } = ports.state;
  if (home === 'none') return;
  if (home !== 'other' || network === null) {
    if (asked !== null) ports.answered();
    presence.asked = null;
    return;
  }
  const router = routerKey(network);
  if (asked !== null && asked.router === router) return;
  presence.asked = { router };
  ports.ask();
}

/** On purpose: why it could not listen is no problem any more. */
async function beSilent(ports: PresencePorts): Promise<void> {
  const { state } = ports;
  await fallSilent(ports);
  state.listenProblem = null;
}

/** A person is at it: until it is done or failed. */
function pairs({ pairing }: LinkState): boolean {
  return pairing !== null && pairing.stage !== 'done' && pairing.stage !== 'failed';
}

async function listenAt(
  ports: PresencePorts,
  network: OwnNetwork | null,
): Promise<Result<{ address: string; port: number }>> {
  const { state, sessions } = ports;
  if (network === null) {
    await fallSilent(ports);
    return noted(state, fail('noNetwork'));
  }
  const { listening } = state;
  if (listening !== null && listening.address === network.address && listening.port === ports.port())
    return ok(listening);
  const opened = await sessions.listen(network.address, ports.port());
  state.listening = opened.ok ? opened.value : null;
  if (opened.ok) sessions.dialNow();
  return noted(state, opened);
}

function noted<T>(state: LinkState, result: Result<T>): Result<T> {
  state.listenProblem = result.ok ? null : result.error;
  return result;
}

async function fallSilent({ state, sessions }: PresencePorts): Promise<void> {
  if (state.listening !== null) await sessions.stopListening();
  state.listening = null;
}
