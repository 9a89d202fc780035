import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { LinkState } from './link-state.ts';
import { homeNetwork } from './network/home-network.ts';
import type { OwnNetwork, Sessions } from './ports.ts';

export interface PresencePorts {
  readonly state: LinkState;
  readonly sessions: Pick<Sessions, 'listen' | 'stopListening' | 'setPeer' | 'dialNow'>;
  port(): number;
  network(): Promise<OwnNetwork | null>;
  /** The network is not the home one and nobody was asked yet. */
  ask(): void;
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
}

export function createPresence(ports: PresencePorts): Presence {
  const { state } = ports;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = turn.then(task);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    refresh: () => inTurn(() => settle(ports)),
    ensureListening: () =>
      inTurn(async () => {
        state.network = await ports.network();
        const listening = await listenAt(ports, state.network);
        ports.changed();
        return listening;
      }),
  };
}

async function settle(ports: PresencePorts): Promise<void> {
  const { state, sessions } = ports;
  const before = state.home;
  state.network = await ports.network();
  state.home = state.paired === null ? 'unpaired' : homeNetwork(state.paired, state.network);
  const isHome = state.home === 'home' || state.home === 'trusted';
  const wasHome = before === 'home' || before === 'trusted';
  if (wasHome && !isHome) ports.sayBye();
  if (isHome || pairs(state)) await listenAt(ports, state.network);
  else await fallSilent(ports);
  sessions.setPeer(isHome ? state.paired : null);
  if (state.home === 'other' && before !== 'other') ports.ask();
  ports.announce();
  ports.changed();
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
