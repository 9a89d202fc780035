import type { BreakClass, Evidence, Likely } from '../../../src-shared/world/peer.ts';
import { evidence, type EvidenceKind, type SleepHint } from './evidence-kinds.ts';
import { gatewayAlive, pingChildOk, type Looks } from './looks.ts';

/** More is cut: the World's limit (evidenceSchema's list). */
const MOST = 24;

/** Everything that was seen, in one order: of the peer first, then of this Mac. Unknown is left out. */
export function gatherEvidence(looks: Looks): readonly Evidence[] {
  return [...ofWords(looks), ...ofBeats(looks), ...ofPorts(looks), ...ofHost(looks), ...ofSelf(looks)].slice(
    0,
    MOST,
  );
}

/** What the other Mac said itself. */
function ofWords(looks: Looks): Evidence[] {
  const told = looks.peerFacts;
  const found: Evidence[] = [];
  if (looks.bye !== null) found.push(evidence('peer/peer/bye/said', null, looks.bye));
  for (const hint of sleepHintsOf(looks)) found.push(evidence('peer/peer/sleep/said', null, hint));
  if (told?.apiOk === false) found.push(evidence('peer/peer/api/error'));
  if (told?.gatewayOk === false) found.push(evidence('peer/peer/gateway/silent'));
  if (told?.tunnelOk === false) found.push(evidence('peer/peer/tunnel/error'));
  const { tunnel } = looks;
  if (tunnel !== null && ['connecting', 'error'].includes(tunnel.state))
    found.push(
      evidence(
        tunnel.by === 'self' ? 'self/self/tunnel/error' : 'peer/peer/tunnel/error',
        null,
        tunnel.state,
      ),
    );
  return found;
}

function sleepHintsOf({ peerFacts }: Looks): readonly SleepHint[] {
  if (peerFacts === null) return [];
  const hints: SleepHint[] = [];
  if (peerFacts.batteryPercent !== null && peerFacts.batteryPercent <= 5 && peerFacts.onAC !== true)
    hints.push('batteryEmpty');
  if (peerFacts.lidClosed === true) hints.push('lidClosed');
  if (peerFacts.sleepSoon === true) hints.push('sleepSoon');
  return hints;
}

function ofBeats(looks: Looks): Evidence[] {
  const found: Evidence[] = [];
  if (looks.neverSeen && looks.freshBeats !== true) found.push(evidence('peer/self/heartbeat/missing'));
  else if (looks.freshBeats === true) found.push(evidence('peer/self/heartbeat/ok', looks.silentMs));
  else if (looks.silentMs !== null)
    found.push(
      evidence('peer/self/heartbeat/silent', looks.silentMs, looks.appPort?.outcome === 'ok' ? 'UDP' : null),
    );
  if (looks.freshBeats === true && looks.echoStalledMs !== null)
    found.push(
      looks.echoStalledMs > looks.suspectMs
        ? evidence('peer/self/echo/stalled', looks.echoStalledMs)
        : evidence('peer/self/echo/ok', looks.echoStalledMs),
    );
  if (looks.sessionUp !== null && !looks.neverSeen)
    found.push(evidence(looks.sessionUp ? 'peer/self/session/ok' : 'peer/self/session/closed'));
  return found;
}

function ofPorts(looks: Looks): Evidence[] {
  const found: Evidence[] = [];
  const { appPort, secondPort, apiReady } = looks;
  if (appPort !== null)
    found.push(evidence(`peer/self/appPort/${appPort.outcome}`, appPort.ms, appPort.detail));
  // A reset or a broken answer there is no more than a sign of life.
  if (secondPort !== null)
    found.push(
      evidence(
        `peer/self/secondPort/${secondPort.outcome === 'error' ? 'ok' : secondPort.outcome}`,
        secondPort.ms,
        secondPort.detail,
      ),
    );
  if (apiReady !== null && apiReady.outcome !== 'denied')
    found.push(evidence(`peer/self/api/${apiReady.outcome}`, apiReady.ms, apiReady.detail));
  return found;
}

function ofHost(looks: Looks): Evidence[] {
  const found: Evidence[] = [];
  if (looks.peerPing !== null)
    found.push(evidence(`peer/self/ping/${looks.peerPing.outcome}`, looks.peerPing.ms));
  if (looks.arp !== null) found.push(evidence(arpKinds[looks.arp]));
  if (looks.addressChanged !== null)
    found.push(
      evidence(
        looks.addressChanged.who === 'self' ? 'self/self/address/changed' : 'peer/self/address/changed',
        looks.addressChanged.agoMs,
        `${looks.addressChanged.from} > ${looks.addressChanged.to}`,
      ),
    );
  return found;
}

