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
  /** presence: why it does not listen. */
  listenProblem: TandemError | null;
  /** link-events: why datagrams cannot be heard, and why the other Mac was refused. */
  socketProblem: TandemError | null;
  peerProblem: TandemError | null;
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
    listenProblem: null,
    socketProblem: null,
    peerProblem: null,
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
  const problem = state.listenProblem ?? state.socketProblem ?? state.peerProblem;
  return {
    pin: state.identity.pin,
    listening: listening === null ? null : `${listening.address}:${listening.port}`,
    problem: problem === null ? null : { code: problem.code, params: { ...problem.params } },
    network: state.home,
    router: network?.gatewayMac ?? network?.gateway ?? null,
    pairing: state.pairing,
    recording: state.recording,
  };
}
