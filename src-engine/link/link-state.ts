import type { TandemError } from '../../src-shared/errors/result.ts';
import type { ByeReason, OwnLink, Pairing } from '../../src-shared/world/peer.ts';
import type { Moved, SendError } from './link-facts.ts';
import type { Told } from './peer-slice.ts';
import type { HomeNetwork } from './network/home-network.ts';
import type { Identity, OwnNetwork, PairedPeer } from './ports.ts';

/** What the parts of the link room know together. Each field is written by the part that its comment names. */
export interface LinkState {
  readonly identity: Identity;
  /** peer-keeper */
  paired: PairedPeer | null;
  /** presence */
  network: OwnNetwork | null;
  home: HomeNetwork | 'unpaired';
  listening: { readonly address: string; readonly port: number } | null;
  /** presence: why it does not listen; the session: who was refused. */
  problem: TandemError | null;
  /** The pairing room. */
  pairing: Pairing | null;
  /** link-events: the other Mac's last STATUS. */
  told: Told | null;
  moved: Moved | null;
  sendError: SendError | null;
  bye: ByeReason | null;
  /** The hardware address of the other Mac from when all was well. */
  peerMac: string | null;
  /** Did the router answer while all was well? Null: not asked yet. */
  gatewayAnswers: boolean | null;
  /** The trace that is written. */
  recording: string | null;
}

export function newLinkState(identity: Identity, paired: PairedPeer | null): LinkState {
  return {
    identity,
    paired,
    network: null,
    home: 'unpaired',
    listening: null,
    problem: null,
    pairing: null,
    told: null,
    moved: null,
    sendError: null,
    bye: null,
    peerMac: null,
    gatewayAnswers: null,
    recording: null,
  };
}

/** The World's `link`. */
export function ownLinkSlice(state: LinkState): OwnLink {
  const { listening, network } = state;
  return {
    pin: state.identity.pin,
    listening: listening === null ? null : `${listening.address}:${listening.port}`,
    problem:
      state.problem === null ? null : { code: state.problem.code, params: { ...state.problem.params } },
    network: state.home,
    router: network?.gatewayMac ?? network?.gateway ?? null,
    pairing: state.pairing,
    recording: state.recording,
  };
}