const arpKinds: Readonly<Record<'fresh' | 'incomplete' | 'otherMac', EvidenceKind>> = {
  fresh: 'peer/self/arp/ok',
  incomplete: 'peer/self/arp/missing',
  otherMac: 'peer/self/arp/changed',
};

function ofSelf(looks: Looks): Evidence[] {
  const found: Evidence[] = [];
  if (looks.ownPauseMs !== null && looks.ownPauseMs > 0)
    found.push(evidence('self/self/ticks/stalled', looks.ownPauseMs));
  if (looks.ownSendError !== null)
    found.push(
      evidence(
        ['EPERM', 'EACCES'].includes(looks.ownSendError)
          ? 'self/self/interface/denied'
          : 'self/self/interface/unreachable',
        null,
        looks.ownSendError,
      ),
    );
  if (looks.ownInterface !== null)
    found.push(
      looks.ownInterface.outcome === 'up'
        ? evidence('self/self/interface/ok', null, looks.ownInterface.detail)
        : evidence('self/self/interface/missing'),
    );
  found.push(...ofRouter(looks));
  if (looks.neighbours !== null) {
    const { answered, asked } = looks.neighbours;
    found.push(
      evidence(
        answered > 0 ? 'self/self/neighbours/ok' : 'self/self/neighbours/silent',
        null,
        `${String(answered)}/${String(asked)}`,
      ),
    );
  }
  return found;
}

function ofRouter(looks: Looks): Evidence[] {
  if (looks.gatewayPresent === false) return [evidence('self/self/gateway/missing')];
  const alive = gatewayAlive(looks);
  if (alive === null) return [];
  if (!alive) return [evidence('self/self/gateway/silent', null, looks.gatewayAddress)];
  if (looks.platform === 'darwin' && pingChildOk(looks))
    return [evidence('self/self/gateway/denied', null, looks.gatewayAddress)];
  const answers = [looks.gatewayPing, looks.gatewaySocket]
    .filter((look) => look !== null && ['ok', 'refused', 'error'].includes(look.outcome))
    .map((look) => look?.ms ?? 0);
  return [evidence('self/self/gateway/ok', Math.min(...answers), looks.gatewayAddress)];
}

/** What tells most of each class, by `ABOUT/PROBE`; the rest follows in the usual order. */
const leads: Readonly<Record<BreakClass, readonly string[]>> = {
  SELF_OFFLINE: ['self/interface', 'self/address'],
  SELF_OR_ROUTER_DOWN: ['self/gateway', 'self/neighbours', 'self/interface'],
  LOCAL_NETWORK_DENIED: ['self/gateway', 'peer/appPort', 'peer/ping', 'self/interface'],
  LEFT: ['peer/bye'],
  APP_CRASHED: ['peer/appPort', 'peer/session', 'peer/secondPort', 'peer/ping', 'peer/heartbeat'],
  APP_HUNG: ['peer/appPort', 'peer/secondPort', 'peer/ping', 'peer/heartbeat'],
  PORT_BLOCKED: ['peer/heartbeat', 'peer/appPort', 'peer/secondPort', 'peer/ping', 'peer/arp', 'peer/api'],
  PEER_UNREACHABLE: [
    'peer/heartbeat',
    'peer/appPort',
    'peer/secondPort',
    'peer/ping',
    'peer/arp',
    'self/gateway',
  ],
  ONE_WAY: ['peer/echo', 'peer/heartbeat', 'peer/gateway'],
  API_SERVER_DOWN: ['peer/api'],
  TUNNEL_DOWN: ['peer/tunnel', 'self/tunnel'],
  SELF_PAUSED: ['self/ticks'],
  ROAMED: ['self/address', 'peer/address'],
  NEVER_SEEN: ['peer/heartbeat', 'peer/appPort', 'peer/ping'],
};

/** A likely cause is told before all, where it has evidence of its own. */
const likelyLeads: Readonly<Record<Likely, readonly string[]>> = {
  asleep: ['peer/sleep', 'peer/arp'],
  batteryEmpty: ['peer/sleep'],
  clientIsolation: ['self/neighbours'],
  hostDown: [],
  partition: [],
};

/** Orders what was seen, the most telling of a class first. */
export function leadWith(
  seen: readonly Evidence[],
  found: BreakClass,
  likely: Likely | null,
): readonly Evidence[] {
  // "Silent for 2.5 s" opens a break without an answer; its likely cause comes next.
  const [first = '', ...rest] = leads[found];
  const order = [first, ...(likely === null ? [] : likelyLeads[likely]), ...rest];
  const rank = (item: Evidence): number => {
    const at = order.indexOf(`${item.about}/${item.probe}`);
    return at === -1 ? order.length : at;
  };
  return [...seen].sort((a, b) => rank(a) - rank(b));
}
