import { unknownFacts } from '../beat/beat-body.ts';
import type { BeatFacts } from '../ports.ts';
import { noLooks, type Look, type Looks } from './looks.ts';

/** What tests of the classification start from. */

export function look<O>(outcome: O, detail: string | null = null): Look<O> {
  return { outcome, ms: 3, detail };
}

/** All is well and nothing was looked at. */
export const well: Looks = {
  ...noLooks,
  platform: 'linux',
  decideMs: 2500,
  suspectMs: 1250,
  silentMs: 120,
  freshBeats: true,
  echoStalledMs: 150,
  ownPauseMs: null,
  resumedAgoMs: null,
  bye: null,
  sessionUp: true,
  ownSendError: null,
  addressChanged: null,
  neverSeen: false,
  peerFacts: unknownFacts,
  tunnel: null,
  gatewayUsuallyAnswers: null,
};

/** The peer is silent and no probe has answered; this Mac's own network is in order. */
export const black: Looks = {
  ...well,
  silentMs: 2500,
  freshBeats: false,
  echoStalledMs: null,
  ownInterface: look('up', 'eth0 192.0.2.7'),
  gatewayPresent: true,
  gatewayAddress: '192.0.2.1',
  gatewayPing: look('ok'),
  gatewaySocket: look('refused'),
  appPort: look('timeout'),
  secondPort: look('timeout'),
  peerPing: look('timeout'),
  arp: 'incomplete',
};
export const routerless: Looks = { ...black, gatewayPresent: false, gatewayPing: null, gatewaySocket: null };
export const routerSilent: Looks = { ...black, gatewayPing: look('timeout'), gatewaySocket: look('timeout') };

export const told = (facts: Partial<BeatFacts>): BeatFacts => ({ ...unknownFacts, ...facts });
