import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
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
  const presence: Shown = { ports, asked: null, disposed: false };
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = turn.then(task);
    turn = result.catch(() => undefined);
    return result;
  };
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
      await turn;
    },
  };
}

interface Shown {
  readonly ports: PresencePorts;
  /** The router of the network that a person was asked of, until it is answered or left for home; null: nobody was. */
  asked: { readonly router: string | null } | null;
  disposed: boolean;
}

async function settle(presence: Shown): Promise<void> {
  if (presence.disposed) return;
  const { ports } = presence;
  const { state, sessions } = ports;
  const before = state.home;
  state.network = await ports.network();
  if (presence.disposed) return;
  state.home = state.paired === null ? 'unpaired' : homeNetwork(state.paired, state.network);
  const isHome = state.home === 'home' || state.home === 'trusted';
  const wasHome = before === 'home' || before === 'trusted';
  // Without a network nobody hears it, and this Mac would judge nothing afterwards, its own fault included.
  if (wasHome && !isHome && state.home !== 'none') ports.sayBye();
  if (isHome || pairs(state)) await listenAt(ports, state.network);
  else await beSilent(ports);
  sessions.setPeer(isHome ? state.paired : null);
  askOnce(presence);
  ports.announce();
  ports.changed();
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
  if (state.problem?.code === 'linkPortTaken' || state.problem?.code === 'noNetwork') state.problem = null;
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
  state.problem = result.ok ? null : result.error;
  return result;
}

async function fallSilent({ state, sessions }: PresencePorts): Promise<void> {
  if (state.listening !== null) await sessions.stopListening();
  state.listening = null;
}
